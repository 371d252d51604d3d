using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>An archived export and where it is to be put.</summary>
/// <param name="Project">The project that it is of.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Path">Full path of the file to write.</param>
/// <param name="To">The path as it was asked for; null for the recorded one.</param>
public sealed record RestoreTarget(string Project, string Sha256, string Path, string? To)
{
    /// <summary><c>b-451a57b0b9f0</c>, by which it can be named again.</summary>
    public string Selector => $"{Project}-{Figures.ShortHash(Sha256)}";
}

/// <summary>What putting an export back did.</summary>
public enum RestoreOutcome
{
    /// <summary>There was no file, or a Git LFS pointer to this export; now it is there.</summary>
    Restored,

    /// <summary>The file was there with these bytes; nothing was written.</summary>
    AlreadyThere,

    /// <summary>Another file was there and was replaced.</summary>
    Replaced,
}

/// <summary>An export that is at its path again.</summary>
/// <param name="Project">The project that it is of.</param>
/// <param name="Sha256">Of its bytes.</param>
/// <param name="Path">Full path of the file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Outcome">What was done.</param>
/// <param name="Before">SHA-256 of what was there before; null where nothing was.</param>
/// <param name="BeforeArchived">Whether what was there before is archived, so that it can be restored too.</param>
public sealed record RestoredExport(
    string Project, string Sha256, string Path, long Bytes, RestoreOutcome Outcome, string? Before, bool BeforeArchived);

/// <summary>
/// Puts archived exports back where they were added from, or at another path: verified while they are written, and under
/// their names only once they are whole.
/// </summary>
public static class RestoreExport
{
    private const int BufferBytes = 1024 * 1024;

