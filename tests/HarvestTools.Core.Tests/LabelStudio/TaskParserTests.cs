using System.Text;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.LabelStudio;

public sealed class TaskParserTests
{
    [Fact]
    public void A_task_is_read_with_its_annotations_and_regions()
    {
        ExportTask task = Parse("""
            {"id":10,"annotations":[{"id":20,"completed_by":3,"result":[
              {"original_width":1920,"original_height":1080.0,"image_rotation":0,
               "value":{"x":12.5,"y":50,"width":0.4,"keypointlabels":["thumb"]},
               "id":"r1","from_name":"kp","to_name":"img","type":"keypointlabels","origin":"manual","parentID":"box"}],
              "was_cancelled":true,"ground_truth":true,"parent_prediction":5,"parent_annotation":19,"prediction":7}],
             "drafts":[{"id":1},{"id":2}],"predictions":[8,9],"data":{"image":"\/a.jpg"},"project":4,"lead_time":null}
            """);

        Assert.Equal(10, task.Labels.Id);
        Assert.Equal(4, task.Extras.ProjectId);
        Assert.Equal(2, task.Extras.Drafts);
        Assert.Equal("{\"image\":\"/a.jpg\"}", task.Labels.Data.ToString());
        Assert.Equal([8L, 9L], task.Extras.Predictions.Select(static p => p.Id!.Value));
        Annotation annotation = Assert.Single(task.Labels.Annotations);
        Assert.Equal((20, 3, true, true), (annotation.Id, annotation.AnnotatorId, annotation.WasCancelled, annotation.GroundTruth));
        AnnotationExtras extras = Assert.Single(task.Extras.Annotations);
        Assert.Equal((5, 7, 19), (extras.ParentPrediction, extras.PredictionId, extras.ParentAnnotation));
        Assert.Null(extras.PredictionCopy);
        Region region = Assert.Single(annotation.Regions);
        Assert.Equal(RegionKind.Keypoint, region.Kind);
        Assert.Equal(["r1", "box", "keypointlabels", "kp", "img", "manual"], Texts([region.Id, region.ParentId, region.Type, region.FromName, region.ToName, region.Origin]));
        Assert.Equal((1920, 1080, 12.5, 50, 0.4), (region.OriginalWidth, region.OriginalHeight, region.X, region.Y, region.Width));
        Assert.Null(region.Height);
        Assert.True(region.HasLabelList);
        Assert.Equal(["thumb"], Texts(region.Labels));
        Assert.Equal("{\"x\":12.5,\"y\":50,\"width\":0.4,\"keypointlabels\":[\"thumb\"]}", region.Value.ToString());
        Assert.Equal(0, region.ItemPlace);
        Assert.Equal("\"kp\"", Encoding.UTF8.GetString(task.Tokens.Raw(region.PlaceOf(RegionMember.FromName)).Span));
        Assert.Equal(region.Value.ToString(), Encoding.UTF8.GetString(task.Tokens.Raw(region.PlaceOf(RegionMember.Value)).Span));
        Assert.Equal(0, region.PlaceOf(RegionMember.Meta));
    }

