using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.Filtering;
using HarvestTools.Manifests;

namespace HarvestTools.Workflows;

/// <summary>A part, and whether it had to be derived.</summary>
internal sealed record GivenPart(Part Part, bool Derived);

/// <summary>
/// Gives parts: from the cache where they are whole, else by deriving them from the archive. Disposing it keeps the hashes
/// that it took of the cache's files for the next run.
/// </summary>
internal sealed class PartSource(Repository repository, WorkContext context) : IDisposable
{
    private readonly Lazy<StampedHashes> _hashes = new(() => repository.OpenFileHashes(trusted: true));

    // A part that was hashed or derived here once need not be hashed again.
    private readonly Dictionary<string, GivenPart> _given = new(StringComparer.Ordinal);

    public PartStore Store => field ??= new PartStore(repository.CacheFolder, _hashes);

    /// <param name="version">The slice it is for, for messages.</param>
    /// <param name="export">The export.</param>
    /// <param name="definition">The definition in force.</param>
    /// <returns>The part, and whether it had to be derived.</returns>
    public GivenPart Get(string version, SliceExport export, HarvestDefinition definition)
    {
        string key = SliceInputs.PartKeyOf(repository, export, definition);
        if (!_given.TryGetValue(key, out GivenPart? given))
        {
            given = Store.TryLoad(key) is { } cached
                ? new GivenPart(cached, Derived: false)
                : new GivenPart(Derive(key, version, export, definition), Derived: true);
            _given.Add(key, given);
        }

        return given;
    }

    /// <summary>Derives the part whatever the cache holds, and replaces what stands there.</summary>
    public Part Derive(string key, string version, SliceExport export, HarvestDefinition definition)
    {
        using FileStream bytes = SliceInputs.TryOpen(repository, export)
            ?? throw DerivationErrors.ExportNotAvailable(version, export.Project, export.Sha256);

        // In a fresh clone this may be what makes the store's folder.
        repository.EnsureIgnored();
        return Store.Derive(
            key,
            Request(export, definition),
            bytes,
            export.Sha256,
            context.Bytes("Deriving", SliceInputs.StemOf(export), bytes.Length),
            context.Cancellation);
    }

    public void Dispose()
    {
        if (_hashes.IsValueCreated)
        {
            _hashes.Value.TrySave();
        }
    }

    public PartRequest Request(SliceExport export, HarvestDefinition definition) => new(
        export.Project,
        export.Path ?? export.Name ?? SliceInputs.StemOf(export),
        definition.Rules,
        definition.Fields,
        context.Threads,
        Store.SpillFolder)
    {
        YieldedTasks = YieldedTasks(export),
    };

    private HashSet<long>? YieldedTasks(SliceExport export)
    {
        if (export.YieldsTo.Count == 0)
        {
            return null;
        }

        var tasks = new HashSet<long>();
        foreach (string winner in export.YieldsTo)
        {
            string path = repository.Archive.Contains(winner)
                ? repository.Archive.PathOf(winner)
                : throw DerivationErrors.ExportNotAvailable(SliceInputs.StemOf(export), export.Project, winner);
            tasks.UnionWith(ExportOverlap.LabelledTasks(path, context));
        }

        return tasks;
    }
}
