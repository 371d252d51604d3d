using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Space;

/// <summary>Tables of the cache that go. They are derived again where somebody asks for them.</summary>
/// <param name="Folder">Full path of the folder of a slice's tables, or of those of one export.</param>
/// <param name="Slices">The slices whose tables they are; empty for those of one export, and for those of no slice that git has.</param>
/// <param name="Bytes">What is free without them; tables that others share take space there still.</param>
/// <param name="LastUsed">When they were used last, to the day.</param>
/// <param name="Why">Why they go.</param>
internal sealed record TrimmedTables(string Folder, IReadOnlyList<string> Slices, long Bytes, DateTimeOffset LastUsed, string Why);

/// <summary>
/// Says which tables of the cache go: those of old slices without a model and of slices that are nowhere, once nobody used them for as long,
/// and beyond a limit what was used longest ago.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="reach">Its slices, wherever git has them.</param>
/// <param name="now">The present time.</param>
/// <param name="cancellation">Ends the look.</param>
internal sealed class CacheTrim(Repository repository, RepositoryReach reach, DateTimeOffset now, CancellationToken cancellation)
{
    // A file of two names is one of the disk: tables of slices are second names of those of parts.
    private readonly Dictionary<(ulong, ulong), (long Bytes, int Names)> _files = [];
    private readonly List<TrimmedTables> _going = [];

    /// <summary>Looks what goes, and removes nothing.</summary>
    /// <exception cref="HarvestException">The cache cannot be listed.</exception>
    public IReadOnlyList<TrimmedTables> Find()
    {
        ILookup<string, SliceManifest> slices = reach.Slices.Select(slice => (Slice: slice, Key: KeyOf(slice)))
            .Where(static one => one.Key is not null).ToLookup(static one => one.Key!, static one => one.Slice, StringComparer.Ordinal);
        List<Unit> units = [.. Units(slices)];
        TimeSpan old = TimeSpan.FromDays(repository.Settings.Retention.UnlinkedDays);
        foreach (Unit unit in units.Where(unit => unit is { IsPart: false, IsLinked: false } && now - unit.LastUsed > old).ToList())
        {
            Take(units, unit, unit.Slices.Count == 0 ? "no slice has them" : "no model was trained on it for long");
        }

        HashSet<(ulong, ulong)> held = [.. units.Where(static unit => !unit.IsPart).SelectMany(static unit => unit.Files)];
        foreach (Unit unit in units.Where(unit => unit.IsPart && now - unit.LastUsed > old && !unit.Files.Exists(held.Contains)).ToList())
        {
            Take(units, unit, "nobody used them for long");
        }

        long all = _files.Values.Sum(static file => file.Bytes);
        foreach (Unit unit in units.OrderBy(static unit => unit.LastUsed).ThenBy(static unit => unit.IsPart).ToList())
        {
            if (repository.Settings.Retention.CacheBytes is not { } limit || all <= limit)
            {
                break;
            }

            all -= Take(units, unit, "the cache is larger than its limit");
        }

        return _going;
    }

    /// <summary>Removes what was found; tables that somebody deletes meanwhile are gone all the same.</summary>
    /// <param name="going">Folders that <see cref="Find"/> gave.</param>
    /// <param name="cancellation">Heeded between two folders.</param>
    /// <exception cref="HarvestException">The file system refuses.</exception>
    public static void Remove(IEnumerable<string> going, CancellationToken cancellation)
    {
        foreach (string folder in going)
        {
            cancellation.ThrowIfCancellationRequested();
            if (SetAsideFolder.Take(folder) is { } aside)
            {
                _ = SetAsideFolder.TryDelete(aside);
            }
        }
    }

    private long Take(List<Unit> units, Unit unit, string why)
    {
        long freed = 0;
        foreach ((ulong, ulong) file in unit.Files)
        {
            (long bytes, int names) = _files[file];
            freed += names == 1 ? bytes : 0;
            if (names == 1)
            {
                _files.Remove(file);
            }
            else
            {
                _files[file] = (bytes, names - 1);
            }
        }

        units.Remove(unit);
        _going.Add(new TrimmedTables(unit.Folder, unit.Slices, freed, unit.LastUsed, why));
        return freed;
    }

    private IEnumerable<Unit> Units(ILookup<string, SliceManifest> slices)
    {
        foreach (FoundName found in StoreWalk.Of(repository.CacheFolder, recurse: false).Where(static found => found.Kind == FileKind.Folder && Sha256Text.IsNormal(found.Name)))
        {
            SliceManifest[] of = [.. slices[found.Name]];
            bool linked = of.Any(slice => !reach.IsOld(slice));
            yield return new Unit(found.Path, IsPart: false, linked, [.. of.Select(static slice => slice.Version).Distinct(StringComparer.Ordinal)], LastUse.Of(found.Path), FilesOf(found.Path));
        }

        foreach (FoundName found in StoreWalk.Of(Path.Combine(repository.CacheFolder, "parts"), recurse: false)
            .Where(static found => found.Kind == FileKind.Folder && !PendingFile.IsTemporary(found.Name)))
        {
            string record = Path.Combine(found.Path, PartStore.RecordName);
            yield return new Unit(found.Path, IsPart: true, IsLinked: false, [], LastUse.Of(File.Exists(record) ? record : found.Path), FilesOf(found.Path));
        }
    }

    private List<(ulong, ulong)> FilesOf(string folder)
    {
        cancellation.ThrowIfCancellationRequested();
        var files = new List<(ulong, ulong)>();
        foreach (string path in StoreWalk.FilesOf(folder))
        {
            if (FileStat.TryGet(path) is { } stat)
            {
                // Where the system does not number files each name counts as one.
                (ulong, ulong) file = stat.IsOfOneFile ? (stat.Device, stat.Inode) : (ulong.MaxValue, (ulong)_files.Count);
                _files[file] = (stat.Bytes, _files.GetValueOrDefault(file).Names + 1);
                files.Add(file);
            }
        }

        return files;
    }

    /// <summary>Null for a slice of which this release cannot say the key.</summary>
    private string? KeyOf(SliceManifest slice)
    {
        try
        {
            return SliceInputs.KeyOf(repository, slice);
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    private sealed record Unit(string Folder, bool IsPart, bool IsLinked, IReadOnlyList<string> Slices, DateTimeOffset LastUsed, List<(ulong, ulong)> Files);
}
