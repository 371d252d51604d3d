using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// What objects have in common that differ in their values alone, as the regions and key frames of an export do: the bytes
/// between values (keys, brackets, white space, nulls), and of each value whether it is a text, a number or a truth value. The
/// tokens of such an object are found by comparing these bytes and looking for the ends of its values.
/// </summary>
/// <remarks>Learned from an object that the tape read token by token, so that equal bytes are known to be as well-formed.</remarks>
internal sealed partial class JsonShape
{
    /// <summary>Tokens of the largest object that has a shape; a place in it fits a byte.</summary>
    public const int TokensMax = 96;

    /// <summary>What is between values, one after another, with room for a whole vector behind.</summary>
    private readonly byte[] _bytes;
    private readonly Part[] _parts;

    /// <summary>The tokens; those between values start where they do behind the value before.</summary>
    private readonly JsonToken[] _tokens;

    private JsonShape(byte[] bytes, Part[] parts, JsonToken[] tokens, int depth, ulong constants)
    {
        Depth = depth;
        Constants = constants;
        _bytes = bytes;
        _parts = parts;
        _tokens = tokens;
    }

    /// <summary>How many tokens an object of this shape has.</summary>
    public int Count => _tokens.Length - 1;

    /// <summary>How deep the object's containers are nested, itself included.</summary>
    public int Depth { get; }

    /// <summary>Which of the first 64 tokens are values that all objects of this shape have, as sizes of images often are.</summary>
    public ulong Constants { get; }

    /// <summary>What is known of the values in objects of this shape.</summary>
    public ShapeValues Values { get; } = new();

    /// <summary>The number that tokens have of it; 0 before it has one.</summary>
    public byte Number { get; set; }

    /// <summary>How an object of this shape is written in canonical form; made by who needs it first.</summary>
    public CanonicalPlan? Canonical { get; set; }

    /// <summary>Whether the value that is that many tokens behind the opening brace is the same in all objects of this shape.</summary>
    public bool IsConstant(int token) => token < 64 && (Constants & (1UL << token)) != 0;

    /// <summary>Whether what is before the first value is there.</summary>
    public bool BeginsAt(ReadOnlySpan<byte> json, int at) => json[at..].StartsWith(_bytes.AsSpan(0, _parts[0].Length));

    /// <summary>Whether values that belong to the shape are in a part of it.</summary>
    public bool HasConstants(int part) => _parts[part].HasConstants;

    /// <summary>Finds the tokens of an object that has this shape.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="at">The object's opening brace; afterwards the place behind the object, if it has the shape.</param>
    /// <param name="into">Receives <see cref="Count"/> tokens, or some that mean nothing; there is room for one more.</param>
    /// <param name="part">The first part that is not there.</param>
    /// <returns>False where the object has another shape, is malformed or too near to the end of the bytes.</returns>
    public bool TryFollow(ReadOnlySpan<byte> json, ref int at, ref JsonToken into, out int part)
    {
        part = 0;
        int place = at;
        while (!TryFollow(json, ref place, ref part, ref into, out bool isText))
        {
            if (!isText)
            {
                return false;
            }

            // Nearly all texts end within a vector and hold no escapes; here is another one.
            ref JsonToken found = ref Unsafe.Add(ref into, _parts[part].TokensEnd - 1);
            int end = JsonText.TextEnd(json, place);
            if (end == JsonText.Malformed)
            {
                return false;
            }

            found.Escaped = end < 0;
            end = end < 0 ? ~end : end;
            found.ValueLength = end - place;
            place = end;
            part++;
        }

        at = place;
        return true;
    }

