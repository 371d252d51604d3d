namespace HarvestTools.Manifests;

/// <summary>Finds what a misspelt name was most likely meant to be.</summary>
internal static class NearestName
{
    /// <summary>The candidate with the fewest edits, at most a third of the name's length (and one at least); null where none is near.</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        string? best = null;
        int fewest = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            int edits = Edits(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (edits < fewest)
            {
                fewest = edits;
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Edits(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
