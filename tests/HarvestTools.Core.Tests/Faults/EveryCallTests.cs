using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Samples;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Faults;

/// <summary>
/// Each call that a command makes of the file system fails in turn, or is the last before the process dies. After each the
/// repository is whole, the error is the file system's, and the same command then gives what it gives undisturbed.
/// </summary>
public sealed partial class EveryCallTests : IDisposable
{
    private readonly FaultRepository _template = FaultRepository.Create();

    public EveryCallTests()
    {
        Write("exports/a.json", ExportPlan.ForTasks(SampleKind.Body, 3));
        Write("exports/b.json", ExportPlan.ForTasks(SampleKind.Hands, 4));
        File.WriteAllText(_template.PathOf("eval.csv"), "episode_id\nx\n");
        File.WriteAllText(_template.PathOf("model.bin"), "weights");
    }

    public void Dispose() => _template.Dispose();

    [Fact]
    public void Of_add() => Each(1, static at => AddExport.Run(at.Repository, at.PathOf("exports/a.json"), "a", at.Context));

    [Fact]
    public void Of_add_to_what_is_there()
    {
        Add(_template, "a");
        Each(1, static at => Add(at, "b"));
    }

    [Fact]
    public void Of_new()
    {
        Add(_template, "a");
        Each(1, static at => NewSlice.Run(at.Repository, new NewSliceRequest("v1"), at.Context), done: "SliceExists");
    }

    [Fact]
    public void Of_new_after_another()
    {
        Add(_template, "a");
        New(_template, "v1");
        Add(_template, "b");
        Each(5, static at => New(at, "v2"), done: "SliceExists");
    }

    /// <summary>So many that they are derived side by side, and get their places together.</summary>
    [Fact]
    public void Of_new_of_many_small_exports()
    {
        for (int i = 0; i < 9; i++)
        {
            Write($"exports/s{i}.json", ExportPlan.ForTasks(SampleKind.Body, 1) with { Seed = (ulong)i + 7, ProjectId = 50 + i });
            AddExport.Run(_template.Repository, _template.PathOf($"exports/s{i}.json"), $"s{i}", _template.Context);
        }

        Each(67, static at => New(at, "v1"), done: "SliceExists");
    }

    [Fact]
    public void Of_build_without_a_cache()
    {
        Add(_template, "a");
        New(_template, "v1");
        Directory.Delete(_template.PathOf(".harvest/cache"), recursive: true);
        Each(5, static at => BuildSlice.Run(at.Repository, at.Repository.Slices.Load("v1"), at.Context));
    }

    [Fact]
    public void Of_build_with_a_cache()
    {
        Add(_template, "a");
        New(_template, "v1");
        Each(5, static at => BuildSlice.Run(at.Repository, at.Repository.Slices.Load("v1"), at.Context));
    }

    [Fact]
    public void Of_register()
    {
        Add(_template, "a");
        New(_template, "v1");
        Each(5, static at => RegisterModel.Run(
            at.Repository,
            new ModelRegistration("v1", "m") { Path = at.PathOf("model.bin"), Metrics = new Dictionary<string, double> { ["f1"] = 0.5 } },
            at.Context));
    }

    [Fact]
    public void Of_pin_eval()
    {
        Add(_template, "a");
        New(_template, "v1");
        Each(5, static at => PinEvalSet.Run(at.Repository, at.PathOf("eval.csv"), "v1", at.Context));
    }

    [Fact]
    public void Of_restore()
    {
        Add(_template, "a");
        File.Delete(_template.PathOf("exports/a.json"));
        Each(5, static at => RestoreExport.Run(at.Repository, RestoreExport.Plan(at.Repository, "a", to: null)[0], force: false, at.Context));
    }

    [Fact]
    public void Of_import_dvc()
    {
        string export = Md5(_template.PathOf("exports/a.json"));
        File.WriteAllText(_template.PathOf("rows.sh"), "cp \"$1\" \"$2\"\n");
        File.WriteAllText(_template.PathOf("rows.csv"), "n\n1\n");
        File.WriteAllText(_template.PathOf("dvc.yaml"), "stages:\n  rows:\n    cmd: sh rows.sh exports/a.json rows.csv\n    deps: [rows.sh, exports/a.json]\n    outs: [rows.csv]\n");
        File.WriteAllText(
            _template.PathOf("dvc.lock"),
            $"schema: '2.0'\nstages:\n  rows:\n    cmd: sh rows.sh exports/a.json rows.csv\n    deps:\n    - {{ path: exports/a.json, hash: md5, md5: {export} }}\n"
                + $"    - {{ path: rows.sh, hash: md5, md5: {Md5(_template.PathOf("rows.sh"))} }}\n    outs:\n    - {{ path: rows.csv, hash: md5, md5: {Md5(_template.PathOf("rows.csv"))} }}\n");
        Each(5, static at => ImportDvc.Run(at.Repository, new DvcImportRequest(at.PathOf("dvc.yaml")) { Version = "v1" }, at.Context));

        static string Md5(string file) => HarvestTools.Dvc.DvcHash.OfFile(file, ofText: false, default);
    }

