using System.Collections.Concurrent;
using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>
/// What the file at an export's recorded path is, where it is not that export: many export over the same name every night.
/// The archive's records say which of two exports is later; where they do not have both, the slices that name them do.
/// </summary>
internal sealed class ExportSuccession(Repository repository, Lazy<SliceUses> uses)
{
    private readonly ConcurrentDictionary<(string Project, string Sha256), ExportRecord?> _records = new();
    private readonly Lazy<IReadOnlyDictionary<string, HashSet<long>>> _ids = new(() => ProjectIdentity.Known(repository));
    private readonly ConcurrentDictionary<(string Project, string Path, string Sha256), UseScope> _scopes = new();

    /// <param name="slice">The slice.</param>
    /// <param name="export">As the slice has it.</param>
    /// <param name="actual">SHA-256 of what is at its path now.</param>
    public FileAtPath Of(SliceManifest slice, SliceExport export, string actual)
    {
        string? archived = repository.Archive.Objects.LocalPath(export.Sha256) is { } path ? repository.MakeRelative(path) ?? path : null;
        if (IsLater(slice, export, actual))
        {
            return new FileAtPath(actual, FileStanding.Later, export.Project);
        }

        if (Record(export.Project, actual) is not null || uses.Value.FirstOf(export.Project, actual) is not null)
        {
            return new FileAtPath(actual, FileStanding.Earlier, export.Project, archived);
        }

        string? other = repository.Archive.ProjectsOf(actual).FirstOrDefault();
        if (other is not null && archived is not null && uses.Value.All.Any(made => made.Exports.Any(used => used.Sha256 == actual && used.Path == export.Path)))
        {
            return new FileAtPath(actual, FileStanding.SharedPath, other, archived);
        }

        return other is not null ? new FileAtPath(actual, FileStanding.OfOtherProject, other, archived)
            : new FileAtPath(actual, repository.Archive.IsAbsent() ? FileStanding.NoStore : FileStanding.Unknown);
    }

    /// <summary>
    /// The same for a file that nothing here knows, once it was read: whose project it is by Label Studio's id, as it is known
    /// when it is archived.
    /// </summary>
    /// <param name="export">As the slice has it.</param>
    /// <param name="file">What is known by the file's hash.</param>
    /// <param name="ids">The ids of the projects that its tasks are of.</param>
    public FileAtPath Of(SliceExport export, FileAtPath file, IReadOnlyList<long> ids)
    {
        if (file.Standing is not (FileStanding.Unknown or FileStanding.NoStore) || ids.Count == 0)
        {
            return file;
        }

        HashSet<long> own = _ids.Value.GetValueOrDefault(export.Project) ?? [];
        string? other = _ids.Value
            .Where(project => project.Key != export.Project && ids.Any(id => project.Value.Contains(id) && !own.Contains(id)))
            .Select(static project => project.Key)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        return other is not null ? file with { Standing = FileStanding.NewOfOtherProject, Project = other }
            : own.Count > 0 && !own.Overlaps(ids) ? file with { Standing = FileStanding.NewOfOtherProject, LabelStudioId = ids[0] }
            : file;
    }

    /// <summary>The slices that were made of an earlier export of the project at the same path.</summary>
    public UseScope Scope(SliceExport export, string actual) => _scopes.GetOrAdd((export.Project, export.Path!, actual), _ => new UseScope(
        [.. uses.Value.All.Where(slice => slice.Exports.Any(other =>
            other.Project == export.Project && other.Path == export.Path && other.Sha256 != actual && IsLater(slice, other, actual)))]));

    private bool IsLater(SliceManifest slice, SliceExport export, string actual)
    {
        if (Record(export.Project, actual) is { } now)
        {
            if (Record(export.Project, export.Sha256) is { } before)
            {
                return ExportOrder.IsNewer(now, before);
            }

            // A slice is made of what was archived before it.
            if ((slice.CreatedAt ?? slice.TrainedAt) is { } made && now.AddedAt.Instant > made.Instant)
            {
                return true;
            }
        }

        // In a clone without the archive: what a later slice was made of first, came later.
        return uses.Value.FirstOf(export.Project, actual) is { } first
            && uses.Value.FirstOf(export.Project, export.Sha256) is { } earlier
            && first > earlier;
    }

    private ExportRecord? Record(string project, string sha256) => _records.GetOrAdd((project, sha256), key =>
    {
        try
        {
            return repository.Archive.TryRecord(key.Project, key.Sha256);
        }
        catch (HarvestException)
        {
            // The check of the archive tells what is wrong with the record; here it only says nothing.
            return null;
        }
    });
}
