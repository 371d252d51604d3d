using System.Globalization;
using System.Text;

namespace HarvestTools.LabelStudio.Configs;

/// <summary>
/// A text of the configuration in which the placeholders of Repeaters (<c>{{idx}}</c>) stand for positions. Label Studio
/// writes the position, counted from 0 and without leading zeros, for every occurrence of the placeholder in every attribute:
/// <c>page_{{idx}}</c> is the name of page_0, page_1, …
/// </summary>
internal sealed class NameTemplate
{
    private const int Unbound = -1;
    private const int MostDigits = 9;

    // A literal before each slot and one behind the last.
    private readonly byte[][] _literals;
    private readonly int[] _slots;

    private NameTemplate(byte[][] literals, int[] slots)
    {
        _literals = literals;
        _slots = slots;
    }

    /// <summary>Whether it has no placeholder, and so is one text.</summary>
    public bool IsFixed => _slots.Length == 0;

    /// <summary>The text of a fixed one.</summary>
    public byte[] Fixed => _literals[0];

    /// <param name="text">The attribute's value.</param>
    /// <param name="flags">Placeholders of the Repeaters around it, from the outermost inwards.</param>
    public static NameTemplate Parse(string text, IReadOnlyList<string> flags)
    {
        var literals = new List<byte[]>();
        var slots = new List<int>();
        int start = 0;
        for (int at = 0; at < text.Length;)
        {
            int flag = FlagAt(text, at, flags);
            if (flag < 0)
            {
                at++;
                continue;
            }

            int slot = flag < RepeatIndices.Depth ? flag : Unbound;
            if (start == at && slots.Count > 0)
            {
                // Two positions side by side: where one ends and the other begins cannot be seen in the digits.
                slots[^1] = Unbound;
            }
            else
            {
                literals.Add(Encoding.UTF8.GetBytes(text[start..at]));
                slots.Add(slot);
            }

            at += flags[flag].Length;
            start = at;
        }

        literals.Add(Encoding.UTF8.GetBytes(text[start..]));
        return new NameTemplate([.. literals], [.. slots]);
    }

    /// <summary>Whether the text is one of those that the template gives; its positions are then in <paramref name="indices"/>.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="indices">Positions that are known already must be the same ones.</param>
    public bool TryMatch(ReadOnlySpan<byte> text, ref RepeatIndices indices) =>
        text.StartsWith(_literals[0]) && TryMatch(text[_literals[0].Length..], 0, ref indices);

    /// <summary>The text for these positions; null where one of them is not known.</summary>
    public byte[]? TryFill(in RepeatIndices indices)
    {
        if (IsFixed)
        {
            return Fixed;
        }

        var text = new List<byte>(_literals[0]);
        for (int i = 0; i < _slots.Length; i++)
        {
            if (_slots[i] == Unbound || indices[_slots[i]] < 0)
            {
                return null;
            }

            text.AddRange(Encoding.ASCII.GetBytes(indices[_slots[i]].ToString(CultureInfo.InvariantCulture)));
            text.AddRange(_literals[i + 1]);
        }

        return [.. text];
    }

    private bool TryMatch(ReadOnlySpan<byte> text, int slot, ref RepeatIndices indices)
    {
        if (slot == _slots.Length)
        {
            return text.IsEmpty;
        }

        int digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? text.Length : digits;
        byte[] behind = _literals[slot + 1];

        // The longest number first: only where a digit follows the placeholder itself can a shorter one be meant.
        for (; digits > 0; digits--)
        {
            RepeatIndices tried = indices;
            if (TryTake(text[..digits], _slots[slot], ref tried)
                && text[digits..].StartsWith(behind)
                && TryMatch(text[(digits + behind.Length)..], slot + 1, ref tried))
            {
                indices = tried;
                return true;
            }
        }

        return false;
    }

    private static bool TryTake(ReadOnlySpan<byte> digits, int slot, ref RepeatIndices indices)
    {
        if (slot == Unbound)
        {
            return true;
        }

        if (digits.Length > MostDigits || (digits[0] == '0' && digits.Length > 1))
        {
            return false;
        }

        int value = int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (indices[slot] >= 0)
        {
            return indices[slot] == value;
        }

        indices[slot] = value;
        return true;
    }

    private static int FlagAt(string text, int at, IReadOnlyList<string> flags)
    {
        // The outermost Repeater replaces first, so where two share a placeholder it is the outer one's.
        for (int i = 0; i < flags.Count; i++)
        {
            if (string.CompareOrdinal(text, at, flags[i], 0, flags[i].Length) == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
