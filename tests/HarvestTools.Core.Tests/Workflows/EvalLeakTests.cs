using System.Globalization;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What a slice shares with the eval sets of its line is found, whatever their form; what cannot be known is said.</summary>
public sealed class EvalLeakTests : IDisposable
{
    private readonly TemporaryRepository _temporary = new();

    public EvalLeakTests()
    {
        Export("first.json", ("fold_towel", "episode_0001", "cam/fold_towel/episode_0001.mp4"), ("fold_towel", "episode_0002", "cam/fold_towel/episode_0002.mp4"), ("", "front", "front.png"));
        _temporary.WriteText("media/cam/fold_towel/episode_0001.mp4", "the bytes of one");
        _temporary.WriteText("media/cam/fold_towel/episode_0002.mp4", "those of two");
    }

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData("eval.csv", "task_subdir;episode\nfold_towel;episode_0002\n", "fold_towel/episode_0002")]
    [InlineData("eval.csv", "episode,media\nx,/data/local-files/?d=cam/fold_towel/episode_0001.mp4\n", "cam/fold_towel/episode_0001.mp4")]
    [InlineData("eval.txt", "fold_towel/episode_0002/frame_1.jpg\n", "fold_towel/episode_0002")]
    [InlineData("eval.txt", "/mnt/frames/cam/fold_towel/episode_0001.mp4\n", "cam/fold_towel/episode_0001.mp4")]
    [InlineData("eval/fold_towel/episode_0001/000001.png", "x", "fold_towel/episode_0001")]
    [InlineData("eval/cam/fold_towel/episode_0001.mp4", "x", "cam/fold_towel/episode_0001.mp4")]
    [InlineData("eval.json", """[{"id":7,"data":{"task_subdir":"fold_towel","episode":"episode_0001","video":"other.mp4"},"annotations":[]}]""", "fold_towel/episode_0001")]
    public void A_shared_episode_or_medium_is_an_error_that_names_it(string file, string text, string named)
    {
        _temporary.New("v1");
        Pin(file, text, "v1");

        foreach (bool quick in new[] { true, false })
        {
            DriftReport report = Check("v1", quick);
            DriftFinding leak = Assert.Single(report.Findings, static finding => finding.Kind == DriftKind.EvalLeak);
            Assert.Equal((DriftSeverity.Error, DriftStatus.Drifted, DriftCause.Data), (leak.Severity, report.Status, leak.Cause));
            Assert.Contains(named, leak.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("eval.csv", "task_subdir,episode\nplug_cable,episode_0001\n,front\n")]
    [InlineData("eval.txt", "front\n1\nepisode_0001\nfold_towels/episode_0001\n")]
    [InlineData("eval/front/000001.png", "the bytes of one!")]
    [InlineData("eval/episode_0003.mp4", "other bytes")]
    [InlineData("eval.json", """[{"id":7,"data":{"task_subdir":"fold_towel","episode":"episode_0009","video":"other.mp4"},"annotations":[]}]""")]
    public void What_is_not_shared_and_what_many_things_are_called_is_none(string file, string text)
    {
        _temporary.New(new NewSliceRequest("v1") { Media = SetRoot() });
        Pin(file, text, "v1");

        Assert.DoesNotContain(Check("v1", quick: false).Findings, static finding => finding.Kind == DriftKind.EvalLeak);
        _temporary.New("v2");
    }

    [Fact]
    public void An_image_near_one_of_the_eval_set_is_a_warning_that_names_both()
    {
        Export("second.json", ("", "clip", "cam_2/clip_07/f_0103.jpg"), ("", "clip", "cam_2/clip_07/f_0200.jpg"));
        NewSliceResult made = _temporary.New("v1");
        Assert.Empty(made.Notices);
        Pin("eval.txt", "cam_2/clip_07/f_0100.jpg\n", "v1");

        DriftReport report = Check("v1", quick: true);
        DriftFinding near = Assert.Single(report.Findings, static finding => finding.Kind == DriftKind.EvalLeak);
        Assert.Equal((DriftSeverity.Warning, DriftStatus.Clean), (near.Severity, report.Status));
        Assert.Contains("1 image near one of the eval set eval.txt, in the same video: /data/local-files/?d=cam_2/clip_07/f_0103.jpg, 3 frames from cam_2/clip_07/f_0100.jpg.", near.Message, StringComparison.Ordinal);

        // It keeps no slice from being made, and is said then.
        Assert.Contains("3 frames from", Assert.Single(_temporary.New("v2").Notices).Message, StringComparison.Ordinal);

        // The message names twenty at most, the finding all.
        Assert.Equal(["/data/local-files/?d=cam_2/clip_07/f_0103.jpg, 3 frames from cam_2/clip_07/f_0100.jpg"], near.Details);

        string settings = File.ReadAllText(_temporary.PathOf("harvest.json"));
        File.WriteAllText(_temporary.PathOf("harvest.json"), settings.Replace("\"eval_frames_apart\": 30", "\"eval_frames_apart\": 2", StringComparison.Ordinal));
        Assert.DoesNotContain(Check("v1", quick: true).Findings, static finding => finding.Kind == DriftKind.EvalLeak);
    }

    [Fact]
    public void A_copy_under_another_name_is_found_where_media_are_listed()
    {
        _temporary.New(new NewSliceRequest("v1") { Media = SetRoot() });
        Pin("eval/held_out.mp4", "the bytes of one", "v1");

        DriftFinding leak = Leak("v1");

        Assert.Contains("1 medium with the same bytes under another name (", leak.Message, StringComparison.Ordinal);
        Assert.Contains("cam/fold_towel/episode_0001.mp4", leak.Message, StringComparison.Ordinal);

        // So is one that is known by its checksum alone.
        Pin("eval.sha256", $"{FileHash.Compute(_temporary.PathOf("eval/held_out.mp4"))}  held_out.mp4\n", "v1");
        Assert.Contains("cam/fold_towel/episode_0001.mp4", Leak("v1").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_eval_set_of_another_slice_of_the_line_is_a_warning_and_of_another_line_nothing()
    {
        _temporary.New("v1");
        Pin("eval.txt", "plug_cable/episode_0007\n", "v1");
        Export("second.json", ("plug_cable", "episode_0007", "cam/plug_cable/7.mp4"));
        _temporary.WriteText("other.txt", "nothing of theirs\n");

        NewSliceResult made = _temporary.New(new NewSliceRequest("v2") { EvalSet = "other.txt" });

        ExportNotice notice = Assert.Single(made.Notices);
        Assert.Equal("EvalSetLeaks", notice.Id);
        Assert.Contains("the eval set of v1 eval.txt has: 1 episode (plug_cable/episode_0007)", notice.Message, StringComparison.Ordinal);
        Assert.Equal((DriftSeverity.Warning, DriftStatus.Clean), (Leak("v2").Severity, Check("v2", quick: true).Status));
        RegisteredModel model = RegisterModel.Run(_temporary.Repository, new ModelRegistration("v2", "hand"), _temporary.Context);
        Assert.Contains("plug_cable/episode_0007", Assert.Single(model.Leaks), StringComparison.Ordinal);

        // v1 itself has none of it, and a slice beside it has another line.
        Assert.DoesNotContain(Check("v1", quick: true).Findings, static finding => finding.Kind == DriftKind.EvalLeak);
        _temporary.Repository.Slices.Rewrite("v2", static slice => slice with { Parents = [] });
        Assert.DoesNotContain(Check("v2", quick: true).Findings, static finding => finding.Kind == DriftKind.EvalLeak);
    }

    /// <summary>Manifests are looked at for the member's name alone before any is understood.</summary>
    [Theory]
    [InlineData("eval_set", 1)]
    [InlineData("eval\\u005fset", 1)]
    [InlineData("eval_sets", 0)]
    public void New_finds_an_eval_set_that_only_a_slice_before_it_has(string member, int notices)
    {
        _temporary.WriteText("eval.txt", "plug_cable/episode_0007\n");
        _temporary.New(new NewSliceRequest("v1") { EvalSet = "eval.txt" });
        string path = _temporary.Repository.Slices.PathOf("v1");
        string text = File.ReadAllText(path).Replace("\"eval_set\"", $"\"{member}\"", StringComparison.Ordinal);
        Assert.Contains(member, text, StringComparison.Ordinal);
        File.SetAttributes(path, FileAttributes.Normal);
        File.WriteAllText(path, text);
        Export("second.json", ("plug_cable", "episode_0007", "cam/plug_cable/7.mp4"));

        Assert.Equal(notices, _temporary.New(new NewSliceRequest("v2")).Notices.Count(static notice => notice.Id == "EvalSetLeaks"));
    }

    [Fact]
    public void New_refuses_what_its_own_eval_set_has_unless_it_is_allowed()
    {
        _temporary.WriteText("eval.txt", "fold_towel/episode_0002\n");

        HarvestException refused = Assert.Throws<HarvestException>(() => _temporary.New(new NewSliceRequest("v1") { EvalSet = "eval.txt" }));

        Assert.Equal(("EvalSetLeaks", HarvestFault.InvalidData), (refused.ErrorId, refused.Fault));
        Assert.Contains("1 episode (fold_towel/episode_0002)", refused.Message, StringComparison.Ordinal);
        Assert.False(_temporary.Repository.Slices.Exists("v1"));
        NewSliceResult made = _temporary.New(new NewSliceRequest("v1") { EvalSet = "eval.txt", AllowLeak = true });
        Assert.Contains("fold_towel/episode_0002", Assert.Single(made.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_eval_set_that_is_gone_or_cannot_be_read_is_said_to_be_not_known()
    {
        _temporary.New("v1");
        Pin("eval.txt", "nothing of theirs\n", "v1");
        File.Delete(_temporary.PathOf("eval.txt"));

        DriftFinding gone = Leak("v1");
        Assert.Equal(DriftSeverity.Warning, gone.Severity);
        Assert.Contains("is not known. It is not there.", gone.Message, StringComparison.Ordinal);

        _temporary.WriteText("eval.txt", "PAR1 and no table");
        Assert.Contains("is not known. ", Leak("v1").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quick_check_derives_nothing_and_says_what_it_does_not_know()
    {
        _temporary.New("v1");
        Pin("eval.txt", "fold_towel/episode_0002\n", "v1");
        Directory.Delete(_temporary.Repository.CacheFolder, recursive: true);

        DriftFinding unknown = Assert.Single(Check("v1", quick: true).Findings, static finding => finding.Kind == DriftKind.EvalLeak);
        Assert.Equal(DriftSeverity.Note, unknown.Severity);
        Assert.Contains("is not known of", unknown.Message, StringComparison.Ordinal);

        // A full check derives them, and knows the episodes without the cache.
        IReadOnlyList<DriftFinding> full = [.. Check("v1", quick: false).Findings.Where(static finding => finding.Kind == DriftKind.EvalLeak)];
        Assert.Contains(full, static finding => finding.Severity == DriftSeverity.Error && finding.Message.Contains("fold_towel/episode_0002", StringComparison.Ordinal));
        Assert.Contains(full, static finding => finding.Severity == DriftSeverity.Note && finding.Message.Contains("Its episodes were compared.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_of_an_eval_folder_are_hashed_once_and_only_where_their_size_is_that_of_a_medium()
    {
        _temporary.New(new NewSliceRequest("v1") { Media = SetRoot() });
        Pin("eval/same_size.bin", "the bytes of two", "v1");
        _temporary.WriteText("eval/other_size.bin", "x");

        // A file that was changed just now is hashed again the next time, since it may still change within one tick.
        await Task.Delay(TimeSpan.FromSeconds(3.5), TestContext.Current.CancellationToken);
        Check("v1", quick: true);

        // What was hashed is kept with the file's times: one that was not is not among it.
        string kept = File.ReadAllText(Path.Combine(_temporary.Repository.CacheFolder, "media-stat-cache.txt"));
        Assert.Contains("same_size.bin", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("other_size.bin", kept, StringComparison.Ordinal);
    }

    private DriftFinding Leak(string version) => Assert.Single(Check(version, quick: true).Findings, static finding => finding.Kind == DriftKind.EvalLeak);

    private DriftReport Check(string version, bool quick) =>
        CheckSlices.Run(_temporary.Repository, [version], quick, _temporary.Context).Single().Report!;

    private bool SetRoot()
    {
        (_temporary.Repository.Settings with { Media = [new MediaRoot("/data/local-files/?d=", "media"), new MediaRoot("front.png", "media/front.png")] }).Write(_temporary.Repository.SettingsPath);
        return true;
    }

    private void Pin(string file, string text, string version)
    {
        _temporary.WriteText(file, text);
        PinEvalSet.Run(_temporary.Repository, file.Split('/')[0], version, _temporary.Context);
    }

    private void Export(string name, params (string TaskSubdir, string Episode, string Media)[] tasks)
    {
        string path = _temporary.WriteText($"exports/{name}", "[" + string.Join(",", tasks.Select(static (task, i) => string.Create(CultureInfo.InvariantCulture, $$$"""
            {"id":{{{i + 1}}},"data":{"task_subdir":"{{{task.TaskSubdir}}}","episode":"{{{task.Episode}}}","frame":{{{i}}},"image":"{{{(task.Media.Contains('/', StringComparison.Ordinal) ? "/data/local-files/?d=" : "")}}}{{{task.Media}}}"},
             "annotations":[{"id":{{{i + 1}}},"completed_by":1,"result":[{"id":"r","type":"keypointlabels","from_name":"k","to_name":"image","original_width":10,"original_height":10,"value":{"x":1,"y":1,"width":1,"keypointlabels":["a"]}}]}]}
            """))) + "]");
        AddExport.Run(_temporary.Repository, path, name.Split('.')[0], _temporary.Context);
    }
}
