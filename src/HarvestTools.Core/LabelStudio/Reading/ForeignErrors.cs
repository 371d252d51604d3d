using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Errors of files that are something else than an export: what each is, and how to come to the export.</summary>
internal static partial class ExportErrors
{
    private const string DownloadJson =
        "Download the export from the address /api/projects/ID/export?exportType=JSON, with ID for the project's number, or with the Export button and the format \"JSON\".";

    /// <param name="file">The file.</param>
    /// <param name="oid">SHA-256 of what the pointer names; null where it lacks it.</param>
    /// <param name="bytes">Its size; null where the pointer lacks it.</param>
    public static HarvestException ExportIsLfsPointer(string file, string? oid, long? bytes) => Data(
        nameof(ExportIsLfsPointer),
        file,
        $"{file} is a Git LFS pointer, not the file that it names"
            + (oid is null ? "." : $" (SHA-256 {Figures.ShortHash(oid)}{(bytes is { } size ? $", {Figures.Size(size)}" : "")}), and that file was not found."),
        "Run git lfs pull in its repository, which puts the file in the pointer's place; where git lfs is not set up yet, run git lfs install first.");

    /// <param name="path">The file that git-lfs keeps, or another one with what a pointer names.</param>
    /// <param name="oid">The SHA-256 that it should have.</param>
    /// <param name="actual">The one that it has.</param>
    /// <param name="pointer">The pointer that names it; null where none was read.</param>
    public static HarvestException LfsObjectDamaged(string path, string oid, string actual, string? pointer = null) => new(
        nameof(LfsObjectDamaged), HarvestFault.Damaged,
        (pointer is null ? "A file of git-lfs" : $"The file that the Git LFS pointer {pointer} names") + $" is damaged: '{path}' has SHA-256 {actual} instead of {oid}.",
        "Run git lfs fsck in its repository, which moves what is damaged out of the way, then git lfs pull.", path);

    /// <param name="file">The file.</param>
    /// <param name="path">The file that it is kept for; null where it does not say.</param>
    public static HarvestException ExportIsDvcFile(string file, string? path) => Data(
        nameof(ExportIsDvcFile),
        file,
        $"{file} is a DVC file, which names {path ?? "another file"} by its hash, not an export.",
        $"Run dvc pull, then use {path ?? "the file that it names"}.");

    /// <param name="file">The file.</param>
    /// <param name="status">The HTTP status that it has; null where it has none.</param>
    /// <param name="text">What it says; null where it has no text.</param>
    public static HarvestException ExportIsApiError(string file, string? status, string? text) => Data(
        nameof(ExportIsApiError),
        file,
        $"{file} is an error that a server answered, not an export"
            + (status is null ? "" : $" (status {status})") + (text is null ? "." : $": \"{OneLine(text)}\"."),
        IsDenied(status, text)
            ? $"Check the access token that the download is made with (the header Authorization: Token, or Bearer for a personal access token), and whether its user may see the project. {DownloadJson}"
            : DownloadJson);

    public static HarvestException ExportIsApiPage(string file) => Data(
        nameof(ExportIsApiPage),
        file,
        $"{file} is one page of a list of the API, not an export: it has some of the tasks, and not all that an export says of them.",
        DownloadJson);

