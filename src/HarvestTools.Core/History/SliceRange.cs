using HarvestTools.Manifests;

namespace HarvestTools.History;

/// <summary>Slices named by version, or as a range of a line of versions: <c>v1..v3</c> is v3 and what it descends from, down to v1.</summary>
public static class SliceRange
{
    private const string Dots = "..";

    /// <summary>The versions that are meant, each once, in the order of the texts.</summary>
    /// <param name="slices">All slices.</param>
    /// <param name="texts">Versions and ranges; empty for all slices.</param>
    /// <exception cref="HarvestException">SliceNotFound; RangeNotALine.</exception>
    public static IReadOnlyList<string> Resolve(SliceStore slices, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return slices.Versions();
        }

        var versions = new List<string>();
        foreach (string text in texts)
        {
            int dots = text.IndexOf(Dots, StringComparison.Ordinal);
            versions.AddRange(dots <= 0 || dots + Dots.Length == text.Length
                ? [slices.Load(text).Version]
                : Between(slices, text[..dots], text[(dots + Dots.Length)..]));
        }

        return [.. versions.Distinct(StringComparer.Ordinal)];
    }

    private static List<string> Between(SliceStore slices, string first, string last)
    {
        _ = slices.Load(first);
        var parents = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var open = new Queue<string>([slices.Load(last).Version]);
        while (open.TryDequeue(out string? version))
        {
            if (parents.ContainsKey(version))
            {
                continue;
            }

            // What is before the first one does not belong to the range.
            IReadOnlyList<string> before = version == first || slices.TryLoad(version).Manifest is not { } slice ? [] : slice.Parents;
            parents.Add(version, before);
            foreach (string parent in before)
            {
                open.Enqueue(parent);
            }
        }

        var reaching = new HashSet<string>(StringComparer.Ordinal) { first };
        bool grew = parents.ContainsKey(first);
        if (!grew)
        {
            throw HistoryErrors.RangeNotALine(first, last);
        }

        // Branches that do not lead down to the first one are beside the range.
        while (grew)
        {
            grew = false;
            foreach ((string version, IReadOnlyList<string> before) in parents)
            {
                grew |= before.Any(reaching.Contains) && reaching.Add(version);
            }
        }

        return [.. parents.Keys.Where(reaching.Contains).Reverse()];
    }
}
