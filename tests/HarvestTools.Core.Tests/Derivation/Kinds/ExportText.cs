using System.Globalization;

namespace HarvestTools.Tests.Derivation.Kinds;

/// <summary>Exports as text, so that a test can write what no serializer would: any digits, any key, any order.</summary>
internal static class ExportText
{
    public const string Image = """{"image":"/data/local-files/?d=task_01/episode_07/frame_0012.jpg"}""";
    public const string Video = """{"video":"/data/local-files/?d=task_01/episode_07.mp4"}""";

    public static string Export(params string[] tasks) => $"[{string.Join(",\n", tasks)}]";

    public static string Task(string id, string data, params string[] annotations) =>
        $$"""{"id":{{id}},"project":7,"data":{{data}},"annotations":[{{string.Join(",\n", annotations)}}],"drafts":[],"predictions":[]}""";

    public static string Annotation(string id, string annotator, params string[] regions) =>
        $$"""{"id":{{id}},"completed_by":{{annotator}},"was_cancelled":false,"ground_truth":false,"result":[{{string.Join(",\n", regions)}}]}""";

    /// <summary>An export of one task with one annotation.</summary>
    public static string One(string data, params string[] regions) => Export(Task("1", data, Annotation("1", "1", regions)));

    /// <param name="id">The region's.</param>
    /// <param name="type">Of the item.</param>
    /// <param name="from">The control tag.</param>
    /// <param name="to">The object tag.</param>
    /// <param name="value">Members of the value.</param>
    /// <param name="more">Other members of the item.</param>
    public static string Item(string id, string type, string from, string to, string value, string more = "") =>
        $$$"""{"id":"{{{id}}}","type":"{{{type}}}","from_name":"{{{from}}}","to_name":"{{{to}}}","origin":"manual","value":{{{{value}}}}{{{(more.Length == 0 ? "" : "," + more)}}}}""";

    /// <summary>A box of 20 by 20 percent.</summary>
    public static string Box(
        string id, string to, string label = "cup", double x = 10, double y = 10, double rotation = 0, int? item = null, string from = "box", string more = "") =>
        Item(id, "rectanglelabels", from, to, Geometry(x, y, rotation) + $",\"rectanglelabels\":[\"{label}\"]", Sized(item, more));

    public static string Point(string id, string to, string label = "thumb", double x = 10, double y = 10, int? item = null, string from = "kp", string more = "") =>
        Item(id, "keypointlabels", from, to, Invariant($"\"x\":{x},\"y\":{y},\"width\":0.5,\"keypointlabels\":[\"{label}\"]"), Sized(item, more));

    /// <param name="id">The region's.</param>
    /// <param name="to">The object tag.</param>
    /// <param name="points">JSON of the list.</param>
    /// <param name="label">Its label.</param>
    /// <param name="item">Which of several media.</param>
    /// <param name="closed">Null leaves it out.</param>
    /// <param name="from">The control tag.</param>
    public static string Polygon(string id, string to, string points, string label = "hand", int? item = null, bool? closed = null, string from = "poly") =>
        Item(
            id,
            "polygonlabels",
            from,
            to,
            $"\"points\":{points}{(closed is { } known ? $",\"closed\":{(known ? "true" : "false")}" : "")},\"polygonlabels\":[\"{label}\"]",
            Sized(item));

    public static string Track(string id, string to, string keyFrames, string frames = "10", string label = "cup", string from = "vbox", string more = "") =>
        Item(id, "videorectangle", from, to, $"\"framesCount\":{frames},\"duration\":0.4,\"sequence\":[{keyFrames}],\"labels\":[\"{label}\"]", more);

    public static string Key(string frame, double x, bool enabled = true, bool auto = false) => Invariant(
        $"{{\"frame\":{frame},\"enabled\":{(enabled ? "true" : "false")},\"rotation\":0,\"x\":{x},\"y\":20,\"width\":10,\"height\":10,\"time\":0.04{(auto ? ",\"auto\":true" : "")}}}");

    /// <summary>A mark by which the editor ends or begins a track.</summary>
    public static string Mark(string frame) => $$"""{"frame":{{frame}},"enabled":false,"time":0.04}""";

    public static string Segment(string id, string to, string start, string end, string label = "pick", string from = "act") =>
        Item(id, "timelinelabels", from, to, $$"""
            "ranges":[{"start":{{start}},"end":{{end}}}],"timelinelabels":["{{label}}"]
            """);

    public static string Choices(string id, string to, string json, string from = "quality", string more = "") =>
        Item(id, "choices", from, to, $"\"choices\":{json}", more);

    public static string Geometry(double x = 10, double y = 10, double rotation = 0) =>
        Invariant($"\"x\":{x},\"y\":{y},\"width\":20,\"height\":20,\"rotation\":{rotation}");

    /// <summary>Members that an item on an image of 1000 by 500 has.</summary>
    public static string Sized(int? item = null, string more = "", int width = 1000, int height = 500) =>
        Invariant($"\"original_width\":{width},\"original_height\":{height},\"image_rotation\":0")
        + (item is { } index ? Invariant($",\"item_index\":{index}") : "")
        + (more.Length == 0 ? "" : "," + more);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
