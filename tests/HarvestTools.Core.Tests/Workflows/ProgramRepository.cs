using HarvestTools.Files;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>A repository whose definition is a program in Python, with a list of trusted programs of its own.</summary>
internal sealed class ProgramRepository : IDisposable
{
    /// <summary>Tests that run programs do so one after another: some look for what a run leaves in the system's temporary folder.</summary>
    public const string Runs = "runs of programs";

    /// <summary>A filter with a parameter: rows of the annotations that have enough regions.</summary>
    public const string Program = """
        import argparse, csv, json, os
        parser = argparse.ArgumentParser()
        parser.add_argument("--out")
        parser.add_argument("--params")
        parser.add_argument("exports", nargs="*")
        arguments = parser.parse_args()
        least = json.load(open(arguments.params))["preprocess"]["min"]
        rows = []
        for path in arguments.exports:
            for task in json.load(open(path)):
                for annotation in task.get("annotations") or []:
                    if len(annotation["result"]) >= least:
                        rows.append([task["id"], annotation["id"], len(annotation["result"])])
        with open(os.path.join(arguments.out, "counts.csv"), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["task_id", "annotation_id", "regions"])
            writer.writerows(sorted(rows))

        """;

    private readonly TemporaryRepository _temporary = new();
    private readonly string _trust = Directory.CreateTempSubdirectory("harvest-trust-").FullName;

    public ProgramRepository()
    {
        Assert.SkipWhen(ProgramPath.Find("python3", Environment.GetEnvironmentVariable("PATH")) is null, "python3 is not installed.");
        Define();
        _temporary.WriteText("harvest.py", Program);
        _temporary.WriteText("requirements.lock", "none\n");
        _temporary.WriteText("labels.txt", "hand\n");
        _temporary.WriteText("params.yaml", "preprocess:\n  min: 1\n");
        _temporary.WriteText("a.json", Export(6));
        AddExport.Run(_temporary.Repository, _temporary.PathOf("a.json"), "a", _temporary.Context);
    }

    /// <summary>Tasks with one annotation each, of one region and one more a task.</summary>
    public static string Export(int tasks) => $"[{string.Join(',', Enumerable.Range(1, tasks).Select(static task => Task(task)))}]";

    /// <summary>Tasks with one annotation each, in another project, by another person.</summary>
    public static string Export(int first, int tasks, int project, int annotator) => $"[{string.Join(',', Enumerable.Range(first, tasks).Select(task => Task(task, project, annotator)))}]";

    private static string Task(int id, int project = 4, int annotator = 7) => $$"""
        {"id":{{id}},"data":{"image":"/data/upload/4/e1/frame_{{id}}.jpg"},"created_at":"2026-05-01T08:00:00Z","updated_at":"2026-05-01T08:00:00Z","project":{{project}},
         "annotations":[{"id":{{100 + id}},"completed_by":{{annotator}},"was_cancelled":false,"created_at":"2026-05-01T08:00:00Z","updated_at":"2026-05-01T08:00:00Z",
          "result":[{{string.Join(',', Enumerable.Range(1, id).Select(region => Region($"r{id}_{region}", region)))}}]}]}
        """;

    private static string Region(string id, int y) => $$"""
        {"id":"{{id}}","from_name":"kp","to_name":"image","type":"keypointlabels","original_width":100,"original_height":100,"value":{"x":10,"y":{{y}},"width":1,"keypointlabels":["wrist"]} }
        """;

    public string Folder => _temporary.Folder;

    public WorkContext Context => _temporary.Context;

    public string TrustFolder => _trust;

    public TrustList Trust => new(_trust);

    public Repository Repository
    {
        get
        {
            Repository repository = _temporary.Repository;
            repository.TrustPrograms = false;
            repository.Trust = Trust;
            return repository;
        }
    }

    /// <summary>
    /// A row for each annotation: the episode is e and the remainder of the task by two, the frame is the task, the origin of what two divides
    /// is prediction.
    /// </summary>
    public const string Episodes = """
        import csv, json, os, sys
        rows = []
        for path in sys.argv[2:]:
            for task in json.load(open(path)):
                for annotation in task["annotations"]:
                    rows.append([task["id"], annotation["id"], "e%d" % (task["id"] % 2), task["id"], task["data"]["image"], "prediction" if task["id"] % 2 == 0 else "manual", len(annotation["result"])])
        with open(os.path.join(sys.argv[1], "rows.csv"), "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["task_id", "annotation_id", "episode", "frame", "medium", "origin", "regions"])
            writer.writerows(sorted(rows))

        """;

    /// <summary>Has <see cref="Episodes"/> derive from the export of project a, tasks 1 to 6 by person 7, and one of project b, 11 to 13 by 8.</summary>
    public void DefineEpisodes(string program = Episodes, string more = ", \"keys\": [\"task_id\"]", string version = "v1.0.0")
    {
        _temporary.WriteText("harvest.json", $$"""
            { "harvest": { "name": "harvest", "version": "{{version}}", "kind": "program", "run": ["python3", "harvest.py", "{out}", "{exports}"], "code": ["harvest.py"],
              "tables": ["*.csv"]{{more}} } }
            """);
        _temporary.WriteText("harvest.py", program);
        if (!File.Exists(_temporary.PathOf("b.json")))
        {
            _temporary.WriteText("b.json", Export(11, 3, 5, 8));
            AddExport.Run(_temporary.Repository, _temporary.PathOf("b.json"), "b", _temporary.Context);
        }
    }

    /// <summary>Every folder of a run that is there now.</summary>
    public static string[] RunFolders() => Directory.GetDirectories(Path.GetTempPath(), "harvest-run-*");

    public void Define(string more = "") => _temporary.WriteText("harvest.json", $$"""
        { "harvest": { "name": "harvest", "version": "v1.0.0", "kind": "program",
          "run": ["python3", "harvest.py", "--out", "{out}", "--params", "{params}", "{exports}"],
          "code": ["harvest.py"], "environment": ["requirements.lock"], "inputs": ["labels.txt"], "params": ["params.yaml:preprocess"],
          "tables": ["*.csv"]{{more}} } }
        """);

    public void Write(string path, string text) => _temporary.WriteText(path, text);

    public void TrustCurrent() => TrustProgram.Run(Repository, null, Context);

    public NewSliceResult New(string version, string? parent = null)
    {
        TrustCurrent();
        return NewSlice.Run(Repository, new NewSliceRequest(version) { Parent = parent }, Context);
    }

    public void Dispose()
    {
        Directory.Delete(_trust, recursive: true);
        _temporary.Dispose();
    }
}
