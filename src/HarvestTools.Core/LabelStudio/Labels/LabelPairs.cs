namespace HarvestTools.LabelStudio.Labels;

/// <summary>Pairs what two tasks hold: annotations with annotations, regions with regions.</summary>
internal static class LabelPairs
{
    /// <summary>
    /// Pairs what has the same key, in order of the keys; equal ones of one key cancel out first, so that what is left
    /// really differs.
    /// </summary>
    /// <param name="before">What the one task holds.</param>
    /// <param name="after">What the other holds.</param>
    /// <param name="keyOf">What stays the same where something is edited.</param>
    /// <param name="textBefore">The canonical text of one of <paramref name="before"/>.</param>
    /// <param name="textAfter">The canonical text of one of <paramref name="after"/>.</param>
    public static IEnumerable<(T? Before, T? After)> Of<T>(
        IReadOnlyList<T> before, IReadOnlyList<T> after, Func<T, string> keyOf, Func<T, byte[]> textBefore, Func<T, byte[]> textAfter)
        where T : class
    {
        ILookup<string, T> left = before.ToLookup(keyOf, StringComparer.Ordinal);
        ILookup<string, T> right = after.ToLookup(keyOf, StringComparer.Ordinal);
        foreach (string key in left.Select(static group => group.Key).Union(right.Select(static group => group.Key)).Order(StringComparer.Ordinal))
        {
            List<(T Item, byte[] Text)> more = [.. right[key].Select(item => (item, textAfter(item)))];
            List<T> less = [];
            foreach (T item in left[key])
            {
                byte[] text = textBefore(item);
                int same = more.FindIndex(other => other.Text.AsSpan().SequenceEqual(text));
                if (same >= 0)
                {
                    more.RemoveAt(same);
                }
                else
                {
                    less.Add(item);
                }
            }

            for (int i = 0; i < Math.Max(less.Count, more.Count); i++)
            {
                yield return (i < less.Count ? less[i] : null, i < more.Count ? more[i].Item : null);
            }
        }
    }
}
