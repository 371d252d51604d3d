using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What one project takes of the disk.</summary>
/// <param name="Project">Its present name.</param>
/// <param name="Exports">How many of its exports are here.</param>
/// <param name="LooseBytes">What they have as plain files, labeling configurations included. An export of two projects counts with each.</param>
/// <param name="PackedBytes">What they have in packs.</param>
/// <param name="CachedBytes">What tables of its exports have in the cache; tables that slices share count once.</param>
/// <param name="QuarantinedBytes">What is in quarantine of it, since nothing needed it.</param>
public sealed record ProjectSpace(string Project, int Exports, long LooseBytes, long PackedBytes, long CachedBytes, long QuarantinedBytes)
{
    /// <summary>About how much less its plain exports would take once they are packed, those left out that nothing needs; null where that is not known.</summary>
    public long? PackingSavesBytes { get; init; }

    /// <summary>By what that is estimated, a word of <see cref="PackingBasis"/>; null where nothing is left to pack, or it is not known.</summary>
    public string? PackingBasis { get; init; }
}

/// <summary>What the archive and the cache take of the disk.</summary>
/// <param name="Folder">Full path of the archive.</param>
/// <param name="Projects">By project.</param>
/// <param name="Objects">How many objects the archive has.</param>
/// <param name="LooseBytes">What they have as plain files.</param>
/// <param name="PackedBytes">What they have in packs.</param>
public sealed record ArchiveSpace(string Folder, IReadOnlyList<ProjectSpace> Projects, int Objects, long LooseBytes, long PackedBytes)
{
    /// <summary>Of <see cref="LooseBytes"/> what is of no project: definitions, files of programs, lists of media, and what nothing names.</summary>
    public long OtherBytes { get; init; }

    /// <summary>What the cache has; a file with two names counts once.</summary>
    public long CachedBytes { get; init; }

    /// <summary>What is in quarantine since nothing needed it.</summary>
    public long QuarantinedBytes { get; init; }

    /// <summary>What is in quarantine since it was damaged; it is evidence, and is removed by hand.</summary>
    public long DamagedBytes { get; init; }

    /// <summary>How many objects nothing needs now; null where that is not known.</summary>
    public int? UnreachableObjects { get; init; }

    /// <summary>What they have: it goes into quarantine with the next removal, and is free once their days there are over.</summary>
    public long? UnreachableBytes { get; init; }

    /// <summary>What of the quarantine the next removal frees.</summary>
    public long? RemovableBytes { get; init; }

    /// <summary>What of the cache the next removal frees.</summary>
    public long? UnusedCacheBytes { get; init; }

    /// <summary>About how much less packing would make it, of the projects of which that is known; null where it is known of none.</summary>
    public long? PackingSavesBytes => Projects.All(static project => project.PackingSavesBytes is null) ? null : Projects.Sum(static project => project.PackingSavesBytes);

    /// <summary>The projects of which it is not known what packing would save.</summary>
    public IReadOnlyList<string> PackingNotKnown => [.. Projects.Where(static project => project.PackingSavesBytes is null).Select(static project => project.Project)];

    /// <summary>Why it is not known what nothing needs; null where it is.</summary>
    public HarvestException? NotKnown { get; init; }

    /// <summary>Everything.</summary>
    public long Bytes => LooseBytes + PackedBytes + CachedBytes + QuarantinedBytes + DamagedBytes;
}

