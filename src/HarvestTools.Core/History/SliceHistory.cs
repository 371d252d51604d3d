using HarvestTools.Manifests;

namespace HarvestTools.History;

/// <summary>One slice in the history.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Parent">The slice it follows.</param>
/// <param name="Depth">How many slices are between it and the first of its line.</param>
/// <param name="CreatedAt">When it was made; null in a manifest that does not say.</param>
/// <param name="TrainedAt">When a model was last trained on it.</param>
/// <param name="Exports">How many exports it has.</param>
/// <param name="Rows">Rows of all tables but <c>rejected</c>; null where nothing was recorded.</param>
/// <param name="RowsDelta">The same against the parent.</param>
/// <param name="HarvestVersion">The rules.</param>
/// <param name="Reason">What changed and why.</param>
/// <param name="Models">Models and runs registered on it.</param>
/// <param name="Graph">Branch lines, the last of them the slice's own.</param>
public sealed record SliceHistoryEntry(
    string Version,
    string? Parent,
    int Depth,
    DateTimeOffset? CreatedAt,
    DateTimeOffset? TrainedAt,
    int Exports,
    long? Rows,
    long? RowsDelta,
    string HarvestVersion,
    string? Reason,
    IReadOnlyList<RegisteredModel> Models,
    IReadOnlyList<string> Graph)
{
    /// <summary>Slices that it says it follows and that are not in the repository.</summary>
    public IReadOnlyList<string> MissingParents { get; init; } = [];
}

/// <summary>One step of a history that is read as it is shown: a slice, or why one cannot be read.</summary>
/// <param name="Entry">Null where it cannot be read.</param>
/// <param name="Error">Null where it can.</param>
public sealed record SliceHistoryStep(SliceHistoryEntry? Entry, HarvestException? Error);

/// <summary>The versions of a repository with their descent.</summary>
public static class SliceHistory
{
    /// <summary>All slices, newest first, each before its parent. Manifests that cannot be read are left to the caller.</summary>
    public static IReadOnlyList<SliceHistoryEntry> Of(IEnumerable<SliceManifest> slices)
    {
        var byVersion = new Dictionary<string, SliceManifest>(StringComparer.Ordinal);
        foreach (SliceManifest slice in slices)
        {
            byVersion[slice.Version] = slice;
        }

        var order = new HistoryOrder(byVersion.Values.Select(SliceHead.Of));
        var graph = new HistoryGraph();
        var entries = new List<SliceHistoryEntry>(byVersion.Count);
        foreach (SliceHead slice in order.NewestFirst())
        {
            string? parent = order.ParentOf(slice);
            entries.Add(Describe(
                byVersion[slice.Version], parent is null ? null : byVersion[parent], order.DepthOf(slice.Version), graph.Next(slice.Version, parent)) with
                {
                    MissingParents = [.. byVersion[slice.Version].Parents.Where(named => !byVersion.ContainsKey(named))],
                });
        }

        return entries;
    }

    /// <summary>
    /// The same, read while it is shown: the order needs the heads of all manifests, but the newest slice is there before
    /// the other manifests are read. A manifest that cannot be read is where that is noticed.
    /// </summary>
    public static IEnumerable<SliceHistoryStep> Read(SliceStore store, CancellationToken cancellation = default)
    {
        var heads = new List<SliceHead>();
        foreach (string version in store.Versions())
        {
            cancellation.ThrowIfCancellationRequested();
            (SliceHead? head, HarvestException? error) = store.TryLoadHead(version);
            if (head is { } known)
            {
                heads.Add(known);
            }
            else
            {
                yield return new SliceHistoryStep(null, error);
            }
        }

        var order = new HistoryOrder(heads);
        var graph = new HistoryGraph();
        var parents = new Dictionary<string, SliceEntry>(StringComparer.Ordinal);
        var joins = new List<string>();
        foreach (SliceHead slice in order.NewestFirst())
        {
            cancellation.ThrowIfCancellationRequested();
            string? parent = order.ParentOf(slice);
            IReadOnlyList<string> lines = graph.Next(slice.Version, parent);
            if (!parents.Remove(slice.Version, out SliceEntry? entry))
            {
                entry = store.TryLoad(slice.Version);
            }

            if (entry.Manifest is null)
            {
                // Its branch line goes on to its parent; where others run together above it is drawn above the next.
                joins.AddRange(lines.SkipLast(1));
                yield return new SliceHistoryStep(null, entry.Error);
                continue;
            }

            SliceEntry? before = null;
            if (parent is not null && !parents.TryGetValue(parent, out before))
            {
                before = parents[parent] = store.TryLoad(parent);
            }

            yield return new SliceHistoryStep(
                Describe(entry.Manifest, before?.Manifest, order.DepthOf(slice.Version), [.. joins, .. lines]) with { MissingParents = store.MissingParents(entry.Manifest) }, null);
            joins.Clear();
        }
    }

    private static SliceHistoryEntry Describe(SliceManifest slice, SliceManifest? parent, int depth, IReadOnlyList<string> graph)
    {
        long? rows = RowsOf(slice);
        return new SliceHistoryEntry(
            slice.Version,
            slice.Parent,
            depth,
            slice.CreatedAt?.Instant,
            slice.Runs.Select(static run => run.TrainedAt?.Instant).Append(slice.TrainedAt?.Instant).Max(),
            slice.Exports.Count,
            rows,
            rows - (parent is null ? null : RowsOf(parent)),
            slice.HarvestVersion,
            slice.Reason,
            [.. RegisteredModels.Of(slice)],
            graph);
    }

    /// <summary>Recorded rows of all tables but <c>rejected</c>; null where nothing was recorded.</summary>
    internal static long? RowsOf(SliceManifest slice) => slice.Rows;
}
