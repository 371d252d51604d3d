using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.LabelStudio;

public sealed class LabelHashTests
{
    public static TheoryData<string> Arrays { get; } =
    [
        "derived/editor_timeline_regions.json",
        "derived/editor_video_regions.json",
        "official/converter_yolo_data_with_choices_old.json",
        "official/evalme_multi_annotator_bbox.json",
        "official/evalme_old_format_completions.json",
        "official/ls_image_urls_with_bboxes_gt.json",
        "official/ls_previous_export_unknown_completed_by.json",
        "official/ls_random-with-predictions.json",
        "official/ls_tasks_annotations_predictions.json",
        "official/ls_three_tasks_two_gts.json",
        "official/sdk/test_export_coco/data.json",
        "official/sdk/test_export_csv/csv_test.json",
        "official/sdk/test_export_csv/csv_test_colliding_keys_mixed.json",
        "official/sdk/test_export_csv/csv_test_history.json",
        "official/sdk/test_export_doclang/data.json",
        "official/sdk/test_export_json_min/data_repeater.json",
        "official/sdk/test_export_yolo/data_keypoints.json",
        "official/sdk/test_export_yolo/data_obb.json",
        "official/sdk/test_export_yolo/data_polygons.json",
        "real/choices_multiturn.json",
        "real/polygon_10tasks_draft.json",
        "real/rect_rotated_1329tasks.json",
        "real/textarea_origin_mix.json",
    ];

    [Theory]
    [MemberData(nameof(Arrays))]
    public void Real_exports_have_the_hash_of_the_definition(string file)
    {
        string path = SharedExports.Require(file);

        ExportFingerprint one = ExportFingerprint.Compute(path, withLabels: true, threads: 1);
        ExportFingerprint three = ExportFingerprint.Compute(path, withLabels: true, threads: 3);

        Assert.Equal(LabelHashReference.Of(File.ReadAllText(path)), one.LabelSha256);
        Assert.Equal(one.LabelSha256, three.LabelSha256);
        Assert.Equal(one.Tasks, three.Tasks);
        Assert.Equal(one.RegionTypes, three.RegionTypes);
    }

    /// <summary>
    /// Tokens of a task are kept as far as a window of the tape goes (128 Ki); members beyond it, before it and across its
    /// end are read again from the bytes.
    /// </summary>
    [Fact]
    public void A_task_of_more_tokens_than_the_tape_holds_has_the_hash_of_the_definition()
    {
        string before = Huge(height: 5);
        string after = Huge(height: 6);

        ExportFingerprint found = Fingerprint(before);

        Assert.Equal(LabelHashReference.Of(before), found.LabelSha256);
        Assert.Equal([KeyValuePair.Create("keypointlabels", 2L), KeyValuePair.Create("videorectangle", 1L)], found.RegionTypes!);
        Assert.Equal(LabelHashReference.Of(after), Fingerprint(after).LabelSha256);
        Assert.NotEqual(found.LabelSha256, Fingerprint(after).LabelSha256);
    }

    /// <summary>The same places serve the differences of two exports.</summary>
    [Fact]
    public void So_are_the_edits_of_such_a_task()
    {
        IReadOnlyList<LabelEdit> edits = LabelEdits.Between(Parse(Huge(height: 5)), Parse(Huge(height: 6)));

        Assert.Equal(["annotation 2 by 3, region v, cup: moved by 1 px"], edits.Select(static edit => edit.ToString()));
    }

    /// <summary>One task with a track of 20,000 key frames (400,000 tokens) between two points; the last key frame has the height.</summary>
    private static string Huge(int height)
    {
        const string Point = """{"value":{"y":1.50,"x":2,"keypointlabels":["a\/b"]},"id":"KEY","type":"keypointlabels","meta":{"b":1,"a":2}}""";
        IEnumerable<string> keys = Enumerable.Range(1, 20_000).Select(frame =>
            $$"""{"frame":{{frame}},"enabled":true,"x":1,"y":2.0,"width":5,"height":{{(frame == 20_000 ? height : 5)}},"rotation":0,"time":{{frame}}.25}""");
        return $$"""
            [{"id":1,"data":{"z":1,"a":[1,2]},"annotations":[{"id":2,"completed_by":3,"result":[
              {{Point.Replace("KEY", "before", StringComparison.Ordinal)}},
              {"id":"v","value":{"sequence":[{{string.Join(',', keys)}}],"labels":["cup"]},"type":"videorectangle","original_width":100,"original_height":100},
              {{Point.Replace("KEY", "after", StringComparison.Ordinal)}}]}]}]
            """;
    }

    private static ExportFingerprint Fingerprint(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return ExportFingerprint.Compute(stream, "a.json", null, withLabels: true, 1);
    }

    private static ExportTask Parse(string export)
    {
        byte[] task = Encoding.UTF8.GetBytes(export.Trim()[1..^1]);
        var parsed = new ExportTask();
        TaskParser.Parse(new RawTask("a.json", task, 0, task.Length, 1, 1, 1), parsed, LabelEdits.Parts);
        return parsed;
    }
}
