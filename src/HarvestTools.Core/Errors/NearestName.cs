namespace HarvestTools.Errors;

/// <summary>Finds the name a user most likely meant.</summary>
public static class NearestName
{
    // Fewer letters begin too much.
    private const int ShortestBeginning = 3;

    /// <summary>
    /// The known name that begins with the name given, else the one with the smallest edit distance (Damerau 1964); the
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
    /// The known name that differs, whatever its case, in at most a third of the name's letters (one at least; a name of two
    /// letters may have one more or less, but not another: v1 is no guess for v9); null where none is near, so that no far-fetched guess
    /// is offered, and where several are equally near, by the first letter too: v10 is no better a guess for v19 than v11 is.
    /// A name that begins with the one given is near.
    /// </summary>
    public static string? Near(string name, IEnumerable<string> known)
    {
        string lower = name.ToLowerInvariant();
        string[] near = [.. known.Where(candidate => Begins(candidate, name) || IsNear(name, candidate, out _))];
        if (near.Any(candidate => Begins(candidate, name)))
        {
            return Find(lower, near);
        }

        string[] nearest = [.. near.GroupBy(candidate => Distance(lower, candidate.ToLowerInvariant())).MinBy(static group => group.Key) ?? Enumerable.Empty<string>()];

        // Few people mistype the first letter: bsh is bash and not zsh.
        return Only(nearest) ?? Only([.. nearest.Where(candidate => lower.Length > 0 && char.ToLowerInvariant(candidate[0]) == lower[0])]);
    }

    /// <summary>
    /// Known names that are near (<see cref="Near"/>): the nearest, or all that begin with the name given, in their order. Where more
    /// are equally near than anybody reads, none is a better guess than the others, and the list is empty.
    /// </summary>
    public static IReadOnlyList<string> Few(string name, IEnumerable<string> known)
    {
        const int Most = 3;
        string[] all = [.. known.Distinct(StringComparer.Ordinal)];
        string[] longer = [.. all.Where(candidate => Begins(candidate, name))];
        string[] nearest = longer.Length > 0 ? longer :
        [
            .. all.Select(candidate => (Name: candidate, Near: IsNear(name, candidate, out int distance), Distance: distance))
                .Where(static candidate => candidate.Near)
                .GroupBy(static candidate => candidate.Distance, static candidate => candidate.Name)
                .MinBy(static group => group.Key) ?? Enumerable.Empty<string>(),
        ];
        return nearest.Length <= Most ? nearest : Near(name, all) is { } near ? [near] : [];
    }

    /// <summary><c> Did you mean 'a' or 'b'?</c>, with a space before it; empty where no known name is near.</summary>
    public static string Question(string name, IEnumerable<string> known) =>
        Few(name, known) is { Count: > 0 } near ? $" Did you mean {string.Join(" or ", near.Select(static candidate => $"'{candidate}'"))}?" : string.Empty;

    // Of two letters, another one in the place of one would be half of another name.
    private static bool IsNear(string name, string candidate, out int distance)
    {
        distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
        return name.Length < ShortestBeginning
            ? distance == 0 || (distance == 1 && candidate.Length != name.Length)
            : distance <= Math.Max(1, name.Length / 3);
    }

    private static string? Only(string[] names) => names.Length == 1 ? names[0] : null;

    private static bool Begins(string candidate, string name) =>
        name.Length >= ShortestBeginning && candidate.StartsWith(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Letters left out, added, replaced, or two neighbours swapped (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        int[] before = new int[right.Length + 1];
        int[] row = new int[right.Length + 1];
        int[] next = new int[right.Length + 1];
        for (int column = 0; column <= right.Length; column++)
        {
            row[column] = column;
        }

        for (int line = 1; line <= left.Length; line++)
        {
            next[0] = line;
            for (int column = 1; column <= right.Length; column++)
            {
                int substituted = row[column - 1] + (left[line - 1] == right[column - 1] ? 0 : 1);
                next[column] = Math.Min(substituted, 1 + Math.Min(next[column - 1], row[column]));
                if (line > 1 && column > 1 && left[line - 1] == right[column - 2] && left[line - 2] == right[column - 1])
                {
                    next[column] = Math.Min(next[column], before[column - 2] + 1);
                }
            }

            (before, row, next) = (row, next, before);
        }

        return row[right.Length];
    }
}
