using System.Text;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Tests.Errors;
using HarvestTools.Tests.Shared;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>The shared inputs, one for each kind of fault that users reported, each with the outcome that its README gives.</summary>
public sealed class FailingFolderTests
{
    private static readonly string[] s_place = ["task_subdir", "episode", "frame", "media", "to_name", "item_index", "from_name"];

    [Fact]
    public void Every_file_of_the_folder_has_a_test()
    {
        string folder = SharedExports.Require("failing");
        HashSet<string> texts = [.. CodeStrings.Of(typeof(FailingFolderTests).Assembly.Location), .. Named()];

        Assert.All(Directory.GetFiles(folder, "*.json").Select(static file => Path.GetFileNameWithoutExtension(file)), name => Assert.Contains(name, texts));
    }

    [Fact]
    public void Boxes_of_two_images_of_one_tag_are_on_theirs()
    {
        using KindSlice first = Slice("item_index");
        using KindSlice moved = Slice("item_index_moved");

        const string Folder = "task_01 episode_07 ";
        const string Link = " /data/local-files/?d=task_01/episode_07/frame_00";
        Assert.Equal([$"{Folder}12{Link}12.jpg img 0 box", $"{Folder}13{Link}13.jpg img 1 box"], first.Read("boxes", s_place));
        Assert.Equal([$"{Folder}13{Link}13.jpg img 1 box", $"{Folder}13{Link}13.jpg img 1 box"], moved.Read("boxes", s_place));
        Assert.NotEqual(first.Added.LabelSha256, moved.Added.LabelSha256);

        List<TaskChange> changes = Compare("item_index", "item_index_moved");
        LabelEdit edit = Assert.Single(Assert.Single(changes).Edits);
        Assert.Equal(("a", "box", "rectanglelabels", "img", (int?)1), (edit.RegionId, edit.Control, edit.Type, edit.ToName, edit.ItemIndex));
    }

    [Fact]
    public void Boxes_of_two_annotators_on_two_pages_are_two_rows()
    {
        using KindSlice slice = Slice("pages_two_annotators");

        Assert.Equal(
            [
                "task_01 ep1 1 /data/local-files/?d=task_01/ep1/p_001.jpg page_0 ∅ b0 1 1 ∅",
                "task_01 ep1 2 /data/local-files/?d=task_01/ep1/p_002.jpg page_1 ∅ b1 1 2 ∅",
            ],
            slice.Read("boxes", [.. s_place, "annotators", "annotator_ids", "agreement"]));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Fact]
    public void Tracks_of_two_cameras_are_told_apart_and_what_is_not_known_is_told()
    {
        using KindSlice slice = Slice("two_videos");

        Assert.Equal(["∅ vl bl 1", "∅ vl bl 2", "∅ vr br 1", "∅ vr br 2"], slice.Read("boxes", "media", "to_name", "from_name", "frame"));
        Assert.Equal(2, slice.Note(TallyNoteKind.UnknownMedia)!.Count);

        using KindSlice mapped = Slice("two_videos", KindSlice.Objects(("vl", "data.video_left"), ("vr", "data.video_right")));
        Assert.Equal(
            ["ep7_left vl 1", "ep7_left vl 2", "ep7_right vr 1", "ep7_right vr 2"],
            mapped.Read("boxes", "episode", "to_name", "frame"));
        Assert.Null(mapped.Note(TallyNoteKind.UnknownMedia));
    }

    [Fact]
    public void Segments_of_two_controls_with_one_label_text_are_told_apart()
    {
        using KindSlice slice = Slice("two_timelines");

        Assert.Equal(
            ["left_arm 1 3 1", "left_arm 1 3 2", "left_arm 1 3 3", "right_arm 2 4 2", "right_arm 2 4 3", "right_arm 2 4 4"],
            slice.Read("actions", "from_name", "start", "end", "frame"));
        Assert.All(slice.Rows("actions"), static row => Assert.Equal((1, null), (row["annotators"], row["agreement"])));
    }

