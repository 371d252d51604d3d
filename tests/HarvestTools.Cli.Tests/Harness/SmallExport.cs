using System.Globalization;
using System.Text;

namespace HarvestTools.Tests.Harness;

/// <summary>Exports of a few tasks in Label Studio's shape, whose counts a test can know by heart.</summary>
internal static class SmallExport
{
    public const int HandsProject = 12;

    /// <summary>
    /// Frames with two keypoints and one box each; the last task's annotation is cancelled. <paramref name="moved"/>
    /// shifts every first keypoint by that many percent.
    /// </summary>
    public static string Hands(int tasks, double moved = 0, string label = "wrist") => List(tasks, id =>
    {
        string cancelled = id == tasks ? "true" : "false";
        string x = (10 + (id * 1.25) + moved).ToString(CultureInfo.InvariantCulture);
        const string Image = "\"original_width\":1280,\"original_height\":720,\"image_rotation\":0,\"from_name\":\"kp\",\"to_name\":\"image\",\"origin\":\"manual\"";
        string point = $$$"""{{{{Image}}},"id":"p{{{id}}}","type":"keypointlabels","value":{"x":{{{x}}},"y":20.5,"width":0.5,"keypointlabels":["{{{label}}}"]}}""";
        string other = $$$"""{{{{Image}}},"id":"q{{{id}}}","type":"keypointlabels","value":{"x":50,"y":60,"width":0.5,"keypointlabels":["thumb_tip"]}}""";
        string box = $$$"""{{{{Image}}},"id":"r{{{id}}}","type":"rectanglelabels","value":{"x":5,"y":6,"width":40,"height":30,"rotation":0,"rectanglelabels":["cup"]}}""";
        return $$$"""
            {"id":{{{id}}},"annotations":[{"id":{{{1000 + id}}},"completed_by":7,"result":[{{{point}}},{{{other}}},{{{box}}}],"was_cancelled":{{{cancelled}}},"ground_truth":false,"lead_time":12.5}],"drafts":[],"predictions":[],"data":{"image":"\/data\/upload\/ep{{{id % 2}}}\/f{{{id}}}.jpg","task_subdir":"pour","episode":"ep{{{id % 2}}}","frame":{{{id}}}},"meta":{},"project":{{{HandsProject}}}}
            """;
    });

    /// <summary>Videos with one segment of frames 1 to 10 each.</summary>
    public static string Actions(int tasks) => List(tasks, id => $$$"""
        {"id":{{{id}}},"annotations":[{"id":{{{2000 + id}}},"completed_by":8,"result":[{"id":"s{{{id}}}","type":"timelinelabels","from_name":"tl","to_name":"video","origin":"manual","value":{"ranges":[{"start":1,"end":10}],"timelinelabels":["pour"]}}],"was_cancelled":false,"ground_truth":false}],"drafts":[],"predictions":[],"data":{"video":"\/data\/ep{{{id}}}.mp4","task_subdir":"pour","episode":"ep{{{id}}}"},"meta":{},"project":11}
        """);

    private static string List(int tasks, Func<int, string> task)
    {
        var text = new StringBuilder("[");
        for (int id = 1; id <= tasks; id++)
        {
            text.Append(id == 1 ? "" : ",").Append(task(id).Trim());
        }

        return text.Append(']').ToString();
    }
}
