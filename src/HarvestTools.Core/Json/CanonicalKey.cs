using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>One member of an object that is being written: where it starts, its quoted key's length, its whole length.</summary>
internal readonly record struct CanonicalMember(int Start, int KeyLength, int Length)
{
    /// <summary>The key without its quotes, escaped as it is written.</summary>
    public ReadOnlySpan<byte> Key(ByteWriter buffer) => buffer.Slice(Start + 1, KeyLength - 2);

    /// <summary>True where the value, which follows the key and a colon, is null.</summary>
    public bool IsNull(ByteWriter buffer) =>
        Length == KeyLength + 5 && buffer.Slice(Start + KeyLength + 1, 4).SequenceEqual("null"u8);
}

/// <summary>The order of RFC 8785, section 3.2.3: by the UTF-16 code units of the unescaped keys.</summary>
internal static class CanonicalKey
{
    /// <summary>Up to here moving members one by one beats sorting them.</summary>
    private const int InsertionLimit = 24;

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

        // An escaped character sorts by what it stands for, not by its backslash.
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
        int byKey = Compare(left.Key(buffer), right.Key(buffer));
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
