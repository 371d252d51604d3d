using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Derivation;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Strings;
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
/// <param name="LabelConfigSha256">The labeling configuration that is archived with it now; null where none is.</param>
public sealed record AddedExport(
    string Project,
    string Sha256,
    string? LabelSha256,
    long Bytes,
    string Path,
    bool Added,
    string? SameLabelsAs,
    long? Tasks,
    long? Annotations,
    string? LabelConfigSha256 = null)
{
    /// <summary>The name of the JSON that was archived out of a gzip or zip; null for a plain file.</summary>
    public string? Entry { get; init; }

    /// <summary>The latest time at which one of its tasks or annotations was updated; null where it has none, or they were not read.</summary>
    public DateTimeOffset? LabelsThrough { get; init; }

    /// <summary>Whether it is the newest export of its project, which the next slice takes.</summary>
    public bool Newest { get; init; }

    /// <summary>What is odd about it though it was archived; empty where nothing is.</summary>
    public IReadOnlyList<ExportNotice> Notices { get; init; } = [];
}

/// <summary>
/// Archives an export: one pass that copies, hashes and reads the labels. What a slice could never be made of, whatever the
/// rules, is refused here and not when the labels are needed.
/// </summary>
public static class AddExport
{
    /// <summary>What can be wrong with an export is found by reading it, without writing anything.</summary>
    /// <param name="repository">Where to.</param>
    /// <param name="path">The export file.</param>
    /// <param name="project">The project's name; null takes it from the export.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <param name="labels">Whether its labels would be read.</param>
    /// <exception cref="HarvestException">As <see cref="Run"/>.</exception>
    public static void Check(Repository repository, string path, string? project, WorkContext context, bool labels = true)
    {
        path = Path.GetFullPath(path);
        project = CheckedName(repository, path, project, labels);
        using var content = ExportContent.Of(AtomicFile.OpenRead(path, bufferBytes: 0), path, repository.FileOf);
        ExportFingerprint print = Read(content, path, copyTo: null, labels, context);
        _ = ToRecord(repository, path, project, print, labelConfig: null, recordedAs: null, context, out _);
    }

    /// <param name="repository">Where to.</param>
    /// <param name="path">The export file.</param>
    /// <param name="project">The project's name; null takes <c>project-&lt;id&gt;</c> from the export itself.</param>
    /// <param name="context">Threads, progress, clock, cancellation.</param>
    /// <param name="labels">
    /// False copies and hashes the bytes without reading tasks: the record then lacks the label hash and the counts, and the
    /// project must be named. What is no export by its first bytes is refused all the same.
    /// </param>
    /// <param name="labelConfig">The project's labeling configuration, archived with the export in place of one before; null leaves that.</param>
    /// <param name="newest">It takes the place of exports whose labels go further, since the newest annotations were deleted.</param>
    /// <exception cref="HarvestException">The file cannot be read or is no export; the archive is then as it was.</exception>
    public static AddedExport Run(
        Repository repository, string path, string? project, WorkContext context, bool labels = true, LabelConfigFile? labelConfig = null, bool newest = false) =>
        RunAs(repository, path, project, context, labels, labelConfig, newest, recordedAs: null);

    /// <param name="repository">Where to.</param>
    /// <param name="path">The file with its bytes.</param>
    /// <param name="project">The project's name.</param>
    /// <param name="context">Threads, progress, clock, cancellation.</param>
    /// <param name="labels">Whether tasks are read.</param>
    /// <param name="labelConfig">The labeling configuration.</param>
    /// <param name="newest">Whether it takes the place of exports whose labels go further.</param>
    /// <param name="recordedAs">The path in the repository that it is of, where the file is a copy elsewhere; null records the file's own.</param>
    internal static AddedExport RunAs(
        Repository repository, string path, string? project, WorkContext context, bool labels, LabelConfigFile? labelConfig, bool newest, string? recordedAs)
    {
        path = Path.GetFullPath(path);
        project = CheckedName(repository, path, project, labels);

        // What is there already is not copied, and has to be there until the record that names it is written.
        using IDisposable use = ArchiveUse.Begin(repository, context);

        // Looking for what a pointer names brings it into the archive where only the remote has it.
        bool brought = LfsPointer.TryRead(path)?.Oid is { } oid && !repository.Archive.Local.Holds(oid);
        using var content = ExportContent.Of(AtomicFile.OpenRead(path, bufferBytes: 0), path, repository.FileOf);
        using PendingObject pending = repository.Archive.Objects.BeginAdd();
        ExportFingerprint print = Read(content, path, pending.Stream, labels, context);

        // First, since all else reads records: adding an export again is how its damaged record comes back.
        new RecordRescue(repository.Archive).Mend(print);
        ExportRecord record = ToRecord(repository, path, project, print, labelConfig, recordedAs, context, out IReadOnlyList<SliceEntry> unreadable);
        project = record.Project;
        string? sameLabels = print.LabelSha256 is null ? null : repository.Archive.Index.LastWithLabels(project, print.LabelSha256, except: print.Sha256)?.Sha256;
        AddOutcome outcome = pending.Commit(print.Sha256, context.Cancellation);
        if (print.Digests is not null)
        {
            repository.EnsureIgnored();
            _ = new TaskLists(repository.CacheFolder).Keep(print.Sha256, print.Digests);
        }

        if (labelConfig is not null)
        {
            // Before the record that names it, so that no record is ever without it.
            _ = repository.Archive.Objects.AddBytes(labelConfig.Bytes);
        }

        if (newest)
        {
            record = record with { NewerThan = ExportPlace.Before(repository, record) };
        }

        ExportRecord? before = repository.Archive.TryRecord(project, record.Sha256);
        (record, bool recorded) = repository.Archive.Record(record);
        ExportPlace place = ExportPlace.Of(repository, record);
        return new AddedExport(
            project,
            print.Sha256,
            print.LabelSha256,
            print.Bytes,
            repository.MakeRelative(path) ?? Path.GetFileName(path),
            brought || outcome != AddOutcome.AlreadyThere,
            sameLabels,
            print.Tasks,
            print.Annotations,
            record.LabelConfigSha256)
        {
            Entry = content.Entry,
            LabelsThrough = record.LabelsThrough?.Instant,
            Newest = place.Newest.Sha256 == record.Sha256,
            Notices =
            [
                .. new[]
                {
                    ExportNotice.Of(print, path),
                    recorded || newest ? place.Notice(path, record) : null,
                    ExportPlace.PathNotice(repository, path, record, before),
                }.OfType<ExportNotice>(),
                .. unreadable.Select(static slice => new ExportNotice(slice.Error!.ErrorId, slice.PassedOver!, slice.Error.Remedy)),
            ],
        };
    }

