namespace HarvestTools;

/// <summary>Finds the name a user most likely meant.</summary>
public static class NearestName
{
    /// <summary>The known name with the smallest edit distance (Levenshtein 1966), the first one on a tie; null if there is none.</summary>
    public static string? Find(string name, IEnumerable<string> known)
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
    /// null where none is near, so that no far-fetched guess is offered.
    /// </summary>
    public static string? Near(string name, IEnumerable<string> known)
    {
        string lower = name.ToLowerInvariant();
        int most = Math.Max(1, name.Length / 3);
        return Find(lower, known.Where(candidate => Distance(lower, candidate.ToLowerInvariant()) <= most));
    }

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