    [Theory]
    [InlineData("keypointlabels", "\"keypointlabels\":[\"a\"]", "Keypoint a")]
    [InlineData("keypoint", "\"labels\":[\"a\"]", "Keypoint a")]
    [InlineData("keypoint", "\"x\":1", "Keypoint -")]
    [InlineData("rectanglelabels", "\"rectanglelabels\":[]", "Rectangle ")]
    [InlineData("rectanglelabels", "\"rectanglelabels\":null", "Rectangle -")]
    [InlineData("rectangle", "\"rectanglelabels\":[\"a\",\"b\"]", "Rectangle a,b")]
    [InlineData("rectanglelabels", "\"labels\":[\"plain\"],\"rectanglelabels\":[\"own\"]", "Rectangle own")]
    [InlineData("rectanglelabels", "\"rectanglelabels\":[\"own\"],\"labels\":[\"plain\"]", "Rectangle own")]
    [InlineData("rectanglelabels", "\"keypointlabels\":[\"other\"]", "Rectangle -")]
    [InlineData("rectanglelabels", "\"rectanglelabels\":[\"first\"],\"rectanglelabels\":[\"last\"]", "Rectangle last")]
    [InlineData("rectanglelabels", "\"rectanglelabels\":\"bare\"", "Rectangle bare")]
    [InlineData("rectanglelabels", "\"rectanglelabels\":[null,5,\"\\u00e9\"]", "Rectangle 5,é")]
    [InlineData("timelinelabels", "\"timelinelabels\":[\"a\"]", "Timeline a")]
    [InlineData("timeserieslabels", "\"timelinelabels\":[\"a\"]", "Timeline a")]
    [InlineData("timeserieslabels", "\"timeserieslabels\":[\"a\"]", "Unsupported -")]
    [InlineData("timelinelabels", "\"ranges\":[]", "Timeline -")]
    [InlineData("videorectangle", "\"labels\":[\"car\"]", "Track car")]
    [InlineData("labels", "\"labels\":[\"a\"],\"x\":1", "Labels a")]
    [InlineData("choices", "\"choices\":[\"a\"]", "Attribute -")]
    [InlineData("textarea", "\"text\":[\"a\"]", "Attribute -")]
    [InlineData("number", "\"number\":1", "Attribute -")]
    [InlineData("rating", "\"rating\":1", "Attribute -")]
    [InlineData("datetime", "\"datetime\":\"1\"", "Attribute -")]
    [InlineData("taxonomy", "\"taxonomy\":[[\"a\"]]", "Attribute -")]
    [InlineData("polygonlabels", "\"polygonlabels\":[\"a\"]", "Polygon a")]
    [InlineData("polygon", "\"labels\":[\"a\"]", "Polygon a")]
    [InlineData("brushlabels", "\"brushlabels\":[\"a\"]", "Unsupported -")]
    [InlineData(null, "\"polygonlabels\":[\"a\"]", "Polygon a")]
    [InlineData("hypertextlabels", "\"x\":\"/p[1]\",\"labels\":[\"a\"]", "Unsupported -")]
    [InlineData(null, "\"rectanglelabels\":[\"a\"]", "Rectangle a")]
    [InlineData(null, "\"keypointlabels\":[\"a\"]", "Keypoint a")]
    [InlineData(null, "\"labels\":[\"a\"]", "Unsupported -")]
    public void The_kind_and_the_labels_are_told_whatever_the_order(string? type, string value, string expected)
    {
        string typed = type is null ? "" : $"\"type\":\"{type}\"";
        string[] spellings = [$"{{{typed}{(type is null ? "" : ",")}\"value\":{{{value}}}}}", $"{{\"value\":{{{value}}}{(type is null ? "" : ",")}{typed}}}"];
        foreach (string spelling in spellings)
        {
            Region region = ParseRegion(spelling);

            Assert.Equal(expected, $"{region.Kind} {(region.HasLabelList ? string.Join(',', Texts(region.Labels)) : "-")}");
        }
    }

    [Fact]
    public void A_relation_has_neither_id_nor_value()
    {
        Region region = ParseRegion("""{"from_id":"a","to_id":"b","type":"relation","direction":"right","labels":["x"]}""");

        Assert.Equal(RegionKind.Relation, region.Kind);
        Assert.True(region.Id.IsAbsent);
        Assert.True(region.Value.IsAbsent);
    }

    [Fact]
    public void Segments_may_be_open_at_either_end()
    {
        Region region = ParseRegion("""{"type":"timelinelabels","value":{"ranges":[{"start":1,"end":5.0},{"end":1e1},{"start":null,"end":null}],"timelinelabels":["a"]}}""");

        Assert.Equal([new FrameRange(1, 5), new FrameRange(null, 10), new FrameRange(null, null)], region.Ranges);
    }

