namespace HarvestTools.Decisions;

/// <summary>Orders version names as people read them: runs of digits by their value, everything else by ordinal.</summary>
internal static class NaturalOrder
{
    /// <summary>Negative, zero or positive as <paramref name="left"/> comes before, with or after <paramref name="right"/>; zero only for equal texts.</summary>
    public static int Compare(string left, string right)
    {
        int i = 0;
        int j = 0;
        while (i < left.Length && j < right.Length)
        {
            int order = char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j])
                ? CompareNumbers(Digits(left, ref i), Digits(right, ref j))
                : left[i++].CompareTo(right[j++]);
            if (order != 0)
            {
                return order;
            }
        }

        int rest = (left.Length - i).CompareTo(right.Length - j);
        // v1 and v01 read the same; the ordinal order keeps the result the same whatever the input's order.
        return rest != 0 ? rest : string.CompareOrdinal(left, right);
    }

    private static ReadOnlySpan<char> Digits(string text, ref int position)
    {
        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return text.AsSpan(start, position - start).TrimStart('0');
    }

    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right) =>
        left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
}
