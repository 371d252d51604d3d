using HarvestTools.Strings;

namespace HarvestTools.Archive;

/// <summary>Errors of the archive of exports and definitions.</summary>
internal static class ArchiveErrors
{
    public static HarvestException ObjectNotFound(string hash) => new(
        nameof(ObjectNotFound), HarvestFault.NotFound,
        $"Nothing in the archive has a hash that begins with '{hash}'.",
        $"List what is archived with {new RemedyAction.ListExports()}, or archive the file with {new RemedyAction.AddExport()}.", hash);

    /// <summary>An object that nothing needed, and that went for good.</summary>
    /// <param name="hash">As it was asked for.</param>
    /// <param name="what">What went, with the first digits of its hash.</param>
    /// <param name="removed">When, in UTC.</param>
    /// <param name="remote">The remote that it was removed from; null for the archive.</param>
    public static HarvestException ObjectRemoved(string hash, string what, string removed, string? remote = null) => new(
        nameof(ObjectRemoved), HarvestFault.NotFound,
        $"The {what} was removed by retention on {removed} UTC{(remote is null ? "" : $" from the remote {remote}")}.",
        remote is null
            ? (Remedy)$"Archive the original file again with {new RemedyAction.AddExport()}; its SHA-256 shows whether it is the right one."
            : $"Run {new RemedyAction.PushSlices()} on a machine that has it.", hash);

    /// <summary>An export that was removed to erase what it held.</summary>
    /// <param name="sha256">The export.</param>
    /// <param name="removed">When, in UTC.</param>
    public static HarvestException ObjectErased(string sha256, string removed) => new(
        nameof(ObjectErased), HarvestFault.NotFound,
        $"The export {Figures.ShortHash(sha256)} was removed on {removed} UTC to erase what it held.",
        $"Take the redacted export in its place; {new RemedyAction.ListExports()} lists what is archived.", sha256);

    public static HarvestException ObjectDamaged(string source, string expected, string actual) => new(
        nameof(ObjectDamaged), HarvestFault.Damaged,
        $"The object {expected} in {source} is damaged: its bytes have SHA-256 {actual}.",
        $"Run {new RemedyAction.RepairArchive()}, or add the file with the right hash again.", expected);

    /// <summary>Bytes that came from a remote, and were not kept.</summary>
    /// <param name="remote">The remote.</param>
    /// <param name="sha256">The object.</param>
    /// <param name="media">Whether it is a medium, which a push sends only when asked.</param>
    public static HarvestException RemoteObjectDamaged(string remote, string sha256, bool media = false) => new(
        nameof(RemoteObjectDamaged), HarvestFault.Damaged,
        $"The object {sha256} in the remote {remote} is damaged: its bytes have another SHA-256. Nothing of it was kept here.",
        $"Run {new RemedyAction.PushSlices(Deep: true) { Media = media }} on a machine {(media ? "that has the file" : "whose archive is whole")}; it replaces what is damaged there.", sha256);

    public static HarvestException ObjectHashDiffers(string expected, string actual) => new(
        nameof(ObjectHashDiffers), HarvestFault.Damaged,
        $"The bytes that were to be archived as {expected} have SHA-256 {actual}; nothing was archived.",
        "Run the command again; if the message comes again, check the disk or the store that the bytes are read from.", expected);

    public static HarvestException HashAmbiguous(string prefix, IReadOnlyCollection<string> matches) => new(
        nameof(HashAmbiguous), HarvestFault.Usage,
        $"{Figures.Count(matches.Count)} hashes begin with '{prefix}': {string.Join(", ", matches.Take(10))}{(matches.Count > 10 ? ", …" : string.Empty)}.",
        "Write more digits of the one you mean.", prefix);

    public static HarvestException HashPrefixInvalid(string text) => new(
        nameof(HashPrefixInvalid), HarvestFault.Usage,
        $"'{text}' is not the beginning of a SHA-256.",
        "Write at least 4 and at most 64 hexadecimal digits.", text);

