using System.Globalization;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Errors inside one task; each names file, line, byte and task.</summary>
internal static partial class ExportErrors
{
    public static HarvestException ExportInvalidUtf8(in RawTask task, int position) => At(
        nameof(ExportInvalidUtf8),
        task,
        position,
        string.Create(CultureInfo.InvariantCulture, $"byte 0x{task.Span[position]:X2} is not valid UTF-8"),
        "Use the file as Label Studio wrote it, or save it again as UTF-8.");

    public static HarvestException ExportTaskTooLarge(in RawTask task, int limit) => At(
        nameof(ExportTaskTooLarge),
        task,
        0,
        string.Create(CultureInfo.InvariantCulture, $"the task is larger than {limit / (1024 * 1024)} MiB, the most that one task may have"),
        "Look for embedded images or text in the task's data, and import them by URL instead.");

    public static HarvestException ExportNestedTooDeep(in RawTask task, int position) => At(
        nameof(ExportNestedTooDeep),
        task,
        position,
        string.Create(CultureInfo.InvariantCulture, $"the JSON is nested deeper than {Json.JsonTape.MaxDepth} levels"),
        "Look for the data that is nested so deep, and flatten it.");

    public static HarvestException ExportNotFinite(in RawTask task, int position) => At(
        nameof(ExportNotFinite),
        task,
        position,
        "NaN and Infinity are not JSON numbers",
        "Correct the script that wrote them: use null or a finite number.");

    public static HarvestException ExportMalformed(in RawTask task, int position) => At(
        nameof(ExportMalformed),
        task,
        position,
        position == task.Length ? "the JSON ends too early"
            : task.Span[position] < 0x20 ? $"the JSON is malformed: raw control character {Show(task.Span[position])}"
            : $"the JSON is malformed: unexpected {Show(task.Span[position])}",
        "Download or copy the export again; if it was edited by hand, correct it at that place.");

    /// <summary>A well-formed value that cannot be used where it stands.</summary>
    /// <param name="task">The task.</param>
    /// <param name="position">Where the value starts, from the task's opening brace.</param>
    /// <param name="what">What is found and what is wrong with it.</param>
    public static HarvestException ExportValueUnusable(in RawTask task, long position, string what) => At(
        nameof(ExportValueUnusable), task, (int)position, what, "Correct the value at that place, in Label Studio or in the script that wrote it.");

    /// <param name="file">The export.</param>
    /// <param name="id">The task's.</param>
    /// <param name="first">Line and byte of the one.</param>
    /// <param name="second">Line and byte of the other.</param>
    public static HarvestException ExportTaskRepeated(string file, long id, (long Line, long Byte) first, (long Line, long Byte) second) => Data(
        nameof(ExportTaskRepeated),
        file,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{file} has task {id} twice with different labels: at line {first.Line}, byte {first.Byte} and at line {second.Line}, byte {second.Byte}."),
        "Export the project again; where the file was joined from several, keep one of the two.");

    /// <param name="task">The task.</param>
    /// <param name="id">The annotation's.</param>
    /// <param name="first">Where the one starts, from the task's opening brace.</param>
    /// <param name="second">Where the other starts.</param>
    public static HarvestException ExportAnnotationRepeated(in RawTask task, long id, int first, int second) => At(
        nameof(ExportAnnotationRepeated),
        task,
        Math.Max(first, second),
        string.Create(
            CultureInfo.InvariantCulture,
            $"annotation {id} is there a second time with different content; the first is at byte {task.ByteOffset + Math.Min(first, second)}"),
        "Export the project again; where the file was joined from several, keep one of the two.");

    private static string Name(in RawTask task)
    {
        long? id = TaskIdProbe.Find(task.Span);
        return id is null
            ? string.Create(CultureInfo.InvariantCulture, $"task {task.Ordinal}")
            : string.Create(CultureInfo.InvariantCulture, $"task {task.Ordinal}, id {id}");
    }

    private static HarvestException At(string id, in RawTask task, int position, string what, string remedy)
    {
        long line = task.Line + task.Span[..position].Count((byte)'\n');
        return Data(
            id,
            task.FileName,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{task.FileName}, line {line}, byte {task.ByteOffset + position} ({Name(task)}): {what}."),
            remedy);
    }
}