    /// <summary>Where the exports go that a text names.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="export">The first digits of a hash, <c>project-hash</c>, or a project, which means its newest export.</param>
    /// <param name="to">Full path of a file, or of a folder that exists; null for the recorded path.</param>
    /// <exception cref="HarvestException">No export is archived by that name, or no path is known.</exception>
    public static IReadOnlyList<RestoreTarget> Plan(Repository repository, string export, string? to)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return Targets(repository, [.. repository.WithRecords(() => Find(repository, export)).Select(static record => (record.Project, record.Sha256, record.Path, record.Name))], to);
    }

    /// <summary>Where the exports of a slice go: to the paths that the slice recorded.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice.</param>
    /// <param name="to">Full path of a folder that exists, or of a file where the slice has one export; null for the recorded paths.</param>
    /// <exception cref="HarvestException">The slice cannot be read, or no path is known.</exception>
    public static IReadOnlyList<RestoreTarget> PlanSlice(Repository repository, string version, string? to)
    {
        ArgumentNullException.ThrowIfNull(repository);
        return Targets(repository, [.. repository.Slices.Load(version).Exports.Select(static export => (export.Project, export.Sha256, export.Path, export.Name))], to);
    }

    /// <summary>Puts one export back.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="target">One of a plan.</param>
    /// <param name="force">Replace a file of other bytes.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">
    /// RestoreTargetDiffers: a file of other bytes is there. The export is not archived, or damaged. The file cannot be written.
    /// In all cases the file at the path is as it was.
    /// </exception>
    public static RestoredExport Run(Repository repository, RestoreTarget target, bool force, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(context);
        // What a pointer says is not lost with it, and git sees no difference.
        bool pointer = IsPointerTo(target);
        string? before = pointer ? null : Before(repository, target, force, context);
        if (before == target.Sha256)
        {
            return new RestoredExport(target.Project, target.Sha256, target.Path, new FileInfo(target.Path).Length, RestoreOutcome.AlreadyThere, before, BeforeArchived: true);
        }

        using ObjectContent content = repository.Archive.Verified.TryOpen(target.Sha256, context.Cancellation)
            ?? throw repository.Archive.NotHere(target.Sha256);
        using PendingFile pending = PendingFile.Create(Path.GetDirectoryName(target.Path)!);
        long bytes = 0;
        AtomicFile.Fill(pending, stream => bytes = Copy(content, stream, context.Bytes("Restoring", target.Selector, content.Bytes), context.Cancellation));
        if (force || pointer)
        {
            pending.Commit(target.Path, cancellation: context.Cancellation);
        }
        else if (!pending.TryCommitNew(target.Path))
        {
            // Another process was faster; what it wrote is kept like anything else.
            before = HashOf(target.Path, context) ?? throw FileErrors.FileInUse(target.Path, "write");
            throw Differs(repository, target, before);
        }

        return new RestoredExport(
            target.Project,
            target.Sha256,
            target.Path,
            bytes,
            before is null ? RestoreOutcome.Restored : RestoreOutcome.Replaced,
            before,
            before is not null && repository.Archive.Contains(before));
    }

    /// <summary>What can be wrong with putting an export back is found without writing anything.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="target">One of a plan.</param>
    /// <param name="force">Whether a file of other bytes would be replaced.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">As <see cref="Run"/>.</exception>
    public static void Check(Repository repository, RestoreTarget target, bool force, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(context);
        if ((IsPointerTo(target) || Before(repository, target, force, context) != target.Sha256) && !repository.Archive.Contains(target.Sha256))
        {
            throw repository.Archive.NotHere(target.Sha256);
        }
    }

    private static bool IsPointerTo(RestoreTarget target) => LfsPointer.TryRead(target.Path)?.Oid == target.Sha256;

    /// <summary>SHA-256 of what is at the path; null where nothing is.</summary>
    private static string? Before(Repository repository, RestoreTarget target, bool force, WorkContext context)
    {
        if (Directory.Exists(target.Path))
        {
            throw FileErrors.NotAFile(target.Path, "write");
        }

        string? before = HashOf(target.Path, context);
        return before is null || before == target.Sha256 || force ? before : throw Differs(repository, target, before);
    }

    private static HarvestException Differs(Repository repository, RestoreTarget target, string actual) => RestoreErrors.RestoreTargetDiffers(
        target.Selector, target.Path, target.To, actual, repository.Archive.Contains(actual));

    /// <summary>As an export is known: of a gzip or zip the JSON inside. Null where there is no file.</summary>
    private static string? HashOf(string path, WorkContext context) => !File.Exists(path)
        ? null
        : ExportContent.HashOf(path, context.Bytes("Hashing", Path.GetFileName(path), new FileInfo(path).Length), context.Cancellation);

    private static long Copy(ObjectContent content, Stream output, IProgress<long>? progress, CancellationToken cancellation)
    {
        byte[] buffer = new byte[BufferBytes];
        long done = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();

            // The read that finds the end compares the hash, before the file gets its name.
            int read = content.Stream.Read(buffer);
            if (read == 0)
            {
                return done;
            }

            output.Write(buffer, 0, read);
            done += read;
            progress?.Report(done);
        }
    }

    private static IReadOnlyList<ExportRecord> Find(Repository repository, string export)
    {
        ExportArchive archive = repository.Archive;
        IReadOnlyList<string> projects = archive.Projects();
        if (projects.Contains(archive.CurrentName(export), StringComparer.Ordinal))
        {
            return [new NewestExports(repository).Of(export)];
        }

        // As file names and tables have it: a project, a dash, and a hash or its beginning.
        int dash = export.LastIndexOf('-');
        if (dash > 0 && archive.CurrentName(export[..dash]) is var project && projects.Contains(project, StringComparer.Ordinal))
        {
            ExportRecord[] found = [.. archive.FindExports(export[(dash + 1)..]).Where(record => record.Project == project)];
            return found.Length > 0 ? found : throw Unknown(repository, export, projects);
        }

        return ExportArchive.IsHashPrefix(export) ? archive.FindExports(export) : throw Unknown(repository, export, projects);
    }

    /// <summary>What a slice names is known by name, also in a clone that does not have it.</summary>
    private static HarvestException Unknown(Repository repository, string export, IReadOnlyList<string> projects)
    {
        string asked = repository.Archive.CurrentName(export);
        SliceManifest[] slices = [.. repository.Slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()
            .OrderByDescending(static slice => slice.Version, NaturalOrder.Instance)];
        foreach (SliceManifest slice in slices)
        {
            SliceExport? named = SliceInputs.UnderPresentNames(repository, slice).Exports.LastOrDefault(named => named.Project == asked
                || (export.Length > named.Project.Length + 1 && $"{named.Project}-{named.Sha256}".StartsWith(export, StringComparison.Ordinal)));
            if (named is not null)
            {
                return RestoreErrors.RestoreNotHere(export, slice.Version, named.Sha256, named.Project, named.Path ?? named.Name, repository.MakeRelative(repository.Archive.Folder) ?? repository.Archive.Folder);
            }
        }

        return RestoreErrors.RestoreUnknown(export, projects);
    }

    private static List<RestoreTarget> Targets(
        Repository repository, IReadOnlyList<(string Project, string Sha256, string? Path, string? Name)> exports, string? to)
    {
        bool folder = to is not null && Directory.Exists(to);
        if (to is not null && !folder && exports.DistinctBy(static export => export.Sha256).Count() > 1)
        {
            throw RestoreErrors.RestoreFolderNeeded(to, exports.Count);
        }

        var targets = new List<RestoreTarget>();
        foreach ((string project, string sha256, string? path, string? name) in exports)
        {
            if (to is null && path is null && !repository.Archive.Contains(sha256))
            {
                // Where to put it is the lesser question.
                throw repository.Archive.NotHere(sha256);
            }

            string full = to switch
            {
                null => RecordedPath(repository, $"{project}-{Figures.ShortHash(sha256)}", path, name),
                _ when folder => Path.Combine(to, Path.GetFileName(path ?? name ?? $"{project}-{Figures.ShortHash(sha256)}.json")),
                _ => to,
            };
            var target = new RestoreTarget(project, sha256, full, to);
            if (targets.Find(other => other.Path == full) is not { } same)
            {
                targets.Add(target);
            }
            else if (same.Sha256 != sha256)
            {
                throw RestoreErrors.RestoreNamesEqual(full, same.Selector, target.Selector);
            }
        }

        return targets;
    }

    private static string RecordedPath(Repository repository, string export, string? path, string? name)
    {
        if (path is null)
        {
            throw RestoreErrors.RestorePathUnknown(export, name ?? $"{export}.json");
        }

        return Path.GetExtension(path).ToUpperInvariant() is ".GZ" or ".ZIP" && !File.Exists(repository.Resolve(path))
            ? throw RestoreErrors.RestorePathPacked(export, path)
            : repository.Resolve(path);
    }
}