    /// <summary>A project of which nothing is archived.</summary>
    public static HarvestException ProjectNotFound(string project, IReadOnlyCollection<string> known) => new(
        nameof(ProjectNotFound), HarvestFault.NotFound,
        $"No export of a project '{project}' is archived." + DidYouMean(project, known),
        $"{Projects(known)}{new RemedyAction.ListExports()} lists what is archived.", project);

    /// <summary>A name that may be a project, a hash or a file, and is none of them.</summary>
    public static HarvestException ExportUnknown(string selector, IReadOnlyCollection<string> known) => new(
        nameof(ExportUnknown), HarvestFault.NotFound,
        $"'{selector}' is neither a project, nor the hash of an archived export, nor a file." + DidYouMean(selector, known),
        $"{Projects(known)}{new RemedyAction.ListExports()} lists what is archived.", selector);

    /// <summary>A file that names an export for a new slice, and that nobody archived.</summary>
    public static HarvestException FileNotArchived(string path, string sha256) => new(
        nameof(FileNotArchived), HarvestFault.NotFound,
        $"The file '{path}' is not archived: no export has its SHA-256 {Figures.ShortHash(sha256)}.",
        $"Archive it first with {new RemedyAction.AddExport(path)}; what is no export is named there.", path);

    public static HarvestException ProjectNameInvalid(string project, string why) => new(
        nameof(ProjectNameInvalid), HarvestFault.Usage,
        $"'{project}' cannot name a project: {why}.",
        "Use letters, digits, '.', '_' and '-', beginning with a letter or a digit, as in project-7.", project);

    public static HarvestException ProjectDiffersByCase(string project, string existing) => new(
        nameof(ProjectDiffersByCase), HarvestFault.Usage,
        $"The project '{project}' differs from the archived project '{existing}' by upper and lower case alone.",
        $"Write '{existing}', or choose another name; on Windows and macOS both would be one file.", project);

    /// <param name="exports">How many exports slices name.</param>
    /// <param name="slices">Those slices.</param>
    /// <param name="archive">Where the archive is, or would be.</param>
    /// <param name="remote">Whether the repository has a remote.</param>
    public static HarvestException ExportsNotRecorded(int exports, IReadOnlyList<string> slices, string archive, bool remote) => new(
        nameof(ExportsNotRecorded), HarvestFault.NotFound,
        $"No export has a record here, though {(slices.Count == 1 ? "slice" : "slices")} {Figures.List(slices)} {(slices.Count == 1 ? "names" : "name")} {Figures.Count(exports, "export")}: git does not keep the archive ({archive}).",
        remote
            ? (Remedy)$"Bring them from the remote with {new RemedyAction.PullSlices()}."
            : $"Copy {archive} from a machine that has it, or archive the files again with {new RemedyAction.AddExport()}.", archive);

    public static HarvestException RecordMismatch(string file, string expected) => new(
        nameof(RecordMismatch), HarvestFault.InvalidData,
        $"'{file}' records another export than its name says; by its content it would be '{expected}'.",
        "Rename the file, or remove it and add the export again.", file);

    /// <param name="file">The record.</param>
    /// <param name="message">Where and why it is no JSON; null where its digest is wrong.</param>
    public static HarvestException RecordDamaged(string file, string? message = null) => new(
        nameof(RecordDamaged), HarvestFault.Damaged,
        message is null
            ? $"The record '{file}' is damaged: what it says no longer has the SHA-256 that it carries as \"{RecordSeal.Member}\"."
            : $"A record is damaged: {message}",
        $"Run {new RemedyAction.RepairArchive()}, which reads the export again, or add the export again with {new RemedyAction.AddExport()}.", file);

    private static string DidYouMean(string name, IEnumerable<string> known) =>
        NearestName.Question(name, known);

    private static string Projects(IReadOnlyCollection<string> known) => known.Count switch
    {
        0 => string.Empty,
        1 => $"The only project is {known.First()}. ",
        _ => $"The projects are {Figures.List([.. known])}. ",
    };
}
