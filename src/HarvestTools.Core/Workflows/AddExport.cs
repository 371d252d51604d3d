using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>An export as the archive holds it.</summary>
/// <param name="Project">The project it stands under.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="LabelSha256">Its label hash.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Path">Where it came from: relative to the repository, or the bare name of a file from outside.</param>
/// <param name="Added">True where bytes were copied; false where the archive had them already.</param>
/// <param name="SameLabelsAs">Another archived export of the project with equal labels, if any.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="Annotations">Number of annotations.</param>
public sealed record AddedExport(
    string Project,
    string Sha256,
    string? LabelSha256,
    long Bytes,
    string Path,
    bool Added,
    string? SameLabelsAs,
    long? Tasks,
    long? Annotations);

/// <summary>Archives an export: one pass that copies, hashes and reads the labels.</summary>
public static class AddExport
{
    /// <param name="repository">Where to.</param>
    /// <param name="path">The export file.</param>
    /// <param name="project">The project's name; null takes <c>project-&lt;id&gt;</c> from the export itself.</param>
    /// <param name="context">Threads, progress, clock, cancellation.</param>
    /// <param name="labels">
    /// False copies and hashes the bytes, whatever they are, without reading them as an export: the record then lacks the
    /// label hash and the counts, and the project must be named.
    /// </param>
    /// <exception cref="HarvestException">The file cannot be read or is no export; the archive is then as it was.</exception>
    public static AddedExport Run(Repository repository, string path, string? project, WorkContext context, bool labels = true)
    {
        path = Path.GetFullPath(path);
        if (project is null && !labels)
        {
            throw AddErrors.ProjectUnknown(path);
        }

        if (project is not null)
        {
            repository.Archive.CheckProject(project);
        }

        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        using PendingObject pending = repository.Archive.Objects.BeginAdd();
        ExportFingerprint print = ExportFingerprint.Compute(
            file,
            path,
            pending.Stream,
            withLabels: labels,
            context.Threads,
            context.Bytes("Adding", Path.GetFileName(path), file.Length),
            context.Cancellation);
        project ??= ProjectOf(print, path);
        repository.Archive.CheckProject(project);
        string? sameLabels = print.LabelSha256 is null ? null : repository.Archive.List(project)
            .LastOrDefault(record => record.ComparableLabels == print.LabelSha256 && record.Sha256 != print.Sha256)?.Sha256;
        AddOutcome outcome = pending.Commit(print.Sha256, context.Cancellation);
        bool inside = RepositoryPath.TryMakeRelative(repository.Root, path, out string? relative);
        repository.Archive.Record(new ExportRecord
        {
            Project = project,
            Sha256 = print.Sha256,
            LabelSha256 = print.LabelSha256,
            LabelVersion = print.LabelSha256 is null ? null : LabelHash.Version,
            Bytes = print.Bytes,
            Path = relative,
            Name = inside ? null : Path.GetFileName(path),
            AddedAt = Timestamp.From(context.Clock.GetUtcNow()),
            Tasks = print.Tasks,
            Annotations = print.Annotations,
            Cancelled = print.Cancelled,
            Drafts = print.Drafts,
            RegionTypes = print.RegionTypes ?? new Dictionary<string, long>(),
        });
        return new AddedExport(
            project,
            print.Sha256,
            print.LabelSha256,
            print.Bytes,
            relative ?? Path.GetFileName(path),
            outcome != AddOutcome.AlreadyThere,
            sameLabels,
            print.Tasks,
            print.Annotations);
    }

    private static string ProjectOf(ExportFingerprint print, string path) => print.ProjectIds! switch
    {
        [long id] => string.Create(CultureInfo.InvariantCulture, $"project-{id}"),
        [] => throw AddErrors.ProjectUnknown(path),
        var several => throw AddErrors.ProjectsSeveral(path, several),
    };
}
