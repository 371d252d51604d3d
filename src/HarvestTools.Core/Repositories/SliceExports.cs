using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>
/// What slices say of their exports, read once a command: thousands of exports may be added by one. A slice that comes or goes
/// changes the time of the slices' folder; what is registered on one changes no export.
/// </summary>
/// <param name="slices">The slices.</param>
internal sealed class SliceExports(SliceStore slices)
{
    private readonly Lock _lock = new();
    private Facts? _facts;
    private DateTime _changed;

    /// <summary>Recorded project names, which may be earlier ones, each with an id in Label Studio that an export of it has.</summary>
    public IReadOnlyCollection<(string Project, long Id)> ProjectIds() => Known().ProjectIds;

    /// <summary>When the first slice that has an export was made, by the export's SHA-256.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> FirstUses() => Known().FirstUses;

    /// <summary>Where the last slice of a project has its export from, by recorded project names, which may be earlier ones.</summary>
    public IReadOnlyDictionary<string, string?> Paths() => Known().Paths;

    private Facts Known()
    {
        lock (_lock)
        {
            DateTime changed = Directory.GetLastWriteTimeUtc(slices.Folder);
            if (_facts is null || changed != _changed)
            {
                // The time before the slices: what comes in between has them read again.
                _changed = changed;
                _facts = Read();
            }

            return _facts;
        }
    }

    private Facts Read()
    {
        var facts = new Facts([], new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal), new Dictionary<string, string?>(StringComparer.Ordinal));
        foreach (SliceManifest slice in slices.LoadAll().Select(static entry => entry.Manifest).OfType<SliceManifest>()
            .OrderBy(static slice => (slice.CreatedAt ?? slice.TrainedAt)?.Instant ?? DateTimeOffset.MinValue))
        {
            foreach (SliceExport export in slice.Exports)
            {
                facts.Paths[export.Project] = export.Path;
                facts.ProjectIds.UnionWith(export.ProjectIds.Select(id => (export.Project, id)));
                if (slice.CreatedAt is { } created && !(facts.FirstUses.TryGetValue(export.Sha256, out DateTimeOffset known) && known < created.Instant))
                {
                    facts.FirstUses[export.Sha256] = created.Instant;
                }
            }
        }

        return facts;
    }

    private sealed record Facts(
        HashSet<(string Project, long Id)> ProjectIds, Dictionary<string, DateTimeOffset> FirstUses, Dictionary<string, string?> Paths);
}
