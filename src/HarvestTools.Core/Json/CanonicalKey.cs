using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>One member of an object that is being written: where it starts, its quoted key's length, its whole length.</summary>
/// <param name="Start">Where the quoted key starts.</param>
/// <param name="KeyLength">The quoted key's length.</param>
/// <param name="Length">The member's length.</param>
/// <param name="Prefix">See <see cref="CanonicalKey.PrefixOf"/>.</param>
internal readonly record struct CanonicalMember(int Start, int KeyLength, int Length, ulong Prefix)
{
    /// <summary>The key without its quotes, escaped as it is written.</summary>
    public ReadOnlySpan<byte> Key(ByteWriter buffer) => buffer.Slice(Start + 1, KeyLength - 2);
}

/// <summary>The order of RFC 8785, section 3.2.3: by the UTF-16 code units of the unescaped keys.</summary>
internal static class CanonicalKey
{
    /// <summary>Up to here moving members one by one beats sorting them.</summary>
    private const int InsertionLimit = 24;

    /// <summary>
    /// The key's first eight bytes as a number that sorts as they do; 0 where an escape or a character beyond ASCII is
    /// among them, so that they do not decide.
    /// </summary>
    public static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        ulong prefix = 0;
        int length = Math.Min(key.Length, sizeof(ulong));
        for (int i = 0; i < length; i++)
        {
            byte b = key[i];
            if (b is >= 0x80 or (byte)'\\')
            {
                return 0;
            }

            prefix |= (ulong)b << (56 - (8 * i));
        }

        return prefix;
    }

    /// <summary>Compares the keys of two members.</summary>
    public static int Compare(in CanonicalMember left, in CanonicalMember right, ByteWriter buffer) =>
        left.Prefix != right.Prefix && left.Prefix != 0 && right.Prefix != 0
            ? left.Prefix.CompareTo(right.Prefix)
            : Compare(left.Key(buffer), right.Key(buffer));

    /// <summary>Compares two keys in their canonical escaped form.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int same = left.CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
        {
            return left.Length - right.Length;
        }

        byte a = left[same];
        byte b = right[same];

        // An escaped character sorts by what it means, not by its backslash.
        if (a == '\\' || b == '\\' || (same > 0 && left[same - 1] == '\\'))
        {
            return CompareUnescaped(left, right);
        }

        // UTF-8 orders like code points. UTF-16 differs in one respect: characters beyond U+FFFF (lead bytes F0 to F4)
        // are written with surrogates and sort below U+E000 to U+FFFF (lead bytes EE and EF).
        if (a >= 0xEE && b >= 0xEE && (a >= 0xF0) != (b >= 0xF0))
        {
            return b - a;
        }

        return a - b;
    }

    /// <summary>Sorts by key, equal keys by position.</summary>
    public static void Sort(Span<CanonicalMember> members, ByteWriter buffer)
    {
        if (members.Length > InsertionLimit)
        {
            members.Sort((left, right) => ComparePlaced(left, right, buffer));
            return;
        }

        for (int i = 1; i < members.Length; i++)
        {
            CanonicalMember moving = members[i];
            int j = i;
            for (; j > 0 && ComparePlaced(members[j - 1], moving, buffer) > 0; j--)
            {
                members[j] = members[j - 1];
            }

            members[j] = moving;
        }
    }

    private static int ComparePlaced(CanonicalMember left, CanonicalMember right, ByteWriter buffer)
    {
        int byKey = Compare(left, right, buffer);
        return byKey != 0 ? byKey : left.Start.CompareTo(right.Start);
    }

    private static int CompareUnescaped(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        string.CompareOrdinal(Unescape(left), Unescape(right));

    private static string Unescape(ReadOnlySpan<byte> key)
    {
        var reader = new Utf8JsonReader((byte[])[(byte)'"', .. key, (byte)'"']);
        reader.Read();
        return reader.GetString()!;
    }
}