    /// <param name="file">The file.</param>
    /// <param name="title">The page's title; null where it has none.</param>
    /// <param name="kind">A login page, or any page.</param>
    public static HarvestException ExportIsWebPage(string file, string? title, string kind) => Data(
        nameof(ExportIsWebPage),
        file,
        $"{file} is a {kind} (HTML){(title is null ? "" : $", \"{OneLine(title)}\"")}, not an export: the download was not logged in, or its address is not that of an export.",
        $"Log in, or check the access token that the download is made with. {DownloadJson}");

    public static HarvestException ExportIsAnnotation(string file) => Data(
        nameof(ExportIsAnnotation),
        file,
        $"{file} is one annotation, as a target storage has one file for each, not an export.",
        AnnotationRemedy);

    public static HarvestException ExportIsAnnotation(in RawTask task) => At(
        nameof(ExportIsAnnotation),
        task,
        0,
        "this is an annotation, as a target storage has one file for each, not a task with its annotations",
        AnnotationRemedy);

    private const string AnnotationRemedy =
        "Files of a target storage cannot be joined into an export: they lack drafts, predictions and tasks without annotations. " + DownloadJson;

    public static HarvestException ExportIsWebhook(string file) => Data(
        nameof(ExportIsWebhook),
        file,
        $"{file} is the payload of one webhook event, not an export.",
        DownloadJson);

    public static HarvestException ExportIsSingleTask(string file) => Data(
        nameof(ExportIsSingleTask),
        file,
        $"{file} is a single task, not an array of tasks.",
        "Export the whole project as \"JSON\", or put the task in square brackets.");

    public static HarvestException ExportIsJsonLines(string file) => Data(
        nameof(ExportIsJsonLines),
        file,
        $"{file} is a sequence of JSON objects (JSON lines), not one array of tasks.",
        "Export the project as \"JSON\", or join the lines into one array.");

    public static HarvestException ExportIsCoco(string file) => Data(
        nameof(ExportIsCoco),
        file,
        $"{file} is a COCO file, not a Label Studio JSON export.",
        ExportAgain);

    /// <param name="file">The file.</param>
    /// <param name="delimiter">What is between its columns.</param>
    public static HarvestException ExportIsCsv(string file, string delimiter) => Data(
        nameof(ExportIsCsv),
        file,
        $"{file} is a table with {delimiter} between its columns (CSV or TSV), which lacks region ids, origins and cancelled annotations.",
        ExportAgain);

    public static HarvestException ExportIsYaml(string file) => Data(
        nameof(ExportIsYaml), file, $"{file} is YAML, not a Label Studio JSON export.", ExportAgain);

    /// <param name="file">The file.</param>
    /// <param name="what">What it is.</param>
    public static HarvestException ExportIsOtherFormat(string file, string what) => Data(
        nameof(ExportIsOtherFormat), file, $"{file} is {what}, not a Label Studio JSON export.", ExportAgain);

    public static HarvestException ExportHasConflicts(string file) => Data(
        nameof(ExportHasConflicts),
        file,
        $"{file} has the marks of a git merge conflict.",
        "Take one side of the merge whole, or export the project again: two exports cannot be merged line by line.");

    public static HarvestException ExportIsJsonMin(in RawTask task) => At(
        nameof(ExportIsJsonMin),
        task,
        0,
        "this is the JSON-MIN format (flat tasks without annotations), which lacks region ids, origins and cancelled annotations",
        "Export the project again and choose \"JSON\" instead of \"JSON-MIN\".");

    public static HarvestException ExportIsPredictions(string file) => Data(
        nameof(ExportIsPredictions),
        file,
        $"{file} has predictions of a model, not an export of tasks.",
        ExportAgain);

    public static HarvestException ExportIsPredictions(in RawTask task) => At(
        nameof(ExportIsPredictions),
        task,
        0,
        "this is a list of predictions (it has \"result\" and no annotations), not an export of tasks",
        ExportAgain);

    /// <summary>Refused where an export should become rows; only a warning where it is archived or hashed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tasks">How many tasks it has.</param>
    /// <param name="missing">How many of them have no annotation though their counter says that they have.</param>
    public static HarvestException ExportLabelsMissing(string file, long tasks, long missing) => Data(
        nameof(ExportLabelsMissing),
        file,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{file} lacks labels: by total_annotations {missing} of its {tasks} tasks are annotated, but their annotations are not in it, as in task lists of the API."),
        DownloadJson);

    private static bool IsDenied(string? status, string? text) =>
        status is "401" or "403"
        || (text is not null && s_denials.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static readonly string[] s_denials = ["credential", "token", "permission", "authenticat", "unauthori", "forbidden", "denied", "login", "log in", "expired"];

    private static string OneLine(string text) =>
        string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter)).Trim(' ', '.');
}
