using System.Globalization;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>A place in an export.</summary>
/// <param name="FileName">Name or path.</param>
/// <param name="Line">From 1.</param>
/// <param name="ByteOffset">From 0.</param>
/// <param name="TasksBefore">How many tasks end before it.</param>
internal readonly record struct ExportPlace(string FileName, long Line, long ByteOffset, long TasksBefore)
{
    /// <summary>For example <c>a.json, line 1, byte 812 (after task 3)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{FileName}, line {Line}, byte {ByteOffset}{(TasksBefore > 0 ? $" (after task {TasksBefore})" : "")}");
}

/// <summary>Errors of files that are not readable exports. Bytes count from 0, lines and tasks from 1.</summary>
internal static partial class ExportErrors
{
    private const string ExportAgain = "Export the project again from Label Studio and choose the format \"JSON\".";

    public static HarvestException ExportNotFound(string path) => new(
        nameof(ExportNotFound),
        HarvestFault.NotFound,
        $"The export file {path} does not exist.",
        "Check the path; a relative one starts at the current folder.",
        path);

    public static HarvestException ExportUnreadable(string file, long byteOffset, Exception inner) => new(
        nameof(ExportUnreadable),
        HarvestFault.FileSystem,
        string.Create(CultureInfo.InvariantCulture, $"{file} cannot be read; the system refused at byte {byteOffset}."),
        "Check that it is a file, that you may read it, and that its disk or network share is there.",
        file,
        inner);

    public static HarvestException ExportCopyFailed(string file, long byteOffset, Exception inner) => new(
        nameof(ExportCopyFailed),
        HarvestFault.FileSystem,
        string.Create(CultureInfo.InvariantCulture, $"The copy of {file} cannot be written; the system refused at byte {byteOffset}."),
        "Check the free space and the permissions of the archive's folder.",
        file,
        inner);

    public static HarvestException ExportEmpty(string file) => Data(
        nameof(ExportEmpty), file, $"{file} is empty: it has no JSON.", ExportAgain);

    public static HarvestException ExportNotUtf8(string file) => Data(
        nameof(ExportNotUtf8),
        file,
        $"{file} is UTF-16 or UTF-32 text, not UTF-8 (an editor or a PowerShell redirection saves files so).",
        "Use the file as Label Studio wrote it, or save it again as UTF-8.");

    /// <param name="place">Of the first byte.</param>
    /// <param name="found">The first byte.</param>
    /// <param name="names">Members of the object that the file begins with; null where it begins with something else.</param>
    public static HarvestException ExportNotAnArray(ExportPlace place, byte found, IReadOnlyCollection<string>? names) => Data(
        nameof(ExportNotAnArray),
        place.FileName,
        $"{place}: a Label Studio export starts with [ and this file with {Show(found)}"
            + (names is null or { Count: 0 } ? "." : $", an object with {string.Join(", ", names.Take(8))}{(names.Count > 8 ? ", …" : "")}."),
        ExportAgain);

    public static HarvestException ExportHoldsNoTasks(string file, long objects) => Data(
        nameof(ExportHoldsNoTasks),
        file,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{file} is an array of {objects} objects, but none is a Label Studio task: they have neither id, data nor annotations."),
        ExportAgain);

    public static HarvestException ExportTruncated(string file, long line, long bytes, long tasks) => Data(
        nameof(ExportTruncated),
        file,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{file} is cut off: it ends at line {line}, byte {bytes}, after task {tasks}, without the closing ]."),
        "Download or copy the export again.");

    public static HarvestException ExportTruncated(in RawTask task, long bytes) => Data(
        nameof(ExportTruncated),
        task.FileName,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{task.FileName} is cut off: it ends at byte {bytes}, inside {Name(task)}, which starts at line {task.Line}, byte {task.ByteOffset}."),
        "Download or copy the export again.");

    public static HarvestException ExportTrailingData(ExportPlace place, byte found) => Data(
        nameof(ExportTrailingData),
        place.FileName,
        found is (byte)'[' or (byte)'{'
            ? $"{place}: a second JSON value starts after the end of the array; the file is several exports in one."
            : $"{place}: there is {Show(found)} after the end of the array.",
        found is (byte)'[' or (byte)'{' ? "Add each export as a file of its own." : "Download or copy the export again.");

    public static HarvestException ExportCommaMissing(ExportPlace place, byte found) => Data(
        nameof(ExportCommaMissing),
        place.FileName,
        $"{place}: expected a comma or the closing ], found {Show(found)}.",
        "Download or copy the export again.");

    public static HarvestException ExportTaskNotAnObject(ExportPlace place, byte found) => Data(
        nameof(ExportTaskNotAnObject),
        place.FileName,
        found == ']'
            ? $"{place}: expected a task after the comma, found the end of the array."
            : $"{place}: expected a task, which is a JSON object, found {Show(found)}.",
        ExportAgain);

    /// <summary>UTF-16 or UTF-32, told by its mark or by the zero byte that ASCII has in them.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])
        || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])
        || (head.Length >= 2 && (head[0] == 0) != (head[1] == 0) && IsText((byte)(head[0] | head[1])))
        || head.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF]);

    private static bool IsText(byte letter) => letter is (>= 0x20 and < 0x7F) or (byte)'\t' or (byte)'\n' or (byte)'\r';

    /// <summary>A byte for a message: itself where it can be printed.</summary>
    private static string Show(byte found) => found is > 0x20 and < 0x7F
        ? $"'{(char)found}'"
        : string.Create(CultureInfo.InvariantCulture, $"byte 0x{found:X2}");

    private static HarvestException Data(string id, string file, string message, string remedy) =>
        new(id, HarvestFault.InvalidData, message, remedy, file);
}