    [Fact]
    public void Key_frames_keep_what_is_missing_apart_from_zero()
    {
        Region region = ParseRegion("""
            {"type":"videorectangle","value":{"framesCount":131,"duration":5.4,"labels":["car"],"sequence":[
            {"frame":1,"enabled":true,"rotation":0,"x":1,"y":2,"width":3,"height":4,"time":0.04},{"frame":9,"x":null,"auto":true}]}}
            """);

        Assert.Equal([new KeyFrame(1, true, 1, 2, 3, 4, 0, 0.04), new KeyFrame(9, null, null, null, null, null, null, null, Auto: true)], region.KeyFrames);
        Assert.Equal((131, 5.4), (region.FramesCount, region.Duration));
    }

    [Theory]
    [InlineData("""{"type":"keypointlabels","value":{"x":"abc","y":1}}""", "\"x\" must be a number", "\"abc\"")]
    [InlineData("""{"value":{"x":1,"y":[2]},"type":"keypointlabels"}""", "\"y\" must be a number", "[2]")]
    [InlineData("""{"type":"rectanglelabels","value":{"width":true}}""", "\"width\" must be a number", "true")]
    [InlineData("""{"type":"rectanglelabels","value":{"rotation":1e309}}""", "\"rotation\" is beyond the range of a 64-bit float", "1e309")]
    [InlineData("""{"type":"rectanglelabels","original_width":"wide","value":{}}""", "\"original_width\" must be a number", "\"wide\"")]
    [InlineData("""{"type":"videorectangle","value":{"sequence":[{"frame":1.5}]}}""", "\"frame\" must be a whole number", "1.5")]
    [InlineData("""{"type":"videorectangle","value":{"sequence":[{"x":1}]}}""", "\"frame\" is missing in a key frame that ends here", "}]}}")]
    [InlineData("""{"type":"videorectangle","value":{"sequence":[{"frame":1,"enabled":"y"}]}}""", "\"enabled\" must be true or false", "\"y\"}")]
    [InlineData("""{"type":"videorectangle","value":{"sequence":{}}}""", "\"sequence\" must be an array", "{}}}")]
    [InlineData("""{"type":"timelinelabels","value":{"ranges":[{"start":"a"}]}}""", "\"start\" must be a whole number", "\"a\"")]
    [InlineData("""{"type":"timelinelabels","value":{"ranges":[3]}}""", "\"ranges\" must have objects", "3]")]
    public void What_is_no_number_is_an_error_at_that_place(string region, string what, string at)
    {
        const string Head = """{"id":10,"annotations":[{"result":[""";

        HarvestException error = Assert.Throws<HarvestException>(() => ParseRegion(region));

        int offset = 1000 + Head.Length + region.IndexOf(at, StringComparison.Ordinal);
        Assert.Equal($"a.json, line 4, byte {offset} (task 9, id 10): {what}.", error.Message);
    }

    [Theory]
    [InlineData("""{"type":"hypertextlabels","value":{"x":"abc","ranges":"none"}}""")]
    [InlineData("""{"type":"choices","original_width":"wide","value":{"choices":["a"],"x":{}}}""")]
    [InlineData("""{"type":"rectanglelabels","value":{"x":null,"y":null}}""")]
    [InlineData("""{"type":"rectanglelabels","value":{"x":"abc"},"value":{"x":1}}""")]
    [InlineData("""{"type":"rectanglelabels","value":"text"}""")]
    [InlineData("""[{"id":"nested"}]""")]
    [InlineData("null")]
    public void What_gives_no_coordinate_is_passed_over(string region) => Assert.NotNull(ParseRegion(region));

