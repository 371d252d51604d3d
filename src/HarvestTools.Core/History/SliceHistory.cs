using HarvestTools.Manifests;
using HarvestTools.Work;

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
    // A thread costs more than so few manifests.
    private const int Few = 200;
    private const int MostThreads = 4;
    private const int Piece = 64;
    private const int AtOnce = 8;

    // Manifests that are held at a time: of slices with many exports each takes some megabytes.
    private const int MostAhead = 256;

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
        IReadOnlyList<string> versions = store.Versions();
        using var pool = new WorkerPool(versions.Count < Few ? 1 : Math.Clamp(Environment.ProcessorCount, 1, MostThreads));
        var read = new (SliceHead? Head, HarvestException? Error)[versions.Count];
        pool.Run(
            (versions.Count + Piece - 1) / Piece,
            piece =>
            {
                for (int i = piece * Piece; i < Math.Min((piece + 1) * Piece, read.Length); i++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    read[i] = store.TryLoadHead(versions[i]);
                }
            },
            cancellation);
        var heads = new List<SliceHead>(read.Length);
        foreach ((SliceHead? head, HarvestException? error) in read)
        {
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
        foreach ((SliceHead slice, SliceEntry entry) in Load(store, [.. order.NewestFirst()], parents, pool, cancellation))
        {
            string? parent = order.ParentOf(slice);
            IReadOnlyList<string> lines = graph.Next(slice.Version, parent);

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

    /// <summary>
    /// The manifests in that order, read ahead side by side: one at first, then more and more, since who wants the newest waits for no others.
    /// </summary>
    private static IEnumerable<(SliceHead Slice, SliceEntry Entry)> Load(
        SliceStore store, SliceHead[] order, Dictionary<string, SliceEntry> known, WorkerPool pool, CancellationToken cancellation)
    {
        // The newest is shown before the next is read; of few, each is.
        int block = 1;
        for (int start = 0; start < order.Length; start += block, block = order.Length < Few ? 1 : Math.Min(block * 2, MostAhead))
        {
            var ahead = new SliceEntry?[Math.Min(block, order.Length - start)];
            for (int i = 0; i < ahead.Length; i++)
            {
                known.Remove(order[start + i].Version, out ahead[i]);
            }

            int first = start;
            pool.Run(
                (ahead.Length + AtOnce - 1) / AtOnce,
                piece =>
                {
                    for (int i = piece * AtOnce; i < Math.Min((piece + 1) * AtOnce, ahead.Length); i++)
                    {
                        ahead[i] ??= store.TryLoad(order[first + i].Version);
                    }
                },
                cancellation);
            for (int i = 0; i < ahead.Length; i++)
            {
                // Most slices follow one that comes soon after: it is not read again for the difference in rows.
                known[order[start + i].Version] = ahead[i]!;
            }

            for (int i = 0; i < ahead.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                known.Remove(order[start + i].Version);
                yield return (order[start + i], ahead[i]!);
            }
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
