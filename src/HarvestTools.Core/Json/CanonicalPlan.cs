using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// How objects of one shape are written in canonical form: what is between their values, in the order of the canonical text, and
/// which value follows. Made once a shape, so that keys of the next object need not be looked at.
/// </summary>
internal sealed class CanonicalPlan
{
    private readonly byte[] _bytes;
    private readonly Piece[] _pieces;

    /// <summary>How long all is that is between values.</summary>
    private readonly int _length;

    private CanonicalPlan(byte[] bytes, Piece[] pieces, int length)
    {
        _bytes = bytes;
        _pieces = pieces;
        _length = length;
    }

    /// <summary>Objects of this shape are written member by member.</summary>
    public static CanonicalPlan None { get; } = new([], [], 0);

    /// <summary>Writes an object.</summary>
    /// <param name="reader">At the opening brace of an object of the shape; left on its last token.</param>
    /// <param name="canonical">Writes the values that are not in canonical form.</param>
    /// <param name="to">Receives the text.</param>
    /// <returns>False, with nothing done, for <see cref="None"/> and where the object is too near to the end of the bytes.</returns>
    /// <exception cref="CanonicalJsonException">A number is out of a double's range, or a lone surrogate is escaped.</exception>
    public bool TryWrite(ref JsonTokens reader, CanonicalWriter canonical, ByteWriter to)
    {
        if (_pieces.Length == 0)
        {
            return false;
        }

        int opening = reader.Place;
        int closing = reader.Closing;
        ReadOnlySpan<byte> json = reader.Bytes;
        ReadOnlySpan<JsonToken> window = reader.Window[opening..(closing + 1)];
        if (json.Length - window[^1].ValueStart <= Vector256<byte>.Count)
        {
            // Only what has a vector's bytes behind it is copied in vectors.
            return false;
        }

        // Values that are copied as they are take no more room than in the object, and a vector more is written behind each piece.
        int room = _length + (window[^1].ValueStart - window[0].ValueStart) + (2 * Vector256<byte>.Count);
        ref byte start = ref MemoryMarshal.GetReference(to.Reserve(room));
        ref byte at = ref start;
        ref byte source = ref MemoryMarshal.GetReference(json);
        ref JsonToken tokens = ref MemoryMarshal.GetReference(window);
        ref byte bytes = ref MemoryMarshal.GetArrayDataReference(_bytes);
        ref Piece piece = ref MemoryMarshal.GetArrayDataReference(_pieces);
        for (; ; piece = ref Unsafe.Add(ref piece, 1))
        {
            Copy(ref bytes, ref at, piece.Length);
            at = ref Unsafe.Add(ref at, piece.Length);
            bytes = ref Unsafe.Add(ref bytes, piece.Length);
            if (piece.Token == 0)
            {
                break;
            }

            ref JsonToken token = ref Unsafe.Add(ref tokens, piece.Token);
            if (token.Type == JsonTokenType.Number ? token.Canonical : !token.Escaped)
            {
                Copy(ref Unsafe.Add(ref source, token.ValueStart), ref at, token.ValueLength);
                at = ref Unsafe.Add(ref at, token.ValueLength);
                continue;
            }

            to.Advance((int)Unsafe.ByteOffset(ref start, ref at));
            reader.GoTo(opening + piece.Token);
            canonical.AppendContent(ref reader, to);
            start = ref MemoryMarshal.GetReference(to.Reserve(room));
            at = ref start;
        }

        to.Advance((int)Unsafe.ByteOffset(ref start, ref at));
        reader.GoTo(closing);
        return true;
    }

    /// <summary>Copies in steps of a vector; what is behind the bytes is copied or overwritten with them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ref byte from, ref byte to, nint length)
    {
        nint done = 0;
        do
        {
            Vector256.LoadUnsafe(ref Unsafe.Add(ref from, done)).StoreUnsafe(ref Unsafe.Add(ref to, done));
            done += Vector256<byte>.Count;
        }
        while (done < length);
    }

    /// <summary>What is written before a value, and the value.</summary>
    /// <param name="Length">How many bytes there are, behind those of the piece before.</param>
    /// <param name="Token">The value's token behind the object's opening brace; 0 at the end.</param>
    private readonly record struct Piece(int Length, int Token);

    /// <summary>Makes a plan from one object of a shape.</summary>
    internal sealed class Builder(JsonShape shape)
    {
        private readonly ByteWriter _bytes = new(256);
        private readonly MemberOrder _order = new();
        private readonly Piece[] _pieces = new Piece[JsonShape.TokensMax];
        private int _count;
        private int _from;

        public void Add(ReadOnlySpan<byte> bytes) => _bytes.Add(bytes);

        /// <summary>Adds a value.</summary>
        /// <param name="reader">At its first token; left on its last.</param>
        /// <param name="opening">Place of the opening brace of the object that has the plan.</param>
        /// <returns>False where the value's canonical form cannot be planned.</returns>
        public bool TryAddValue(ref JsonTokens reader, int opening)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    return TryAddObject(ref reader, opening);
                case JsonTokenType.StartArray:
                    return TryAddArray(ref reader, opening);
                case JsonTokenType.Null:
                    _bytes.Add("null"u8);
                    return true;
                case JsonTokenType.String when shape.IsConstant(reader.Place - opening):
                    _bytes.Add(reader.QuotedSpan);
                    return true;
                case JsonTokenType.String:
                    _bytes.Add((byte)'"');
                    AddPiece(reader.Place - opening);
                    _bytes.Add((byte)'"');
                    return true;
                case JsonTokenType.Number when shape.IsConstant(reader.Place - opening) && CanonicalNumber.IsCanonical(reader.ValueSpan):
                    _bytes.Add(reader.ValueSpan);
                    return true;
                default:
                    AddPiece(reader.Place - opening);
                    return true;
            }
        }

        public CanonicalPlan Build()
        {
            int length = _bytes.Length;
            AddPiece(0);
            _bytes.Add(stackalloc byte[Vector256<byte>.Count]);
            return new CanonicalPlan(_bytes.ToArray(), _pieces.AsSpan(0, _count).ToArray(), length);
        }

        private bool TryAddObject(ref JsonTokens reader, int opening)
        {
            int first = _order.Count;
            if (!_order.TryPush(ref reader))
            {
                return false;
            }

            int closing = reader.Closing;
            int end = _order.Count;
            _bytes.Add((byte)'{');
            for (int i = first; i < end; i++)
            {
                reader.GoTo(_order[i]);
                if (reader.ValueIsEscaped)
                {
                    return false;
                }

                if (i > first)
                {
                    _bytes.Add((byte)',');
                }

                _bytes.Add(reader.QuotedSpan);
                _bytes.Add((byte)':');
                reader.Read();
                if (!TryAddValue(ref reader, opening))
                {
                    return false;
                }
            }

            _bytes.Add((byte)'}');
            _order.Count = first;
            reader.GoTo(closing);
            return true;
        }

        private bool TryAddArray(ref JsonTokens reader, int opening)
        {
            _bytes.Add((byte)'[');
            bool first = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (!first)
                {
                    _bytes.Add((byte)',');
                }

                first = false;
                if (!TryAddValue(ref reader, opening))
                {
                    return false;
                }
            }

            _bytes.Add((byte)']');
            return true;
        }

        private void AddPiece(int token)
        {
            _pieces[_count++] = new Piece(_bytes.Length - _from, token);
            _from = _bytes.Length;
        }
    }
}
