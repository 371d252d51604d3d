using System.Diagnostics;
using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Faults;

/// <summary>Repositories that have, between them, every kind of file.</summary>
internal static class FlippedRepositories
{
    private static readonly TransferRequest s_everything = new() { Transfers = 1, Tables = true, Media = true };

    /// <summary>Exports as they were added, slices, a model in production, an eval set, a report.</summary>
    public static FaultRepository Loose()
    {
        FaultRepository made = FaultRepository.Create();
        Write(made, "exports/a.json", ExportPlan.ForTasks(SampleKind.Body, 3));
        Write(made, "exports/b.json", ExportPlan.ForTasks(SampleKind.Hands, 4, predictedShare: 0.5));
        File.WriteAllText(made.PathOf("eval.csv"), "episode_id\nx\n");
        File.WriteAllText(made.PathOf("model.bin"), "weights of a model");
        Add(made, "a");
        _ = NewSlice.Run(made.Repository, new NewSliceRequest("v1"), made.Context);
        Add(made, "b");
        _ = NewSlice.Run(made.Repository, new NewSliceRequest("v2") { Reason = "more hands", Parent = "v1" }, made.Context);
        _ = PinEvalSet.Run(made.Repository, made.PathOf("eval.csv"), "v2", made.Context);
        _ = RegisterModel.Run(
            made.Repository,
            new ModelRegistration("v2", "m") { Path = made.PathOf("model.bin"), Metrics = new Dictionary<string, double> { ["f1"] = 0.5 } },
            made.Context);
        _ = PromoteModel.Run(made.Repository, "m", null, "better than none", made.Context);
        _ = WriteReport.Run(made.Repository, made.PathOf("report.html"), ReportCheck.None, made.Context);
        Commit(made);
        return made;
    }

    /// <summary>
    /// Exports that are packed, media, and a remote that has all of it; besides an export that was removed, and two that wait for it, one
    /// of them packed; here and in the remote.
    /// </summary>
    public static FaultRepository Packed()
    {
        FaultRepository made = FaultRepository.Create();
        Directory.CreateDirectory(made.PathOf("share"));
        (made.Repository.Settings with
        {
            Remotes = [new RemoteSettings { Name = "origin", Url = "share" }],
            Media = [new MediaRoot("s3://b/", "raw")],
        }).Write(made.Repository.SettingsPath);
        AddWeeks(made);
        AddMedia(made);
        _ = NewSlice.Run(made.Repository, new NewSliceRequest("v1") { Media = true }, made.Context);
        using (PackExports packing = PackExports.Begin(made.Repository, [], made.Context))
        {
            foreach (PackTarget target in packing.Targets)
            {
                packing.Pack(target, made.Context);
            }
        }

        Remove(made, "old", packed: false, toTheEnd: true);
        Remove(made, "packed", packed: true, toTheEnd: false);
        Remove(made, "loose", packed: false, toTheEnd: false);
        TransferResult pushed = PushSlices.Run(made.Repository, s_everything, made.Context);
        Assert.All(pushed.Items, static item => Assert.Null(item.Error));
        Commit(made);
        return made;
    }

    private static void AddWeeks(FaultRepository made)
    {
        for (int week = 0; week < 3; week++)
        {
            Write(made, "exports/weeks.json", ExportPlan.ForTasks(SampleKind.Body, 12) with { Relabelled = [1 + week] });
            Add(made, "weeks");
        }
    }

    private static void AddMedia(FaultRepository made)
    {
        Directory.CreateDirectory(made.PathOf("raw"));
        File.WriteAllText(made.PathOf("raw/1.jpg"), "one");
        File.WriteAllText(made.PathOf("raw/2.jpg"), "two");
        string tasks = string.Join(',', new[] { 1, 2 }.Select(static i => $$$"""
            {"id":{{{i}}},"project":5,"data":{"image":"s3://b/{{{i}}}.jpg"},"predictions":[],"drafts":[],"annotations":[{"id":{{{i + 10}}},"completed_by":1,"was_cancelled":false,"ground_truth":false,"result":[{"id":"r{{{i}}}","type":"keypointlabels","from_name":"kp","to_name":"image","original_width":100,"original_height":100,"value":{"x":1,"y":2,"width":1,"keypointlabels":["a"]}}]}]}
            """));
        File.WriteAllText(made.PathOf("exports/media.json"), $"[{tasks}]");
        Add(made, "media");
    }

    /// <summary>Adds two exports of a project, of which nothing is known any more, and has the removal take them aside.</summary>
    private static void Remove(FaultRepository made, string project, bool packed, bool toTheEnd)
    {
        var hashes = new List<string>();
        for (int week = 0; week < 2; week++)
        {
            Write(made, $"exports/{project}.json", ExportPlan.ForTasks(SampleKind.Hands, 6 + project.Length) with { Relabelled = [1 + week] });
            hashes.Add(Add(made, project).Sha256);
        }

        LocalObjectStore store = made.Repository.Archive.Local;
        if (packed)
        {
            using PackExports packing = PackExports.Begin(made.Repository, [project], made.Context);
            foreach (PackTarget target in packing.Targets)
            {
                packing.Pack(target, made.Context);
            }
        }

        foreach (string sha256 in hashes)
        {
            store.Unreachable.Put(packed ? store.Packs.Find(sha256)! : store.PathOf(sha256), new DateOnly(2026, 5, 4));
            File.Delete(Assert.Single(Directory.GetFiles(made.PathOf(".harvest/archive/exports"), $"*{sha256}.json")));
        }

        File.Delete(made.PathOf($"exports/{project}.json"));
        if (toTheEnd)
        {
            _ = RemoveUnreachable.Run(made.Repository, new UnreachableRequest(), made.Context with { Clock = new Later(60) });
            Assert.NotNull(made.Repository.Archive.RemovedByRetention(hashes[0]));
        }
    }

    private static void Commit(FaultRepository made)
    {
        // Slices are committed as soon as they are made: what was committed is what a slice is held against.
        Git(made, "init -q --template=");
        Git(made, "add -A");
        Git(made, "-c user.name=t -c user.email=t@example.com -c commit.gpgsign=false commit -q -m slices");
    }

    private static void Git(FaultRepository made, string arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = made.Folder })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    private static AddedExport Add(FaultRepository made, string project) =>
        AddExport.Run(made.Repository, made.PathOf($"exports/{project}.json"), project, made.Context);

    private static void Write(FaultRepository made, string relative, ExportPlan plan)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(made.PathOf(relative))!);
        using FileStream file = File.Create(made.PathOf(relative));
        ExportGenerator.Write(file, plan);
    }

    private sealed class Later(int days) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 5, 4, 8, 0, 0, TimeSpan.Zero).AddDays(days);
    }
}