    [Fact]
    public void Of_remove()
    {
        Add(_template, "a");
        New(_template, "v1");
        Each(5, static at => RemoveSlice.Run(at.Repository, "v1", at.Context), done: "SliceNotFound");
    }

    [Fact]
    public void Of_push()
    {
        ShareFolder();
        Add(_template, "a");
        New(_template, "v1");
        Each(7, static at => FirstError(PushSlices.Run(at.Repository, s_oneByOne with { Tables = true }, at.Context)));
    }

    [Fact]
    public void Of_pull()
    {
        ShareFolder();
        Add(_template, "a");
        New(_template, "v1");
        PushSlices.Run(_template.Repository, s_oneByOne with { Tables = true }, _template.Context);
        foreach (string file in Directory.EnumerateFiles(_template.PathOf(".harvest"), "*", SearchOption.AllDirectories))
        {
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Directory.Delete(_template.PathOf(".harvest"), recursive: true);
        Each(7, static at => FirstError(PullSlices.Run(at.Repository, s_oneByOne with { Tables = true }, at.Context)));
    }

    [Fact]
    public void Of_new_with_media()
    {
        WriteMedia();
        Each(5, static at => NewSlice.Run(at.Repository, new NewSliceRequest("v1") { Media = true }, at.Context), done: "SliceExists");
    }

    [Fact]
    public void Of_push_and_pull_with_media()
    {
        ShareFolder();
        WriteMedia();
        NewSlice.Run(_template.Repository, new NewSliceRequest("v1") { Media = true }, _template.Context);
        Each(7, static at => FirstError(PushSlices.Run(at.Repository, s_oneByOne with { Media = true }, at.Context)));

        PushSlices.Run(_template.Repository, s_oneByOne with { Media = true }, _template.Context);
        Directory.Delete(_template.PathOf("raw"), recursive: true);
        Each(5, static at => FirstError(PullSlices.Run(at.Repository, s_oneByOne with { Media = true }, at.Context)));
    }

    [Fact]
    public void Of_the_plan_of_an_erasure()
    {
        Add(_template, "a");
        New(_template, "v1");
        Each(7, static at => PlanErasure.Write(at.Repository, SourceQuery.OfAnnotator(1), at.Context));
    }

    [Fact]
    public void Of_the_removal_of_what_is_erased()
    {
        Add(_template, "a");
        New(_template, "v1");
        PlanErasure.Write(_template.Repository, SourceQuery.OfAnnotator(1), _template.Context);
        Each(7, static at => RemoveErased.Run(at.Repository, SourceQuery.OfAnnotator(1), at.Context));
    }

    [Fact]
    public void Of_the_removal_of_what_nothing_needs()
    {
        string needed = Add(_template, "a").Sha256;
        New(_template, "v1");
        LocalObjectStore store = _template.Repository.Archive.Local;
        (string expired, _) = store.AddBytes("nothing needs it, and its days are over"u8);
        store.AddBytes("nothing needs it"u8);
        foreach (string sha256 in new[] { needed, expired })
        {
            store.Unreachable.Put(store.PathOf(sha256), new DateOnly(2026, 1, 1));
        }

        Directory.SetLastWriteTimeUtc(Directory.GetDirectories(_template.PathOf(".harvest/cache")).First(static folder => Path.GetFileName(folder).Length == 64), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Each(3, static at => RemoveUnreachable.Run(at.Repository, new UnreachableRequest(), at.Context));
    }

    [Fact]
    public void Of_the_removal_of_what_nothing_needs_in_a_remote()
    {
        ShareFolder();
        Add(_template, "a");
        New(_template, "v1");
        PushSlices.Run(_template.Repository, s_oneByOne, _template.Context);
        Directory.CreateDirectory(_template.PathOf("share/sha256/aa"));
        File.WriteAllText(_template.PathOf($"share/sha256/aa/{new string('a', 64)}"), "nothing needs it");
        var request = new UnreachableRequest { Remote = "origin" };
        RemoveUnreachable.Run(_template.Repository, request, _template.Context with { Clock = new LongAgo() });
        File.WriteAllText(_template.PathOf($"share/sha256/aa/{"aa".PadRight(64, 'b')}"), "nothing needs it since today");
        Each(5, at =>
        {
            // As if the time of one that was killed had gone by.
            foreach (string sweep in Directory.GetFiles(at.PathOf("share/gc/sweeps")))
            {
                File.SetAttributes(sweep, FileAttributes.Normal);
                File.Delete(sweep);
            }

            return RemoveUnreachable.Run(at.Repository, request, at.Context);
        });
    }

    [Fact]
    public void Of_repair()
    {
        string a = Add(_template, "a").Sha256;
        string b = Add(_template, "b").Sha256;
        New(_template, "v1");
        Overwrite(_template.Repository.Archive.PathOf(a), "damaged");
        ArchiveDelete(_template.Repository.Archive.PathOf(b));
        string record = Directory.GetFiles(_template.PathOf(".harvest/archive/exports"), "a-*.json")[0];
        Overwrite(record, File.ReadAllText(record).Replace("\"a\"", "\"c\"", StringComparison.Ordinal));
        Overwrite(Directory.GetFiles(_template.PathOf(".harvest/cache/parts"), "part.json", SearchOption.AllDirectories)[0], "{}");
        Each(
            5,
            static at =>
            {
                IReadOnlyList<ArchiveFinding> findings = at.Check(repair: true, out bool whole);
                return whole ? null : findings.FirstOrDefault(static finding => finding.RepairFault is not null)?.RepairFault ?? NotMended(findings);
            },
            damaged: true);
    }

    private sealed class LongAgo : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);
    }