    [Fact]
    public void Key_frames_without_geometry_end_a_track()
    {
        using KindSlice slice = Slice("track_end_without_geometry");

        Assert.Equal(["t1 2", "t1 3", "t1 4", "t1 5", "t2 3", "t2 4"], slice.Read("boxes", "region_id", "frame"));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_exports_of_a_track_give_equal_rows(bool interpolate)
    {
        using KindSlice long_ = Slice("track_exported_interpolated", KindSlice.Rule("interpolate_tracks", interpolate));
        using KindSlice keys = Slice("track_exported_key_frames", KindSlice.Rule("interpolate_tracks", interpolate));

        Assert.Equal(keys.ReadAll("boxes"), long_.ReadAll("boxes"));
        Assert.Equal(interpolate ? 10 : 2, keys.Rows("boxes").Count);
        Assert.Equal([1L, 5L], keys.Rows("boxes").Where(static row => !(bool)row["interpolated"]!).Select(static row => (long)row["frame"]!));
    }

    [Fact]
    public void Ranges_without_a_start_are_what_the_editor_shows()
    {
        using KindSlice slice = Slice("timeline_null_ranges");

        Assert.Equal(["nostart 9 9 9"], slice.Read("actions", "label", "start", "end", "frame"));
        Assert.Equal(["h no-geometry"], slice.Read("rejected", "region_id", "reason"));
    }

    [Fact]
    public void Big_numbers_keep_every_digit()
    {
        using KindSlice episodes = Slice("big_episode_number");
        using KindSlice names = Slice("nanosecond_file_names");
        using KindSlice frames = Slice("nanosecond_frame_number");

        Assert.Equal(["1 1234567890123456789", "2 1234567890123456788"], episodes.Read("boxes", "task_id", "episode"));
        Assert.Equal(
            ["1 MH_01 cam0 1403636579763555584", "2 MH_01 cam0 1403636579813555456", "3 MH_01 cam0 403636579763555584"],
            names.Read("keypoints", "task_id", "task_subdir", "episode", "frame"));
        Assert.Equal(["MH_01 1403636579763555584"], frames.Read("keypoints", "episode", "frame"));
    }

    [Fact]
    public void A_repeated_task_counts_once_and_another_one_of_its_id_is_refused()
    {
        using KindSlice slice = Slice("repeated_task");

        Assert.Equal(["1 a"], slice.Read("boxes", "task_id", "region_id"));
        Assert.Equal(1, slice.Tally.RepeatedTasks);
        Assert.Equal(1, slice.Note(TallyNoteKind.RepeatedTasks)!.Count);
        Assert.Equal((1L, 1L), (slice.Tally.Tasks, slice.Tally.Annotations));

        string text = Text("repeated_task");
        int last = text.LastIndexOf("\"x\": 10", StringComparison.Ordinal);
        Assert.Equal("ExportTaskRepeated", KindSlice.Refused(text[..last] + "\"x\": 11" + text[(last + 7)..]).ErrorId);
    }

    [Fact]
    public void Three_items_of_one_region_are_a_row_a_label()
    {
        using KindSlice slice = Slice("three_items_one_region");

        Assert.Equal(["r1 doc1 doc", "r1 name ocr"], slice.Read("boxes", "region_id", "label", "from_name"));
        Assert.Empty(slice.Rows("rejected"));
    }

    [Fact]
    public void Tasks_that_share_a_frame_are_told()
    {
        using KindSlice slice = Slice("same_names_two_uploads");

        TallyNote note = slice.Note(TallyNoteKind.SharedFrames)!;
        Assert.Equal((2L, true), (note.Count, note.IsWarning));
        Assert.Equal((3L, 4L), (slice.Tally.SharedFrame!.FirstTask, slice.Tally.SharedFrame.SecondTask));
        Assert.Equal(4, slice.Rows("boxes").Count);
    }

    [Fact]
    public void Resolve_links_are_decoded()
    {
        using KindSlice slice = Slice("resolve_urls");

        Assert.Equal(["task_01 episode_07 12", "task_01 episode_07 12"], slice.Read("boxes", "task_subdir", "episode", "frame"));
    }

    [Theory]
    [InlineData("target_storage_object", "ExportIsAnnotation")]
    [InlineData("not_an_export_api_error", "ExportIsApiError")]
    [InlineData("not_an_export_csv", "ExportIsCsv")]
    [InlineData("not_an_export_lfs_pointer", "ExportIsLfsPointer")]
    [InlineData("not_an_export_login_page", "ExportIsWebPage")]
    public void What_is_no_export_is_named(string name, string id)
    {
        HarvestException error = KindSlice.Refused(Text(name));

        Assert.Equal((id, HarvestFault.InvalidData), (error.ErrorId, error.Fault));
        Assert.NotEmpty(error.Remedy.ToString());
    }

    [Fact]
    public void A_task_list_without_its_annotations_is_refused_by_new() =>
        Assert.Equal("CandidateHasNoLabels", KindSlice.Refused(Text("annotations_null")).ErrorId);

    [Fact]
    public void Renewed_links_change_no_label()
    {
        using KindSlice first = Slice("signed_urls_week_1");
        using KindSlice second = Slice("signed_urls_week_2");

        Assert.Equal(first.Added.LabelSha256, second.Added.LabelSha256);
        Assert.Equal(first.Hashes(), second.Hashes());
        Assert.All(Compare("signed_urls_week_1", "signed_urls_week_2"), static change => Assert.Empty(change.Edits));
        Assert.Equal(["https://bkt.s3.amazonaws.com/task_01/episode_07/frame_0001.jpg", "https://bkt.s3.amazonaws.com/task_01/episode_07/frame_0002.jpg"], first.Read("boxes", "media"));
    }

    [Fact]
    public void Swapped_sizes_are_a_conflict_of_sizes()
    {
        using KindSlice slice = Slice("sizes_swapped");

        Assert.Equal(1, slice.Tally.SizeConflicts);
        Assert.True(slice.Note(TallyNoteKind.SizeConflicts)!.IsWarning);
        Assert.Equal(2, slice.Rows("rejected").Count);
        Assert.All(slice.Read("rejected", "detail"), static detail => Assert.Contains("3000x4000 and 4000x3000", detail, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_label_is_none()
    {
        using KindSlice slice = Slice("label_empty_text");

        Assert.Equal(["d no-label"], slice.Read("rejected", "region_id", "reason"));
        Assert.Equal(["e cup"], slice.Read("boxes", "region_id", "label"));
    }

    private static KindSlice Slice(string name, Action<System.Text.Json.Nodes.JsonObject>? edit = null) => KindSlice.Of(Text(name), edit);

    private static string Text(string name) => File.ReadAllText(PathOf(name), Encoding.UTF8);

    private static string PathOf(string name) => SharedExports.Require($"failing/{name}.json");

    private static List<TaskChange> Compare(string reference, string difference) =>
        [.. CompareExport.Tasks(ComparedExport.OfFile(PathOf(reference)), ComparedExport.OfFile(PathOf(difference)), WorkContext.Default)];

    /// <summary>The names in the attributes of this class's tests.</summary>
    private static IEnumerable<string> Named() => typeof(FailingFolderTests).GetMethods()
        .SelectMany(static method => method.GetCustomAttributes(typeof(InlineDataAttribute), inherit: false))
        .SelectMany(static attribute => ((InlineDataAttribute)attribute).Data.OfType<string>());
}
