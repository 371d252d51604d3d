using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>Finds where the texts, numbers and literals of JSON end, with vectors where that pays.</summary>
internal static class JsonText
{
    /// <summary>What is there is no JSON.</summary>
    public const int Malformed = int.MinValue;

    /// <summary>The letters of <c>true</c>, and the first four of <c>false</c>, as <see cref="FourAt(ref byte)"/> gives them.</summary>
    public const uint True = 't' | ('r' << 8) | ('u' << 16) | ((uint)'e' << 24);
    public const uint Fals = 'f' | ('a' << 8) | ('l' << 16) | ((uint)'s' << 24);

    /// <summary>The byte at a place; 0, which is no JSON either, at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ReadOnlySpan<byte> json, int at) => (uint)at < (uint)json.Length ? json[at] : (byte)0;

    /// <summary>The next place that holds no white space, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> json, int at) => At(json, at) > ' ' ? at : SkipSpaces(json, at);

    /// <summary>Goes to the next place that holds no white space, or to the end, and gives the byte that is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Next(ReadOnlySpan<byte> json, ref int at)
    {
        byte next = At(json, at);
        if (next <= ' ')
        {
            at = SkipSpaces(json, at);
            next = At(json, at);
        }

        return next;
    }

    /// <summary>The quote that ends a text.</summary>
    /// <param name="json">The JSON.</param>
    /// <param name="at">The byte behind the opening quote.</param>
    /// <returns>Its place; the complement of its place where the text holds a backslash; or <see cref="Malformed"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TextEnd(ReadOnlySpan<byte> json, int at) => TextEndFrom(json, FindStop(json, at));

    /// <summary>The same from the text's first stop on.</summary>
    public static int TextEndFrom(ReadOnlySpan<byte> json, int stop) => At(json, stop) == '"' ? stop : TextEndBehindEscapes(json, stop);

    /// <summary>The four bytes from a place on, the first in the lowest bits; 0 where there are fewer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FourAt(ReadOnlySpan<byte> json, int at)
    {
        if (at > json.Length - sizeof(uint))
        {
            return 0;
        }

        return FourAt(ref Unsafe.Add(ref MemoryMarshal.GetReference(json), at));
    }

    /// <summary>Four bytes, the first in the lowest bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FourAt(ref byte at)
    {
        uint four = Unsafe.ReadUnaligned<uint>(ref at);
        return BitConverter.IsLittleEndian ? four : BinaryPrimitives.ReverseEndianness(four);
    }

    /// <summary>Where the number that starts at a place ends, or a negative number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NumberEnd(ReadOnlySpan<byte> json, int at)
    {
        int end = PlainNumberEnd(json, at);
        return end > 0 ? end : AnyNumberEnd(json, at);
    }

