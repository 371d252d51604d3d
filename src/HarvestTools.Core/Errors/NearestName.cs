namespace HarvestTools.Errors;

/// <summary>Finds the name a user most likely meant.</summary>
public static class NearestName
{
    // Fewer letters begin too much.
    private const int ShortestBeginning = 3;

    /// <summary>
    /// The known name that begins with the name given, else the one with the smallest edit distance (Levenshtein 1966); the
    /// first one on a tie, null if there is none.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        string[] all = [.. known];
        string[] longer = [.. all.Where(candidate => Begins(candidate, name))];
        return Closest(name, longer.Length > 0 ? longer : all);
    }

    private static string? Closest(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        int best = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(name, candidate);
            if (distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>
    /// The known name that differs, whatever its case, in at most a third of the name's letters (and one at least);
    /// null where none is near, so that no far-fetched guess is offered, and where several are equally near, by the first letter too: v1 is no better
    /// a guess for v9 than v2 is. A name that begins with the one given is near.
    /// </summary>
    public static string? Near(string name, IEnumerable<string> known)
    {
        string lower = name.ToLowerInvariant();
        int most = Math.Max(1, name.Length / 3);
        string[] near = [.. known.Where(candidate => Begins(candidate, name) || Distance(lower, candidate.ToLowerInvariant()) <= most)];
        if (near.Any(candidate => Begins(candidate, name)))
        {
            return Find(lower, near);
        }

        string[] nearest = [.. near.GroupBy(candidate => Distance(lower, candidate.ToLowerInvariant())).MinBy(static group => group.Key) ?? Enumerable.Empty<string>()];

        // Few people mistype the first letter: bsh is bash and not zsh.
        return Only(nearest) ?? Only([.. nearest.Where(candidate => lower.Length > 0 && char.ToLowerInvariant(candidate[0]) == lower[0])]);
    }

    private static string? Only(string[] names) => names.Length == 1 ? names[0] : null;

    private static bool Begins(string candidate, string name) =>
        name.Length >= ShortestBeginning && candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    private static int Distance(string left, string right)
    {
        int[] row = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (int line = 1; line <= left.Length; line++)
        {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= right.Length; column++)
            {
                int substituted = diagonal + (left[line - 1] == right[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(substituted, 1 + Math.Min(row[column], row[column - 1]));
            }
        }

        return row[right.Length];
    }
}