    /// <summary>
    /// What is to be known of exports that are not the newest of their project, in the place of a notice for each: of hundreds that are
    /// added at once all but one are not.
    /// </summary>
    /// <param name="repository">Where they are archived.</param>
    /// <param name="project">Their project.</param>
    /// <param name="notices">Those of the exports, of the id <c>ExportNotNewest</c>; at least one.</param>
    public static ExportNotice NotNewest(Repository repository, string project, IReadOnlyList<ExportNotice> notices)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(notices);
        if (notices.Count == 1)
        {
            return notices[0];
        }

        ExportRecord newest = new NewestExports(repository).Of(project);
        return ExportNotice.Of(AddErrors.ExportsNotNewest(
            notices.Count,
            project,
            $"{newest.Path ?? newest.Name ?? newest.Project} ({Figures.ShortHash(newest.Sha256)})",
            newest.LabelsThrough is { } through ? Figures.Time(through.Instant) : null));
    }

    /// <summary>Whether it is one of those that <see cref="NotNewest"/> puts together.</summary>
    /// <param name="notice">A notice of an export that was added.</param>
    public static bool IsNotNewest(ExportNotice notice) => notice?.Id == nameof(AddErrors.ExportNotNewest);

    /// <summary>
    /// To be called after the last export of a command: what the next command needs to know of them is kept. Without it that one reads
    /// the records, which takes longer and changes nothing else.
    /// </summary>
    /// <param name="repository">Where they were added.</param>
    public static void Finish(Repository repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        repository.Archive.KeepIndex();
    }

    private static string? CheckedName(Repository repository, string path, string? project, bool labels)
    {
        if (project is null)
        {
            return labels ? null : throw AddErrors.ProjectUnknown(path);
        }

        project = repository.Archive.CurrentName(project);
        repository.Archive.CheckProject(project);
        return project;
    }

    private static ExportFingerprint Read(ExportContent content, string path, Stream? copyTo, bool labels, WorkContext context)
    {
        IProgress<long>? progress = content.Track(context.Bytes("Adding", Path.GetFileName(path), content.FileBytes));
        ExportFingerprint print = labels
            ? ExportFingerprint.Compute(content.Stream, content.Name, copyTo, Derivability.Require, context.Threads, progress, context.Cancellation)
            : ExportFingerprint.Compute(content.Stream, content.Name, copyTo, withLabels: false, context.Threads, progress, context.Cancellation);
        return !labels && print.Foreign is { } foreign ? throw foreign : print;
    }

    /// <summary>The record that the export is to have, once it is known to be of its project.</summary>
    private static ExportRecord ToRecord(
        Repository repository,
        string path,
        string? project,
        ExportFingerprint print,
        LabelConfigFile? labelConfig,
        string? recordedAs,
        WorkContext context,
        out IReadOnlyList<SliceEntry> unreadable)
    {
        unreadable = [];
        project ??= ProjectOf(repository, print, path, out unreadable);
        repository.Archive.CheckProject(project);
        string? relative = recordedAs;
        bool inside = recordedAs is not null || RepositoryPath.TryMakeRelative(repository.Root, path, out relative);
        ExportRecord record = new ExportRecord
        {
            Project = project,
            Sha256 = print.Sha256,
            LabelConfigSha256 = labelConfig?.Sha256,
            Bytes = print.Bytes,
            Path = relative,
            Name = inside ? null : Path.GetFileName(path),
            AddedAt = Timestamp.From(context.Clock.GetUtcNow()),
        }.With(print);
        if (repository.Archive.RemovedAt(record.Sha256) is { } removed)
        {
            throw AddErrors.ExportWasErased(path, record.Sha256, Figures.Time(removed.Instant));
        }

        ProjectIdentity.Require(repository, path, record, print.Digests is null ? null : TaskLists.Of(print.Digests));
        return record;
    }

    private static string ProjectOf(Repository repository, ExportFingerprint print, string path, out IReadOnlyList<SliceEntry> unreadable)
    {
        unreadable = [];
        return print.ProjectIds! switch
        {
            [long id] => ProjectIdentity.NameOf(repository, id)
                ?? ProjectIdentity.NameInSlices(repository, print.Sha256, out unreadable)
                ?? repository.Archive.CurrentName(string.Create(CultureInfo.InvariantCulture, $"project-{id}")),
            [] => throw AddErrors.ProjectUnknown(path),
            var several => throw AddErrors.ProjectsSeveral(path, several),
        };
    }
}
