using System.Text;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Exports;

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
}
