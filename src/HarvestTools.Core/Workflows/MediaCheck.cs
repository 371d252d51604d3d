using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Media;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Compares the media that slices list with the files that their links lead to. A medium that several slices list is hashed once. What is
/// not here is looked for in the remote, without being brought.
/// </summary>
internal sealed class MediaCheck : IDisposable
{
    // A folder that was recoded has thousands of changed files, and a hundred of them say so.
    private const int MostFindings = 100;

    private readonly Repository _repository;
    private readonly WorkContext _context;
    private readonly MediaRoots _roots;
    private readonly MediaHashes _hashes;
    private readonly Dictionary<string, HashedMedium?> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _remote = new(StringComparer.Ordinal);

    /// <param name="repository">The repository.</param>
    /// <param name="slices">The slices that are checked, for progress.</param>
    /// <param name="trusted">False reads every file.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    public MediaCheck(Repository repository, IReadOnlyList<SliceManifest> slices, bool trusted, WorkContext context)
    {
        _repository = repository;
        _context = context;
        _roots = repository.MediaRoots;
        _hashes = new MediaHashes(
            repository, "Hashing media", context.Progress is null ? [] : [.. slices.SelectMany(Paths).Distinct(StringComparer.Ordinal)], trusted, context);
    }

    public void Dispose() => _hashes.Dispose();

    /// <summary>The list is an object that the slice names: where a remote is asked for those, it is asked for this one too.</summary>
    public static IEnumerable<DriftFinding> List(SliceManifest slice, CheckInputs inputs)
    {
        if (slice.Media is not { } media || inputs.Remote is not { } remote || inputs.ObjectHash(media.Sha256) is var actual && actual == media.Sha256)
        {
            return [];
        }

        return [MediaFindings.ListUnreadable(slice.Version, actual switch
        {
            null => MediaErrors.MediaListMissing(slice.Version, media.Sha256),
            RemoteStates.OtherBytes => ArchiveErrors.RemoteObjectDamaged(remote.Name, media.Sha256),
            _ => ArchiveErrors.ObjectDamaged("the archive", media.Sha256, actual),
        })];
    }

    /// <summary>What is other than the slice lists.</summary>
    public IReadOnlyList<DriftFinding> Run(SliceManifest slice)
    {
        MediaList? list;
        try
        {
            list = SliceMediaLists.TryRead(_repository, slice);
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.NotFound or HarvestFault.InvalidData or HarvestFault.Damaged)
        {
            return [MediaFindings.ListUnreadable(slice.Version, fault)];
        }

        if (list is null)
        {
            return [MediaFindings.NotListed(slice.Version)];
        }

        MediaEntry[] entries = [.. list.Of([])];
        MediaPlace[] places = [.. entries.Select(entry => _roots.Find(entry.Link))];
        string[] unknown = [.. places.Where(static place => place.Exists).Select(static place => place.Path!).Where(path => !_known.ContainsKey(path)).Distinct(StringComparer.Ordinal)];
        var hashed = new HashedMedium?[unknown.Length];
        _hashes.Run(unknown.Length, i => hashed[i] = _hashes.TryGet(unknown[i]));
        foreach ((string path, HashedMedium? now) in unknown.Zip(hashed))
        {
            _known.Add(path, now);
        }

        var findings = new List<DriftFinding>();
        var missing = new List<(MediaEntry Entry, MediaPlace Place)>();
        foreach ((MediaEntry entry, MediaPlace place) in entries.Zip(places))
        {
            if (!place.Exists || _known[place.Path!] is not { } now)
            {
                missing.Add((entry, place));
            }
            else if (now.Sha256 != entry.Sha256 && findings.Count < MostFindings)
            {
                findings.Add(MediaFindings.Changed(slice.Version, entry.Link, place.Path!, entry.Sha256!, now.Sha256, entry.Episodes));
            }
        }

        findings.AddRange(Missing(slice, missing, entries.Length));
        return findings;
    }

    /// <summary>Those that the remote has and those that are nowhere are two findings.</summary>
    private IEnumerable<DriftFinding> Missing(SliceManifest slice, List<(MediaEntry Entry, MediaPlace Place)> missing, int all)
    {
        if (missing.Count == 0)
        {
            yield break;
        }

        string? remote = Ask(missing.Select(static one => one.Entry));
        foreach (IGrouping<bool, (MediaEntry Entry, MediaPlace Place)> group in missing.GroupBy(one => _remote.GetValueOrDefault(one.Entry.Sha256!)).OrderBy(static group => group.Key))
        {
            (MediaEntry first, MediaPlace place) = group.First();
            yield return MediaFindings.Missing(
                slice.Version, [.. group.Select(static one => one.Entry.Link)], place.Problem ?? "is gone", place.Path, all, group.Key ? remote : null);
        }
    }

    /// <summary>Finds out what the remote has, by name and size; null where there is none, or none may be asked.</summary>
    private string? Ask(IEnumerable<MediaEntry> entries)
    {
        if (_repository.FetchRemote is not { } remote)
        {
            return null;
        }

        MediaEntry[] unknown = [.. entries.Where(entry => !_remote.ContainsKey(entry.Sha256!)).DistinctBy(static entry => entry.Sha256)];
        IReadOnlyDictionary<string, long> sizes = remote.Objects.Sizes(unknown.Select(static entry => entry.Sha256!), _context.Cancellation);
        foreach (MediaEntry entry in unknown)
        {
            _remote[entry.Sha256!] = sizes.TryGetValue(entry.Sha256!, out long bytes) && bytes == entry.Bytes;
        }

        return remote.Files.Name;
    }

    private IEnumerable<string> Paths(SliceManifest slice)
    {
        try
        {
            return [.. (SliceMediaLists.TryRead(_repository, slice)?.Of([]) ?? []).Select(entry => _roots.Find(entry.Link)).Where(static place => place.Exists).Select(static place => place.Path!)];
        }
        catch (HarvestException)
        {
            // The check of that slice says it.
            return [];
        }
    }
}
