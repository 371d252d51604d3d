using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>A part, and whether it had to be derived.</summary>
internal sealed record GivenPart(Part Part, bool Derived);

/// <summary>
/// Gives parts: from the cache where they are whole, else by deriving them from the archive. Disposing it keeps the hashes
/// that it took of the cache's files for the next run.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="context">Threads, progress, cancellation.</param>
/// <param name="episodes">Whether the caller wants to know what parts hold of each episode.</param>
internal sealed partial class PartSource(Repository repository, WorkContext context, bool episodes = false) : IDisposable
{
    private readonly Lazy<StatCache> _statCache = new(() => repository.OpenStatCache(trusted: true));

    // A part that was hashed or derived here once need not be hashed again.
    private readonly Dictionary<string, GivenPart> _given = new(StringComparer.Ordinal);

    // One export can win over many, and is read for all of them once.
    private readonly Dictionary<string, long[]> _winners = new(StringComparer.Ordinal);

    /// <summary>Whether parts are read from the cache and never derived, which can take minutes.</summary>
    public bool CachedOnly { get; init; }

    public PartStore Store => field ??= new PartStore(repository.CacheFolder, _statCache);

    /// <param name="version">The slice it is for, for messages.</param>
    /// <param name="export">The export.</param>
    /// <param name="definition">The definition in force.</param>
    /// <returns>The part, and whether it had to be derived.</returns>
    public GivenPart Get(string version, SliceExport export, HarvestDefinition definition)
    {
        string key = SliceInputs.PartKeyOf(repository, export, definition);
        if (!_given.TryGetValue(key, out GivenPart? given))
        {
            given = Store.TryLoad(key, episodes) is { } cached
                ? new GivenPart(cached, Derived: false)
                : CachedOnly ? throw new PartNotCachedException()
                : Derived(Derive(key, version, export, definition));
            _given.Add(key, given);
        }

        return given;
    }

    /// <summary>
    /// The export with its label hash. One that was added without is derived here and now, and its labels are read in the
    /// same pass and recorded, unless the cache has its part already.
    /// </summary>
    public SliceExport WithLabels(string version, SliceExport export, HarvestDefinition definition)
    {
        if (export.ComparableLabels is not null)
        {
            return export;
        }

        if (_labels.TryGetValue(NameOf(export), out ExportFingerprint? labels))
        {
            return WithLabels(export, labels);
        }

        string key = SliceInputs.PartKeyOf(repository, export, definition);
        if (_given.ContainsKey(key) || Store.TryLoad(key, episodes: false) is not null)
        {
            return export;
        }

        Part part = Derive(
            read =>
            {
                labels = read;
                return KeyOf(export, read, definition);
            },
            version,
            export,
            Request(version, export, definition) with { WithLabels = true });
        _given[part.Key] = Derived(part);
        repository.Archive.Record(Recorded(export, labels!));
        return WithLabels(export, labels!);
    }

    private static SliceExport WithLabels(SliceExport export, ExportFingerprint labels)
    {
        if (labels.LacksAllLabels)
        {
            throw DerivationErrors.CandidateHasNoLabels(export.Project, export.Path ?? export.Name ?? export.FileStem, labels.Tasks ?? 0, labels.LabelsMissing ?? 0);
        }

        return export with { LabelSha256 = labels.LabelSha256, LabelVersion = LabelHash.Version };
    }

    /// <summary>What it holds of each episode is let go where nobody asks: a slice has thousands of parts, and all of them are kept.</summary>
    private GivenPart Derived(Part part) => new(episodes ? part : part with { EpisodesIfRead = null }, Derived: true);

    /// <summary>Derives the part whatever the cache holds, and replaces what stands there.</summary>
    public Part Derive(string key, string version, SliceExport export, HarvestDefinition definition) =>
        Derive(_ => key, version, export, Request(version, export, definition));

