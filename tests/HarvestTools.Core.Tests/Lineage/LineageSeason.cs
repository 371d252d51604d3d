using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lineage;

/// <summary>What of an annotation is in an export's rows.</summary>
/// <param name="Project">The export's project.</param>
/// <param name="Export">The export's number.</param>
/// <param name="Task">The task.</param>
/// <param name="Id">The annotation.</param>
/// <param name="Annotator">Whose it is.</param>
/// <param name="Episode">The task's episode, with its folder.</param>
/// <param name="Medium">The task's image.</param>
/// <param name="Rows">The rows that it is in, also where another's id is in them.</param>
/// <param name="Leads">Whether its id is in them.</param>
/// <param name="Corrected">Those that it, or the one it agrees with, says a person drew or changed.</param>
/// <param name="Rejected">Rows of the table of what was dropped.</param>
internal sealed record TrueAnnotation(
    string Project, int Export, long Task, long Id, long Annotator, string Episode, string Medium, int Rows, bool Leads, int Corrected, int Rejected);

/// <summary>
/// Weeks of made exports of two projects with known truth: who labelled what, with whom they agree, what is dropped, and which
/// slices have it. The truth is written down beside the export, and nothing of the engine is asked for it.
/// </summary>
internal sealed class LineageSeason : IDisposable
{
    private static readonly long[] s_people = [3, 5, 7, 11, 13];
    private static readonly string[] s_origins = ["manual", "prediction", "prediction-changed"];

    private readonly Random _random;
    private readonly Dictionary<(string Project, long Task), JsonObject> _tasks = [];
    private readonly Dictionary<(string Project, long Task), List<TrueAnnotation>> _truth = [];
    private long _next = 1000;
    private int _exports;

    public LineageSeason(int seed)
    {
        _random = new Random(seed);
        Export("a", from: 1, to: 14);
        Export("b", from: 1, to: 8);
        Slice("v1");
        Export("a", from: 10, to: 20);
        Slice("v2");
        Export("b", from: 5, to: 12);
        Slice("v3");
        Export("a", from: 18, to: 26);
        Slice("v4");
    }

    public TemporaryRepository Repository { get; } = new();

    /// <summary>The annotations of each slice, by version.</summary>
    public Dictionary<string, List<TrueAnnotation>> Slices { get; } = new(StringComparer.Ordinal);

    private Dictionary<string, (int Number, List<TrueAnnotation> Truth)> Newest { get; } = new(StringComparer.Ordinal);

    public void Dispose() => Repository.Dispose();

    /// <summary>Labels some tasks, those that are labelled already once more, and exports all of the project.</summary>
    private void Export(string project, int from, int to)
    {
        int number = ++_exports;
        for (int task = from; task <= to; task++)
        {
            Label(project, task, number);
        }

        string text = new JsonArray([.. _tasks.Where(entry => entry.Key.Project == project).OrderBy(static entry => entry.Key.Task).Select(static entry => entry.Value.DeepClone())]).ToJsonString();
        string path = Repository.WriteText($"exports/{project}{number}.json", text);
        AddExport.Run(Repository.Repository, path, project, Repository.Context);
        Newest[project] = (number, [.. _truth.Where(entry => entry.Key.Project == project).SelectMany(static entry => entry.Value).Select(one => one with { Export = number })]);
    }

    private void Slice(string version)
    {
        Repository.New(version);
        Slices[version] = [.. Newest.Values.SelectMany(static export => export.Truth)];
    }

    private void Label(string project, long task, int number)
    {
        int points = _random.Next(1, 4);
        string episode = $"ep{task % 5}";
        string medium = $"/data/{project}/f{task}.jpg";
        long[] people = [.. s_people.OrderBy(_ => _random.Next()).Take(2)];
        (long first, long second) = (_next++, _next++);
        string[] origins = [s_origins[_random.Next(3)], s_origins[_random.Next(3)]];
        bool firstChanged = origins[0] != "prediction";
        bool secondChanged = origins[1] != "prediction";
        TrueAnnotation One(long id, long annotator, int rows, bool leads, int corrected, int rejected) =>
            new(project, number, task, id, annotator, $"pour/{episode}", medium, rows, leads, corrected, rejected);
        (JsonNode[] annotations, List<TrueAnnotation> truth) = _random.Next(5) switch
        {
            // One alone.
            0 => (new JsonNode[] { Annotation(first, people[0], points, 0, origins[0]) }, [One(first, people[0], points, true, firstChanged ? points : 0, 0)]),

            // Skipped, with its regions.
            1 => ([Annotation(first, people[0], points, 0, origins[0], cancelled: true)], [One(first, people[0], 0, true, 0, 1)]),

            // Two who are far apart.
            2 => ([Annotation(first, people[0], points, 0, origins[0]), Annotation(second, people[1], points, 30, origins[1])],
                [One(first, people[0], 0, true, 0, points), One(second, people[1], 0, true, 0, points)]),

            // Two who agree: the rows have the first one's id and origin. What only the second changed is the second's correction.
            _ => (
                new JsonNode[] { Annotation(first, people[0], points, 0, origins[0]), Annotation(second, people[1], points, 0, origins[1]) },
                new List<TrueAnnotation>
                {
                    One(first, people[0], points, true, firstChanged ? points : 0, 0),
                    One(second, people[1], points, false, firstChanged || secondChanged ? points : 0, 0),
                }),
        };
        _tasks[(project, task)] = new JsonObject
        {
            ["id"] = task,
            ["data"] = new JsonObject { ["image"] = medium, ["task_subdir"] = "pour", ["episode"] = episode, ["frame"] = task },
            ["project"] = project == "a" ? 1 : 2,
            ["annotations"] = new JsonArray(annotations),
        };
        _truth[(project, task)] = truth;
    }

    private static JsonObject Annotation(long id, long annotator, int points, double moved, string origin, bool cancelled = false) => new()
    {
        ["id"] = id,
        ["completed_by"] = annotator,
        ["was_cancelled"] = cancelled,
        ["ground_truth"] = false,
        ["updated_at"] = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(id).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        ["result"] = new JsonArray([.. Enumerable.Range(0, points).Select(point => new JsonObject
        {
            ["id"] = $"r{id}_{point}",
            ["type"] = "keypointlabels",
            ["from_name"] = "kp",
            ["to_name"] = "image",
            ["origin"] = origin,
            ["original_width"] = 1000,
            ["original_height"] = 1000,
            ["value"] = new JsonObject { ["x"] = 10 + (15 * point) + moved, ["y"] = 20, ["width"] = 0.5, ["keypointlabels"] = new JsonArray($"joint_{point}") },
        })]),
    };
}