    /// <summary>
    /// The end of a number that is written plainly, is short and followed by a comma or a bracket, as nearly all are: found by one
    /// look at all its bytes. 0 for any other, whatever is wrong with it.
    /// </summary>
    private static int PlainNumberEnd(ReadOnlySpan<byte> json, int at)
    {
        if (at > json.Length - Vector256<byte>.Count)
        {
            return 0;
        }

        Vector256<byte> digits = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)at) - Vector256.Create((byte)'0');
        uint others = Vector256.GreaterThan(digits, Vector256.Create((byte)9)).ExtractMostSignificantBits();
        int start = json[at] == '-' ? 1 : 0;
        others = (others >> start) << start;
        int end = BitOperations.TrailingZeroCount(others);

        // No digit, or a zero before others, which JSON does not have; or no end in sight.
        if (end == start || end >= Vector256<byte>.Count - 1 || (end > start + 1 && json[at + start] == '0'))
        {
            return 0;
        }

        if (json[at + end] == '.')
        {
            int point = end;
            end = BitOperations.TrailingZeroCount((others >> (point + 1)) << (point + 1));
            if (end == point + 1 || end >= Vector256<byte>.Count)
            {
                return 0;
            }
        }

        return json[at + end] is (byte)',' or (byte)'}' or (byte)']' ? at + end : 0;
    }

    private static int AnyNumberEnd(ReadOnlySpan<byte> json, int at)
    {
        if (json[at] == '-')
        {
            at++;
        }

        at = At(json, at) == '0' ? at + 1 : SkipDigits(json, at);
        if (at >= 0 && At(json, at) == '.')
        {
            at = SkipDigits(json, at + 1);
        }

        if (at >= 0 && (At(json, at) | 0x20) == 'e')
        {
            at++;
            if (At(json, at) is (byte)'+' or (byte)'-')
            {
                at++;
            }

            at = SkipDigits(json, at);
        }

        // Judged here and not at the next token, so that the fault is found before the number is used. That a slash may
        // follow, and is then refused, is the framework's way too.
        return at < 0 || at == json.Length || json[at] is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'/'
            ? at
            : Malformed;
    }

    /// <summary>Which of true, false and null is at a place; none of them is <see cref="JsonTokenType.None"/>.</summary>
    public static JsonTokenType LiteralAt(ReadOnlySpan<byte> json, int at, byte first) => first switch
    {
        (byte)'t' when json[at..].StartsWith("true"u8) => JsonTokenType.True,
        (byte)'f' when json[at..].StartsWith("false"u8) => JsonTokenType.False,
        (byte)'n' when json[at..].StartsWith("null"u8) => JsonTokenType.Null,
        _ => JsonTokenType.None,
    };

    /// <summary>The next place that holds no white space, or the end, where the place itself mostly holds some.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SkipSpaces(ReadOnlySpan<byte> json, int at)
    {
        while (At(json, at) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    /// <summary>The first quote, backslash or control character, or the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FindStop(ReadOnlySpan<byte> json, int at)
    {
        ref byte bytes = ref MemoryMarshal.GetReference(json);
        while (at <= json.Length - Vector256<byte>.Count)
        {
            uint stops = StopsAt(ref Unsafe.Add(ref bytes, at));
            if (stops != 0)
            {
                return at + BitOperations.TrailingZeroCount(stops);
            }

            at += Vector256<byte>.Count;
        }

        while (at < json.Length && json[at] is >= 0x20 and not ((byte)'"' or (byte)'\\'))
        {
            at++;
        }

        return at;
    }

    /// <summary>Which of a vector's bytes are quotes, backslashes or control characters, the first in the lowest bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint StopsAt(ref byte bytes)
    {
        Vector256<byte> next = Vector256.LoadUnsafe(ref bytes);
        return (Vector256.Equals(next, Vector256.Create((byte)'"'))
            | Vector256.Equals(next, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(next, Vector256.Create((byte)0x20))).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TextEndBehindEscapes(ReadOnlySpan<byte> json, int at)
    {
        for (; at < json.Length && json[at] != '"'; at = FindStop(json, at))
        {
            if (json[at] != '\\')
            {
                return Malformed;
            }

            byte escape = At(json, at + 1);
            if (escape == 'u')
            {
                if (json.Length - at < 6
                    || !(char.IsAsciiHexDigit((char)json[at + 2])
                        && char.IsAsciiHexDigit((char)json[at + 3])
                        && char.IsAsciiHexDigit((char)json[at + 4])
                        && char.IsAsciiHexDigit((char)json[at + 5])))
                {
                    return Malformed;
                }

                at += 6;
            }
            else if (escape is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
            {
                at += 2;
            }
            else
            {
                return Malformed;
            }
        }

        return at < json.Length ? ~at : Malformed;
    }

    /// <summary>Past at least one digit, or a negative number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int SkipDigits(ReadOnlySpan<byte> json, int at)
    {
        int start = at;
        while (at <= json.Length - Vector128<byte>.Count)
        {
            Vector128<byte> digits = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(json), (nuint)at) - Vector128.Create((byte)'0');
            uint others = Vector128.GreaterThan(digits, Vector128.Create((byte)9)).ExtractMostSignificantBits();
            if (others != 0)
            {
                at += BitOperations.TrailingZeroCount(others);
                return at > start ? at : Malformed;
            }

            at += Vector128<byte>.Count;
        }

        while (at < json.Length && char.IsAsciiDigit((char)json[at]))
        {
            at++;
        }

        return at > start ? at : Malformed;
    }
}