    /// <summary>Whether a fault is that a file or folder of the cache, which may be deleted at any time, is no longer there.</summary>
    public bool WasDeleted(HarvestException fault) =>
        FileErrors.IsGone(fault) && fault.Subject is string path && RealPath.IsInside(repository.CacheFolder, path);

    /// <summary>Looks for every part again, since the cache is not what it was.</summary>
    public void Forget() => _given.Clear();

    private Part Derive(Func<ExportFingerprint?, string> keyOf, string version, SliceExport export, PartRequest request)
    {
        try
        {
            return DeriveOnce(keyOf, version, export, request);
        }
        catch (HarvestException gone) when (WasDeleted(gone))
        {
            return DeriveOnce(keyOf, version, export, request);
        }
    }

    private Part DeriveOnce(Func<ExportFingerprint?, string> keyOf, string version, SliceExport export, PartRequest request)
    {
        using ObjectContent content = SliceInputs.TryOpen(repository, export)
            ?? throw repository.NotHere(version, export.Project, export.Sha256);

        // In a fresh clone this may be what makes the store's folder.
        repository.EnsureIgnored();
        return Store.Derive(
            keyOf,
            request,
            content.Stream,
            export.Sha256,
            context.Bytes("Deriving", export.FileStem, content.Bytes),
            context.Cancellation);
    }

    /// <summary>The key of an export's part, by the labels that were read on the way where they were.</summary>
    private string KeyOf(SliceExport export, ExportFingerprint? labels, HarvestDefinition definition) => SliceInputs.PartKeyOf(
        repository, labels is null ? export : export with { LabelSha256 = labels.LabelSha256, LabelVersion = LabelHash.Version }, definition);

    /// <summary>The export's records with the labels. Each keeps its own configuration: another process may have archived a later one meanwhile.</summary>
    private IReadOnlyList<ExportRecord> Recorded(SliceExport export, ExportFingerprint labels) =>
    [
        .. repository.Archive.RecordsOf(export.Sha256)
            .Where(record => record.Project == repository.Archive.CurrentName(export.Project))
            .Select(record => record.With(labels) with { LabelConfigSha256 = null }),
    ];

    public void Dispose()
    {
        if (_statCache.IsValueCreated)
        {
            _statCache.Value.TrySave();
        }
    }

    public PartRequest Request(string version, SliceExport export, HarvestDefinition definition) => new(
        export.Project,
        export.Path ?? export.Name ?? export.FileStem,
        definition.Rules,
        definition.Fields,
        context.Threads,
        Store.SpillFolder)
    {
        Derivation = definition.Derivation,
        LabelConfig = SliceInputs.LabelConfigOf(repository, version, export),
        YieldedTasks = YieldedTasks(export),
        PhaseEnded = context.PhaseEnded,
    };

    private HashSet<long>? YieldedTasks(SliceExport export)
    {
        if (export.SupersededBy.Count == 0)
        {
            return null;
        }

        var tasks = new HashSet<long>();
        foreach (string winner in export.SupersededBy)
        {
            if (!_winners.TryGetValue(winner, out long[]? ids))
            {
                using ObjectContent content = TryOpenWinner(export, winner)
                    ?? throw repository.NotHere(export.FileStem, export.Project, winner);
                _winners.Add(winner, ids = [.. ExportOverlap.LabelledTasks(content, winner, winner, context)]);
            }

            tasks.UnionWith(ids);
        }

        return tasks;
    }

    /// <summary>An export that another yields to: from the archive, else from a path at which a slice recorded it.</summary>
    private ObjectContent? TryOpenWinner(SliceExport export, string winner) =>
        repository.Archive.Objects.TryOpen(winner)
            ?? repository.Slices.LoadAll(context.Cancellation)
                .SelectMany(static entry => entry.Manifest?.Exports ?? [])
                .Where(other => other.Sha256 == winner && other.Project == export.Project)
                .Select(other => SliceInputs.TryOpen(repository, other))
                .FirstOrDefault(static content => content is not null);
}
