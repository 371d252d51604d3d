namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Says what a file is that is no export, and what to do about it: the one place that does, whoever reads the file and
/// whether or not its labels are looked at. What is text is judged by <see cref="TextSniffer"/>.
/// </summary>
internal static class InputSniffer
{
    /// <summary>How far into a file is looked.</summary>
    public const int ProbeBytes = 1024 * 1024;

    /// <summary>Members by which answers of programs on the web say that something went wrong.</summary>
    private static readonly string[] s_errorNames =
    [
        "detail", "details", "status_code", "error", "errors", "error_description", "message", "msg", "reason", "non_field_errors", "validation_errors", "exc_info",
    ];

    /// <summary>What a file is whose beginning is known, without reading tasks; null where it may be an export.</summary>
    /// <param name="fileName">For the message.</param>
    /// <param name="head">The file's first bytes.</param>
    /// <param name="whole">True where these are all.</param>
    public static HarvestException? Examine(string fileName, ReadOnlySpan<byte> head, bool whole)
    {
        if (ExportErrors.IsUtf16(head))
        {
            return ExportErrors.ExportNotUtf8(fileName);
        }

        ReadOnlySpan<byte> start = SkipMark(head).TrimStart(" \r\n\t"u8);
        int offset = head.Length - start.Length;
        long line = 1 + head[..offset].Count((byte)'\n');
        if (start.IsEmpty)
        {
            return whole ? ExportErrors.ExportEmpty(fileName) : null;
        }

        if (start[0] != '[')
        {
            return Explain(fileName, start, line, offset);
        }

        ReadOnlySpan<byte> element = start[1..].TrimStart(" \r\n\t"u8);
        if (element.StartsWith("\""u8))
        {
            return ExplainTexts(fileName, element);
        }

        int at = head.Length - element.Length;
        return element.StartsWith("{"u8)
            ? ExplainElement(new RawTask(fileName, element.ToArray(), 0, element.Length, 1, at, 1 + head[..at].Count((byte)'\n')))
            : null;
    }

    /// <summary>What a file is that does not begin with an array.</summary>
    /// <param name="fileName">For the message.</param>
    /// <param name="start">The file's first bytes after white space, up to a megabyte.</param>
    /// <param name="line">Of the first of them.</param>
    /// <param name="byteOffset">Of the first of them.</param>
    public static HarvestException Explain(string fileName, ReadOnlySpan<byte> start, long line, long byteOffset)
    {
        if (Magic.Of(start) != Packing.None || Magic.IsOtherArchive(start))
        {
            return ExportErrors.ExportIsPacked(fileName);
        }

        var place = new ExportPlace(fileName, line, byteOffset, 0);
        if (start[0] != '{')
        {
            return TextSniffer.Explain(fileName, start) ?? ExportErrors.ExportNotAnArray(place, start[0], names: null);
        }

        JsonHead head = JsonHead.Read(start);
        return head.IsFollowed ? ExportErrors.ExportIsJsonLines(fileName)
            : ExplainObject(fileName, head) ?? ExportErrors.ExportNotAnArray(place, start[0], head.Names);
    }

    /// <summary>What an array begins with whose first element is a text, as an answer with several errors does.</summary>
    public static HarvestException? ExplainTexts(string fileName, ReadOnlySpan<byte> element)
    {
        // Read as the member of an object, which the reader of objects can do.
        JsonHead head = JsonHead.Read([.. "{\"errors\":["u8, .. element[..Math.Min(element.Length, 4096)]]);
        return head.TextOf("errors") is { } text ? ExportErrors.ExportIsApiError(fileName, null, text) : null;
    }

    /// <summary>What an element of the array is; null where it may be a task, also one without annotations.</summary>
    public static HarvestException? ExplainElement(in RawTask element)
    {
        ReadOnlySpan<byte> probe = element.Span[..Math.Min(element.Length, ProbeBytes)];
        if (JsonNames.HasTask(probe))
        {
            return null;
        }

        JsonHead head = JsonHead.Read(probe);
        if (IsCoco(head))
        {
            return ExportErrors.ExportIsCoco(element.FileName);
        }

        if (head.HasAny(Members.Annotations, Members.Completions, Members.Data))
        {
            return null;
        }

        if (head.Has(Members.Result))
        {
            return IsAnnotation(head) ? ExportErrors.ExportIsAnnotation(element) : ExportErrors.ExportIsPredictions(element);
        }

        if (head.HasAny("annotation_id", "annotator", "lead_time"))
        {
            return ExportErrors.ExportIsJsonMin(element);
        }

        return head.HasAny(Members.Id, Members.Predictions) ? null
            : IsPage(head) ? ExportErrors.ExportIsApiPage(element.FileName)
            : head.Has("image_id") && head.Has("category_id") ? ExportErrors.ExportIsCoco(element.FileName)
            : ApiError(element.FileName, head);
    }

    private static HarvestException? ExplainObject(string fileName, JsonHead head)
    {
        if (IsWebhook(head))
        {
            return ExportErrors.ExportIsWebhook(fileName);
        }

        if (IsPage(head))
        {
            return ExportErrors.ExportIsApiPage(fileName);
        }

        if (IsCoco(head))
        {
            return ExportErrors.ExportIsCoco(fileName);
        }

        if (head.Has(Members.Result))
        {
            return IsAnnotation(head) ? ExportErrors.ExportIsAnnotation(fileName) : ExportErrors.ExportIsPredictions(fileName);
        }

        if (head.HasArray("results"))
        {
            return ExportErrors.ExportIsPredictions(fileName);
        }

        if (head.HasAny(Members.Annotations, Members.Completions, Members.Data))
        {
            return ExportErrors.ExportIsSingleTask(fileName);
        }

        if (head.Has("categories") && head.HasAny("info", "contributor"))
        {
            return ExportErrors.ExportIsOtherFormat(fileName, "the list of classes of a YOLO or COCO export");
        }

        return head.Has("label_config")
            ? ExportErrors.ExportIsOtherFormat(fileName, "the settings of a project, as Label Studio's API gives them")
            : ApiError(fileName, head);
    }

    /// <summary>One annotation: of a target storage, which puts the task into it, or of the API.</summary>
    private static bool IsAnnotation(JsonHead head) =>
        head.HasObject("task") || head.HasAny(Members.CompletedBy, Members.WasCancelled, Members.GroundTruth, "lead_time", "result_count");

    private static bool IsWebhook(JsonHead head) =>
        (head.Has("action") && head.HasAny("annotation", Members.Annotations, "task", "tasks", Members.Project))
        || (head.Has("annotation") && head.HasAny("task", Members.Project));

    private static bool IsPage(JsonHead head) =>
        head.HasArray("tasks")
        || head.HasArray(Members.Data)
        || (head.HasArray("results") && head.HasAny("count", "next", "previous"));

    private static bool IsCoco(JsonHead head) => head.Has("images") && head.HasAny("categories", Members.Annotations) && !head.Has(Members.Data);

    private static HarvestException? ApiError(string fileName, JsonHead head)
    {
        bool any = head.Names.Any(static name => s_errorNames.Contains(name, StringComparer.OrdinalIgnoreCase));
        return any
            ? ExportErrors.ExportIsApiError(
                fileName,
                head.TextOf("status_code") ?? head.TextOf("status"),
                s_errorNames.Where(static name => name != "status_code").Select(head.TextOf).FirstOrDefault(static text => text is not null))
            : null;
    }

    private static ReadOnlySpan<byte> SkipMark(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? head[3..] : head;
}