    [Theory]
    [InlineData("\"completed_by\":5", 5L)]
    [InlineData("\"completed_by\":\"5\"", 5L)]
    [InlineData("\"completed_by\":{\"email\":\"a\",\"id\":5,\"x\":{\"id\":6}}", 5L)]
    [InlineData("\"completed_by\":{\"email\":\"a\"}", null)]
    [InlineData("\"completed_by\":null", null)]
    [InlineData("\"completed_by\":\"a@example.com\"", null)]
    [InlineData("\"completed_by\":[5]", null)]
    [InlineData("\"id\":1", null)]
    public void The_annotator_is_a_number_or_an_object_with_an_id(string key, long? expected) =>
        Assert.Equal(expected, Parse($"{{\"annotations\":[{{{key}}}]}}").Labels.Annotations[0].AnnotatorId);

    [Theory]
    [InlineData("1001", 1001L)]
    [InlineData("\"1001\"", 1001L)]
    [InlineData("1001.0", 1001L)]
    [InlineData("1.001e3", 1001L)]
    [InlineData("-3", -3L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("null", null)]
    public void Ids_are_integers_however_they_are_written(string id, long? expected) => Assert.Equal(expected, Parse($"{{\"id\":{id},\"data\":1}}").Labels.Id);

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"abc\"")]
    [InlineData("9223372036854775808")]
    [InlineData("{}")]
    [InlineData("true")]
    public void Other_ids_are_errors(string id) =>
        Assert.Equal("ExportValueUnusable", Assert.Throws<HarvestException>(() => Parse($"{{\"id\":{id},\"data\":1}}")).ErrorId);

    [Fact]
    public void Of_equal_keys_the_last_counts()
    {
        ExportTask task = Parse("""
            {"id":1,"annotations":[{"id":1},{"id":2}],"id":3,"data":{"a":1},"data":{"b":2},"drafts":[1,2],"drafts":[],
             "annotations":[{"id":4,"id":5,"result":[{"id":"x"},{"id":"y"}],"result":[{"id":"z","id":null,"\u0069d":"w"}],"was_cancelled":true,"was_cancelled":null}]}
            """);

        Assert.Equal(3, task.Labels.Id);
        Assert.Equal("{\"b\":2}", task.Labels.Data.ToString());
        Assert.Equal(0, task.Extras.Drafts);
        Annotation annotation = Assert.Single(task.Labels.Annotations);
        Assert.Equal(5, annotation.Id);
        Assert.False(annotation.WasCancelled);
        Assert.Equal("w", Assert.Single(annotation.Regions).Id.ToString());
    }

    [Fact]
    public void Files_from_before_version_1_are_read()
    {
        ExportTask task = Parse("""{"completions":[{"id":1,"skipped":true,"honeypot":true,"created_at":1590000000,"result":null}],"data":{}}""");

        Annotation annotation = Assert.Single(task.Labels.Annotations);
        Assert.Equal((true, true), (annotation.WasCancelled, annotation.GroundTruth));
        Assert.Empty(annotation.Regions);
        Assert.Empty(Parse("""{"annotations":[],"completions":[{"id":1}]}""").Labels.Annotations);
        Assert.Empty(Parse("""{"completions":[{"id":1}],"annotations":[]}""").Labels.Annotations);
    }

    [Fact]
    public void Predictions_tell_which_regions_they_had()
    {
        ExportTask task = Parse("""
            {"data":{},"annotations":[{"prediction":{}},{"prediction":{"id":4,"model_version":"v\/2","result":[{"id":"b"},{"id":"a"},{"id":"b"},{"x":1},{"id":"r","type":"relation"}]}}],
             "predictions":[{"id":"5","model_version":null,"result":null},{"result":[]}]}
            """);

        Assert.Null(task.Extras.Annotations[0].PredictionCopy);
        Prediction copy = task.Extras.Annotations[1].PredictionCopy!;
        Assert.Equal((4, "v/2", true, 1), (copy.Id, copy.ModelVersion.ToString(), copy.HasResult, copy.RegionsWithoutId));
        Assert.Equal(["a", "b"], Texts(copy.RegionIds));
        Assert.Equal([false, true], task.Extras.Predictions.Select(static p => p.HasResult));
        Assert.Equal(5, task.Extras.Predictions[0].Id);
    }

    [Fact]
    public void Nothing_of_one_task_is_left_in_the_next()
    {
        var task = new ExportTask();
        TaskParser.Parse(Raw("""{"id":1,"project":2,"drafts":[1],"data":{},"predictions":[1],"annotations":[{"id":1,"completed_by":2,"was_cancelled":true,"ground_truth":true,"parent_prediction":1,"parent_annotation":1,"prediction":{"id":1},"result":[{"id":"a","type":"rectanglelabels","original_width":1,"original_height":1,"origin":"manual","parentID":"p","value":{"x":1,"y":1,"width":1,"height":1,"rotation":1,"rectanglelabels":["l"]}}]}]}"""), task);
        TaskParser.Parse(Raw("""{"data":1,"annotations":[{"result":[{}]}]}"""), task);

        Assert.Equal((null, null, 0, 0), (task.Labels.Id, task.Extras.ProjectId, task.Extras.Drafts, task.Extras.Predictions.Count));
        Annotation annotation = Assert.Single(task.Labels.Annotations);
        Assert.Equal((null, null, false, false), (annotation.Id, annotation.AnnotatorId, annotation.WasCancelled, annotation.GroundTruth));
        AnnotationExtras extras = Assert.Single(task.Extras.Annotations);
        Assert.Null(extras.ParentPrediction);
        Assert.Null(extras.ParentAnnotation);
        Assert.Null(extras.PredictionCopy);
        Region region = Assert.Single(annotation.Regions);
        Assert.All([region.Id, region.Type, region.Origin, region.ParentId, region.Value], static text => Assert.True(text.IsAbsent));
        Assert.All([region.X, region.Y, region.Width, region.Height, region.Rotation, region.OriginalWidth, region.OriginalHeight], static number => Assert.Null(number));
        Assert.Empty(region.Labels);
    }

    [Fact]
    public void The_ordinary_task_costs_no_allocation()
    {
        var region = """{"original_width":1920,"original_height":1080,"value":{"x":64.34654950472745,"y":9.583333333333334,"width":0.4,"keypointlabels":["thumb"]},"id":"r1","from_name":"kp","to_name":"img","type":"keypointlabels","origin":"manual"}""";
        RawTask raw = Raw($"{{\"id\":1,\"annotations\":[{{\"id\":1,\"completed_by\":2,\"result\":[{string.Join(',', Enumerable.Repeat(region, 40))}],\"prediction\":{{\"id\":3,\"result\":[{region}]}}}}],\"data\":{{\"image\":\"a\\/b\"}},\"drafts\":[],\"predictions\":[{{\"id\":1,\"result\":[{region}]}}]}}");
        var task = new ExportTask();

        // Until it is known what regions have in common.
        for (int i = 0; i < 5; i++)
        {
            TaskParser.Parse(raw, task);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            TaskParser.Parse(raw, task);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string[] Texts(IEnumerable<Utf8Text> texts) => [.. texts.Select(static text => text.ToString())];

    private static Region ParseRegion(string region) =>
        Assert.Single(Assert.Single(Parse($"{{\"id\":10,\"annotations\":[{{\"result\":[{region}]}}]}}").Labels.Annotations).Regions);

    private static ExportTask Parse(string json)
    {
        var task = new ExportTask();
        TaskParser.Parse(Raw(json.ReplaceLineEndings("")), task);
        return task;
    }

    /// <summary>The task amid other bytes, as in a batch.</summary>
    private static RawTask Raw(string json)
    {
        byte[] buffer = [.. "[{},"u8, .. Encoding.UTF8.GetBytes(json), .. ",{}]"u8];
        return new RawTask("a.json", buffer, 4, buffer.Length - 8, Ordinal: 9, ByteOffset: 1000, Line: 4);
    }
}