    /// <summary>The same as far as no text has to be looked at more than once: without calls, so that all is kept in registers.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="place">Where the first part is; afterwards the place behind the object or, where there is such a text, its beginning.</param>
    /// <param name="part">The part to begin with; afterwards the one that is not there or, where there is such a text, that it follows.</param>
    /// <param name="into">Receives the tokens from that part on.</param>
    /// <param name="isText">Whether there is such a text, and not another shape.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryFollow(ReadOnlySpan<byte> json, ref int place, ref int part, ref JsonToken into, out bool isText)
    {
        isText = false;
        ref byte source = ref MemoryMarshal.GetReference(json);
        ref JsonToken tokens = ref MemoryMarshal.GetArrayDataReference(_tokens);
        ref Part first = ref MemoryMarshal.GetArrayDataReference(_parts);
        ref Part next = ref Unsafe.Add(ref first, part);
        ref byte bytes = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), (nint)next.Start);
        nint last = json.Length - Vector256<byte>.Count;
        nint at = place;
        for (; ; next = ref Unsafe.Add(ref next, 1))
        {
            // With a vector's bytes behind it, the value that follows can be looked at without care.
            nint length = next.Length;
            if (at > last - length || !AreEqual(ref Unsafe.Add(ref source, at), ref bytes, length))
            {
                break;
            }

            // Two tokens at a time, of which only the start depends on where the object is; one too many is replaced by the next.
            Vector256<int> shift = Vector256.Create((int)at) & Vector256.Create(-1, 0, 0, 0, -1, 0, 0, 0);
            nint token = (nint)next.FirstToken * Unsafe.SizeOf<JsonToken>();
            nint end = (nint)next.TokensEnd * Unsafe.SizeOf<JsonToken>();
            do
            {
                Unsafe.As<JsonToken, Vector256<int>>(ref Unsafe.AddByteOffset(ref into, token)) =
                    Unsafe.As<JsonToken, Vector256<int>>(ref Unsafe.AddByteOffset(ref tokens, token)) + shift;
                token += 2 * Unsafe.SizeOf<JsonToken>();
            }
            while (token < end);

            at += length;
            bytes = ref Unsafe.Add(ref bytes, length);
            ref JsonToken found = ref Unsafe.AddByteOffset(ref into, end - Unsafe.SizeOf<JsonToken>());
            nint value;
            if (next.Value == JsonTokenType.Number)
            {
                value = NumberLength(ref Unsafe.Add(ref source, at));
            }
            else if (next.Value == JsonTokenType.String)
            {
                uint stops = JsonText.StopsAt(ref Unsafe.Add(ref source, at));
                value = BitOperations.TrailingZeroCount(stops);
                if (stops == 0 || Unsafe.Add(ref source, at + value) != '"')
                {
                    isText = true;
                    break;
                }
            }
            else if (next.Value == JsonTokenType.None)
            {
                place = (int)at;
                return true;
            }
            else
            {
                uint four = JsonText.FourAt(ref Unsafe.Add(ref source, at));
                if (four == JsonText.True)
                {
                    found.Type = JsonTokenType.True;
                    value = 4;
                }
                else
                {
                    found.Type = JsonTokenType.False;
                    value = four == JsonText.Fals && Unsafe.Add(ref source, at + 4) == 'e' ? 5 : -1;
                }
            }

            if (value < 0)
            {
                break;
            }

            found.ValueLength = (int)value;
            at += value;
        }

        place = (int)at;
        part = (int)((nuint)Unsafe.ByteOffset(ref first, ref next) / (nuint)Unsafe.SizeOf<Part>());
        return false;
    }

    /// <summary>
    /// The length of a number that is written plainly and is short; less than 0 for any other, and for what is no number. What
    /// follows it is not looked at: it has to be what followed the number of the object that the shape is of.
    /// </summary>
    /// <param name="at">The number, with a vector's bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint NumberLength(ref byte at)
    {
        Vector256<byte> digits = Vector256.LoadUnsafe(ref at) - Vector256.Create((byte)'0');
        uint others = Vector256.GreaterThan(digits, Vector256.Create((byte)9)).ExtractMostSignificantBits();
        nint start = 0;
        if (at == '-')
        {
            start = 1;
            others &= others - 1;
        }

        nint end = BitOperations.TrailingZeroCount(others);

        // No digit, no end in sight, or a zero before others, which JSON does not have.
        if (end == start || end >= Vector256<byte>.Count || (Unsafe.Add(ref at, start) == '0' && end > start + 1))
        {
            return -1;
        }

        if (Unsafe.Add(ref at, end) == '.')
        {
            others &= others - 1;
            nint point = end;
            end = BitOperations.TrailingZeroCount(others);
            if (end == point + 1 || end >= Vector256<byte>.Count)
            {
                return -1;
            }
        }

        return end;
    }

    /// <summary>Compares that many bytes; both have a vector's bytes more behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEqual(ref byte left, ref byte right, nint length)
    {
        for (; length > Vector256<byte>.Count; length -= Vector256<byte>.Count)
        {
            if (Vector256.LoadUnsafe(ref left) != Vector256.LoadUnsafe(ref right))
            {
                return false;
            }

            left = ref Unsafe.Add(ref left, Vector256<byte>.Count);
            right = ref Unsafe.Add(ref right, Vector256<byte>.Count);
        }

        uint differ = ~Vector256.Equals(Vector256.LoadUnsafe(ref left), Vector256.LoadUnsafe(ref right)).ExtractMostSignificantBits();

        // A part has at least one byte, so that this shifts by 31 at most.
        return differ << (int)(Vector256<byte>.Count - length) == 0;
    }

    /// <summary>What is between two values, or before the first or behind the last, and what follows.</summary>
    private readonly struct Part(int start, int length, int firstToken, int tokensEnd, JsonTokenType value, bool hasConstants)
    {
        private readonly ushort _start = (ushort)start;
        private readonly ushort _length = (ushort)length;
        private readonly byte _firstToken = (byte)firstToken;
        private readonly byte _tokensEnd = (byte)tokensEnd;

        /// <summary>Where its bytes are in the shape's.</summary>
        public int Start => _start;

        /// <summary>How many there are, at least one.</summary>
        public int Length => _length;

        /// <summary>The first token in it.</summary>
        public int FirstToken => _firstToken;

        /// <summary>One more than the last token, which is the value's where one follows.</summary>
        public int TokensEnd => _tokensEnd;

        /// <summary>What follows: a text, whose quotes belong to what is around it, a number or a truth value; none where the object ends.</summary>
        public JsonTokenType Value { get; } = value;

        /// <summary>Whether values that belong to the shape are in it.</summary>
        public bool HasConstants { get; } = hasConstants;
    }
}
