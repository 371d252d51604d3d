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

    /// <summary>Finds the tokens of an object that has this shape.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="at">The object's opening brace.</param>
    /// <param name="into">Receives <see cref="Count"/> tokens, or some that mean nothing; there is room for one more.</param>
    /// <returns>The place behind the object; 0 where it has another shape, is malformed or too near to the end of the bytes.</returns>
    public int Follow(ReadOnlySpan<byte> json, int at, ref JsonToken into)
    {
        ref byte source = ref MemoryMarshal.GetReference(json);
        ref byte bytes = ref MemoryMarshal.GetArrayDataReference(_bytes);
        ref JsonToken tokens = ref MemoryMarshal.GetArrayDataReference(_tokens);
        int last = json.Length - Vector256<byte>.Count;
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            // With a vector's bytes behind it, the value that follows can be looked at without care.
            int length = part.Length;
            if (at > last - length || !AreEqual(ref Unsafe.Add(ref source, at), ref Unsafe.Add(ref bytes, part.Start), length))
            {
                return 0;
            }

            // Two tokens at a time, of which only the start depends on where the object is; one too many is replaced by the next.
            int token = part.ValueToken;
            Vector256<int> shift = Vector256.Create(at) & Vector256.Create(-1, 0, 0, 0, -1, 0, 0, 0);
            for (int i = part.FirstToken; i < token; i += 2)
            {
                Unsafe.As<JsonToken, Vector256<int>>(ref Unsafe.Add(ref into, i)) =
                    Unsafe.As<JsonToken, Vector256<int>>(ref Unsafe.Add(ref tokens, i)) + shift;
            }

            at += length;
            int end;
            bool escaped = false;
            JsonTokenType type = part.Value;
            if (type == JsonTokenType.String)
            {
                // Nearly all texts end within a vector.
                uint stops = JsonText.StopsAt(ref Unsafe.Add(ref source, at));
                end = at + BitOperations.TrailingZeroCount(stops);
                if (stops == 0 || Unsafe.Add(ref source, end) != '"')
                {
                    end = JsonText.TextEnd(json, at);
                    if (end == JsonText.Malformed)
                    {
                        return 0;
                    }

                    escaped = end < 0;
                    end = escaped ? ~end : end;
                }
            }
            else if (type == JsonTokenType.Number)
            {
                end = at + NumberLength(ref Unsafe.Add(ref source, at));
            }
            else if (type == JsonTokenType.None)
            {
                return at;
            }
            else
            {
                type = JsonText.LiteralAt(json, at, Unsafe.Add(ref source, at));
                end = type switch
                {
                    JsonTokenType.True => at + 4,
                    JsonTokenType.False => at + 5,
                    _ => at,
                };
            }

            // Nothing but a text may be empty.
            if (end == at && type != JsonTokenType.String)
            {
                return 0;
            }

            Unsafe.Add(ref into, token) = new JsonToken { ValueStart = at, ValueLength = end - at, Type = type, Escaped = escaped };
            at = end;
        }

        return 0;
    }

    /// <summary>
    /// The length of a number that is written plainly and is short; 0 for any other, and for what is no number. What follows it is not
    /// looked at: it has to be what followed the number of the object that the shape is of.
    /// </summary>
    /// <param name="at">The number, with a vector's bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NumberLength(ref byte at)
    {
        Vector256<byte> digits = Vector256.LoadUnsafe(ref at) - Vector256.Create((byte)'0');
        uint others = Vector256.GreaterThan(digits, Vector256.Create((byte)9)).ExtractMostSignificantBits();
        int start = 0;
        if (at == '-')
        {
            start = 1;
            others &= others - 1;
        }

        int end = BitOperations.TrailingZeroCount(others);

        // No digit, no end in sight, or a zero before others, which JSON does not have.
        if (end == start || end >= Vector256<byte>.Count || (Unsafe.Add(ref at, start) == '0' && end > start + 1))
        {
            return 0;
        }

        if (Unsafe.Add(ref at, end) == '.')
        {
            others &= others - 1;
            int point = end;
            end = BitOperations.TrailingZeroCount(others);
            if (end == point + 1 || end >= Vector256<byte>.Count)
            {
                return 0;
            }
        }

        return end;
    }

    /// <summary>Compares that many bytes; both have a vector's bytes more behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEqual(ref byte left, ref byte right, int length)
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
        return differ << (Vector256<byte>.Count - length) == 0;
    }

    /// <summary>What is between two values, or before the first or behind the last, and what follows.</summary>
    private readonly struct Part(int start, int length, byte firstToken, byte valueToken, JsonTokenType value)
    {
        /// <summary>Where its bytes are in the shape's.</summary>
        public int Start { get; } = start;

        /// <summary>How many there are, at least one.</summary>
        public int Length { get; } = length;

        /// <summary>The first token in it.</summary>
        public byte FirstToken { get; } = firstToken;

        /// <summary>The value's token, one more than the last in it.</summary>
        public byte ValueToken { get; } = valueToken;

        /// <summary>What follows: a text, whose quotes belong to what is around it, a number or a truth value; none where the object ends.</summary>
        public JsonTokenType Value { get; } = value;
    }
}