    private static HarvestException? NotMended(IReadOnlyList<ArchiveFinding> findings) => new(
        "NotMended", HarvestFault.FileSystem, string.Join("; ", findings.Select(static finding => finding.Message)), "Repair again.");

    // One transfer at a time, so that the calls have one order.
    private static readonly TransferRequest s_oneByOne = new() { Transfers = 1 };

    /// <summary>A remote inside the repository's folder, which is copied and looked at with it.</summary>
    private void ShareFolder()
    {
        Directory.CreateDirectory(_template.PathOf("share"));
        HarvestSettings settings = _template.Repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = "share" }] };
        settings.Write(_template.Repository.SettingsPath);
    }

    /// <summary>Three frames, two of them with the same bytes, and an export whose rows name them.</summary>
    private void WriteMedia()
    {
        string[] names = ["e1/1.jpg", "e1/2.jpg", "e2/1.jpg"];
        Directory.CreateDirectory(_template.PathOf("raw/e1"));
        Directory.CreateDirectory(_template.PathOf("raw/e2"));
        foreach (string name in names)
        {
            File.WriteAllText(_template.PathOf($"raw/{name}"), name.EndsWith("1.jpg", StringComparison.Ordinal) ? "one" : "two");
        }

        (_template.Repository.Settings with { Media = [new MediaRoot("s3://b/", "raw")] }).Write(_template.Repository.SettingsPath);
        string tasks = string.Join(',', names.Select(static (name, i) => $$$"""
            {"id":{{{i + 1}}},"project":5,"data":{"image":"s3://b/{{{name}}}"},"predictions":[],"drafts":[],"annotations":[{"id":{{{i + 10}}},"completed_by":1,"was_cancelled":false,"ground_truth":false,"result":[{"id":"r{{{i}}}","type":"keypointlabels","from_name":"kp","to_name":"image","original_width":100,"original_height":100,"value":{"x":1,"y":2,"width":1,"keypointlabels":["a"]}}]}]}
            """));
        File.WriteAllText(_template.PathOf("exports/m.json"), $"[{tasks}]");
        Add(_template, "m");
    }

    private static HarvestException? FirstError(TransferResult result) =>
        result.Items.Select(static item => item.Error).FirstOrDefault(static error => error is not null);

    private static AddedExport Add(FaultRepository at, string project) =>
        AddExport.Run(at.Repository, at.PathOf($"exports/{project}.json"), project, at.Context);

    private static NewSliceResult New(FaultRepository at, string version) =>
        NewSlice.Run(at.Repository, new NewSliceRequest(version), at.Context);

    private static void ArchiveDelete(string path)
    {
        File.SetAttributes(path, FileAttributes.Normal);
        File.Delete(path);
    }

    private static void Overwrite(string path, string text)
    {
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, text);
    }

    private void Write(string relative, ExportPlan plan)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_template.PathOf(relative))!);
        using FileStream file = File.Create(_template.PathOf(relative));
        ExportGenerator.Write(file, plan);
    }

    /// <param name="step">Every how many calls one fails in the short form.</param>
    /// <param name="command">Gives an error that it did not throw.</param>
    /// <param name="done">What the repeat may say instead, if the command came to its end before it failed.</param>
    /// <param name="damaged">The repository is not whole before the command either.</param>
    private void Each(int step, Func<FaultRepository, object?> command, string? done = null, bool damaged = false)
    {
        step = Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1" ? 1 : step;
        IReadOnlyDictionary<string, string> before = _template.Snapshot();
        IReadOnlyDictionary<string, string> after;
        var count = new InjectedFault(0, FaultKind.Broken);
        using (FaultRepository undisturbed = _template.Copy())
        {
            using (count.Use())
            {
                Assert.IsNotType<HarvestException>(command(undisturbed));
            }

            after = undisturbed.Snapshot();
        }

        Assert.True(count.Calls > 3, $"only {count.Calls} calls were seen");
        var wrong = new List<string>();
        int disturbed = 0;
        for (int at = 1; at <= count.Calls; at += step)
        {
            foreach (FaultKind kind in Enum.GetValues<FaultKind>())
            {
                using FaultRepository copy = _template.Copy();
                var fault = new InjectedFault(at, kind);
                string? why = Try(copy, fault, command, before, after, done, damaged, out bool failed);
                disturbed += failed ? 1 : 0;
                if (why is not null)
                {
                    wrong.Add($"{kind} at {at} of {count.Calls} ({fault.Failed.Replace(copy.Folder, string.Empty, StringComparison.Ordinal)}): {why.Replace(copy.Folder, string.Empty, StringComparison.Ordinal)}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
        Assert.True(disturbed > count.Calls / step, $"only {disturbed} faults made the command fail");
    }

    /// <summary>Null, or what is wrong after the fault.</summary>
    private static string? Try(
        FaultRepository copy,
        InjectedFault fault,
        Func<FaultRepository, object?> command,
        IReadOnlyDictionary<string, string> before,
        IReadOnlyDictionary<string, string> after,
        string? done,
        bool damaged,
        out bool failed)
    {
        failed = false;
        try
        {
            HarvestException? error;
            using (fault.Use())
            {
                error = Error(command, copy);
            }

            failed = error is not null;
            if (error is { Fault: not HarvestFault.FileSystem })
            {
                return $"the error is {error.ErrorId}: {error.Message}";
            }

            IReadOnlyDictionary<string, string> now = copy.Snapshot();
            if (Half(now, before, after) is { } half)
            {
                return $"'{half}' is neither as before nor as after";
            }

            if (error is null && Differences(now, after) is { Length: > 0 } missing)
            {
                return $"it succeeded, but differs from an undisturbed run in {missing}";
            }

            if (!damaged)
            {
                IReadOnlyList<ArchiveFinding> findings = copy.Check(repair: false, out bool whole);
                if (!whole && copy.Check(repair: true, out _) is var repairs && !IsWhole(copy))
                {
                    return $"fsck finds {string.Join("; ", findings.Concat(repairs).Select(static finding => finding.Message))}";
                }
            }

            if (copy.Repository.Slices.LoadAll().FirstOrDefault(static entry => entry.Error is not null) is { } broken)
            {
                return $"slice {broken.Version} cannot be read: {broken.Error!.Message}";
            }

            if (error is not null && Error(command, copy) is { } again && again.ErrorId != done)
            {
                return $"after {error.ErrorId} the repeat fails: {again.ErrorId}: {again.Message}";
            }

            return Differences(copy.Snapshot(), after) is { Length: > 0 } other ? $"the repeat differs from an undisturbed run in {other}"
                : !IsWhole(copy) ? "the repeat left damage"
                : null;
        }
        catch (Exception unhandled) when (unhandled is not OutOfMemoryException)
        {
            return $"an error of .NET came through: {unhandled}";
        }
    }

    private static bool IsWhole(FaultRepository copy)
    {
        _ = copy.Check(repair: false, out bool whole);
        return whole;
    }

    private static HarvestException? Error(Func<FaultRepository, object?> command, FaultRepository copy)
    {
        try
        {
            return command(copy) as HarvestException;
        }
        catch (HarvestException error)
        {
            return error;
        }
    }

    private static string? Half(
        IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        now.Keys.Union(before.Keys).Union(after.Keys).FirstOrDefault(path =>

            // What a repository needs is entered more than once by a command that archives first and makes a slice then.
            !path.Contains("/archive/repositories/", StringComparison.Ordinal)
            && now.GetValueOrDefault(path) is var hash && hash != before.GetValueOrDefault(path) && hash != after.GetValueOrDefault(path)
            && !(hash is null && before.GetValueOrDefault(path) != after.GetValueOrDefault(path) && path.Contains("/sha256/", StringComparison.Ordinal)));

    private static string Differences(IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> after) => string.Join(
        ", ", now.Keys.Union(after.Keys).Where(path => now.GetValueOrDefault(path) != after.GetValueOrDefault(path)));
}