/// <summary>Measures the archive and the cache by looking at sizes, and estimates what packing would save, for which two exports of a project may be read.</summary>
public static class MeasureArchive
{
    /// <param name="repository">The repository.</param>
    /// <param name="context">Clock, cancellation.</param>
    /// <exception cref="HarvestException">A folder cannot be listed; a record cannot be read.</exception>
    public static ArchiveSpace Run(Repository repository, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(context);
        LocalObjectStore store = repository.Archive.Local;
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        var packs = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (StoredObject one in store.List(cancellation: context.Cancellation).Where(static one => one.Kind == StoredKind.Object))
        {
            (one.Packed ? packs : sizes)[one.Sha256] = one.Bytes;
        }

        ILookup<string, long> aside = store.Unreachable.List().ToLookup(static one => one.Sha256, static one => one.Bytes, StringComparer.Ordinal);
        (IReadOnlyDictionary<string, long> cached, long cachedBytes) = Cached(repository, context);
        HashSet<string> named = new(StringComparer.Ordinal);
        var projects = new List<ProjectSpace>();
        foreach (IGrouping<string, ExportRecord> project in repository.Archive.List().GroupBy(static record => record.Project, StringComparer.Ordinal))
        {
            HashSet<string> exports = [.. project.Select(static record => record.Sha256)];
            HashSet<string> objects = [.. exports, .. project.Select(static record => record.LabelConfigSha256).OfType<string>()];
            named.UnionWith(objects);
            projects.Add(new ProjectSpace(
                project.Key,
                exports.Count(hash => sizes.ContainsKey(hash) || packs.ContainsKey(hash)),
                objects.Sum(hash => sizes.GetValueOrDefault(hash)),
                objects.Sum(hash => packs.GetValueOrDefault(hash)),
                exports.Sum(hash => cached.GetValueOrDefault($"{project.Key}-{hash[..12]}")),
                objects.Sum(hash => aside[hash].Sum())));
        }

        var space = new ArchiveSpace(repository.Archive.Folder, [.. projects.OrderBy(static project => project.Project, StringComparer.Ordinal)], sizes.Keys.Union(packs.Keys).Count(), sizes.Values.Sum(), packs.Values.Sum())
        {
            OtherBytes = sizes.Where(one => !named.Contains(one.Key)).Sum(static one => one.Value),
            CachedBytes = cachedBytes,
            QuarantinedBytes = aside.SelectMany(static one => one).Sum(),
            DamagedBytes = StoreWalk.FilesOf(store.QuarantineFolder).Sum(static file => FileStat.TryGet(file)?.Bytes ?? 0),
        };
        return WithPacking(WithUnreachable(space, repository, context, out HashSet<string> unreachable), unreachable, repository, context);
    }

    private static ArchiveSpace WithPacking(ArchiveSpace space, HashSet<string> unreachable, Repository repository, WorkContext context)
    {
        var estimate = new PackingEstimate(repository.Archive.Local, context);

        // An export of two projects is packed once.
        HashSet<string> met = new(unreachable, StringComparer.Ordinal);
        ILookup<string, ExportRecord> records = repository.Archive.List().ToLookup(static record => record.Project, StringComparer.Ordinal);
        return space with
        {
            Projects =
            [
                .. space.Projects.Select(project =>
                {
                    (long? saved, string? basis) = estimate.Of([.. records[project.Project].OrderDescending(ExportOrder.Instance).Select(static record => record.Sha256).Where(met.Add)]);
                    return project with { PackingSavesBytes = saved, PackingBasis = basis };
                }),
            ],
        };
    }

    private static ArchiveSpace WithUnreachable(ArchiveSpace space, Repository repository, WorkContext context, out HashSet<string> unreachable)
    {
        unreachable = [];
        try
        {
            UnreachableReport report = RemoveUnreachable.Plan(repository, new UnreachableRequest(), context);
            unreachable = [.. report.Of(ObjectState.Quarantined).Select(static one => one.Sha256)];
            return space with
            {
                UnusedCacheBytes = report.Cache.Sum(static one => one.Bytes),
                UnreachableObjects = report.Count(ObjectState.Quarantined),
                UnreachableBytes = report.Bytes(ObjectState.Quarantined),
                RemovableBytes = report.Bytes(ObjectState.Removed),
            };
        }
        catch (HarvestException fault)
        {
            // A branch with a broken slice.json makes nothing unknown but this.
            return space with { NotKnown = fault };
        }
    }

    /// <summary>Bytes of the cache by the names of tables, which are project, dash and the first digits of the export's hash; and all of them.</summary>
    private static (IReadOnlyDictionary<string, long> ByName, long All) Cached(Repository repository, WorkContext context)
    {
        var byName = new Dictionary<string, long>(StringComparer.Ordinal);
        var met = new HashSet<(ulong Device, ulong Inode)>();
        long all = 0;

        // Tables of slices are second names of those of parts. What has a project's name is met first, so that it counts for the project.
        foreach (string file in StoreWalk.FilesOf(repository.CacheFolder).OrderBy(file => IsOfSlice(repository, file) ? 0 : 1))
        {
            context.Cancellation.ThrowIfCancellationRequested();
            if (FileStat.TryGet(file) is not { } stat || (stat.IsOfOneFile && !met.Add((stat.Device, stat.Inode))))
            {
                continue;
            }

            all += stat.Bytes;
            string name = Path.GetFileNameWithoutExtension(file);
            if (IsOfSlice(repository, file))
            {
                byName[name] = byName.GetValueOrDefault(name) + stat.Bytes;
            }
        }

        return (byName, all);
    }

    private static bool IsOfSlice(Repository repository, string file) =>
        Path.GetExtension(file) == ".parquet" && Path.GetRelativePath(repository.CacheFolder, file).Split(Path.DirectorySeparatorChar) is [var key, _, _] && Sha256Text.IsNormal(key);
}
