using HarvestTools.Files;
using HarvestTools.Manifests;

namespace HarvestTools.History;

/// <summary>One slice in the history.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Parent">The slice it follows.</param>
/// <param name="Depth">How many slices lie between it and the first of its line.</param>
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
    IReadOnlyList<string> Graph);

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

        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SliceManifest slice in byVersion.Values)
        {
            Measure(slice, byVersion, depths);
        }

        var graph = new HistoryGraph();
        var entries = new List<SliceHistoryEntry>(byVersion.Count);
        foreach (SliceManifest slice in NewestFirst(byVersion))
        {
            string? parent = ParentOf(slice, byVersion);
            entries.Add(Describe(
                slice, parent is null ? null : byVersion[parent], depths[slice.Version], graph.Next(slice.Version, parent)));
        }

        return entries;
    }

    /// <summary>A parent that exists and is not the slice itself; a hand-edited manifest may name anything.</summary>
    private static string? ParentOf(SliceManifest slice, Dictionary<string, SliceManifest> all) =>
        slice.Parent is { } parent && parent != slice.Version && all.ContainsKey(parent) ? parent : null;

    private static void Measure(SliceManifest slice, Dictionary<string, SliceManifest> all, Dictionary<string, int> depths)
    {
        // Walked with a list of its own, since a line of thousands of slices would exhaust the stack.
        var line = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        SliceManifest? at = slice;
        while (at is not null && !depths.ContainsKey(at.Version) && seen.Add(at.Version))
        {
            line.Add(at.Version);
            at = ParentOf(at, all) is { } parent ? all[parent] : null;
        }

        int depth = at is not null && depths.TryGetValue(at.Version, out int known) ? known + 1 : 0;
        for (int i = line.Count - 1; i >= 0; i--)
        {
            depths[line[i]] = depth++;
        }
    }

    /// <summary>By time, but never a parent before its child, whatever the manifests say of their times.</summary>
    private static IEnumerable<SliceManifest> NewestFirst(Dictionary<string, SliceManifest> all)
    {
        var children = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (SliceManifest slice in all.Values)
        {
            if (ParentOf(slice, all) is { } parent)
            {
                children[parent] = children.GetValueOrDefault(parent) + 1;
            }
        }

        var ready = new PriorityQueue<SliceManifest, (long Time, string Version)>(Comparer<(long Time, string Version)>.Create(
            static (left, right) => left.Time != right.Time
                ? right.Time.CompareTo(left.Time)
                : NaturalOrder.Instance.Compare(right.Version, left.Version)));
        foreach (SliceManifest slice in all.Values.Where(slice => !children.ContainsKey(slice.Version)))
        {
            ready.Enqueue(slice, KeyOf(slice));
        }

        var given = new HashSet<string>(StringComparer.Ordinal);
        while (ready.TryDequeue(out SliceManifest? slice, out _))
        {
            given.Add(slice.Version);
            yield return slice;
            if (ParentOf(slice, all) is { } parent && --children[parent] == 0)
            {
                ready.Enqueue(all[parent], KeyOf(all[parent]));
            }
        }

        // Slices that name each other as parents have no beginning; they are shown all the same.
        foreach (SliceManifest slice in all.Values.Where(slice => !given.Contains(slice.Version)).OrderBy(static slice => slice.Version, NaturalOrder.Instance))
        {
            yield return slice;
        }
    }

    private static (long Time, string Version) KeyOf(SliceManifest slice) =>
        ((slice.CreatedAt ?? slice.TrainedAt)?.Instant.UtcTicks ?? 0, slice.Version);

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
    internal static long? RowsOf(SliceManifest slice) => slice.Outputs.Count == 0
        ? null
        : slice.Outputs.Where(static output => output.Table != "rejected").Sum(static output => output.Rows);
}
