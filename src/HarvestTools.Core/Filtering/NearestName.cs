namespace HarvestTools.Filtering;

/// <summary>Finds what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>The known name with the fewest edits, the first of several; case and dashes do not count.</summary>
    public static string Of(string name, IReadOnlyList<string> known)
    {
        string wanted = Normal(name);
        return known.MinBy(candidate => Edits(wanted, Normal(candidate)))!;
    }

    private static string Normal(string name) => name.ToLowerInvariant().Replace('-', '_');

    /// <summary>Levenshtein's distance.</summary>
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
