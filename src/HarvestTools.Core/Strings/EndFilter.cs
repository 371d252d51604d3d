namespace HarvestTools.Strings;

/// <summary>
/// The ends of texts that were met, as bits: two equal texts set one bit twice. So it is known without a table of texts that no
/// two of a list are equal, which holds for the ids of nearly every list of regions.
/// </summary>
internal static class EndFilter
{
    /// <summary>How many words the caller has cleared. With 2^14 bits any two of forty different texts share one in a twentieth of the lists.</summary>
    public const int Words = 1 << (Bits - 6);

    private const int Bits = 14;

    /// <summary>Adds a text; false where an equal one may have been added before.</summary>
    /// <param name="words">The bits.</param>
    /// <param name="text">The text.</param>
    public static bool TryAdd(Span<ulong> words, ReadOnlySpan<byte> text)
    {
        uint place = Utf8Hash.OfEnd(text, Bits);
        ref ulong word = ref words[(int)(place >> 6)];
        ulong bit = 1UL << (int)(place & 63);
        bool isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }
}
