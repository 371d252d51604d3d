using System.Numerics;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// Which values the objects of one shape have in common, found by some of them, and the shape that has these in it: an object of it
/// is known by fewer comparisons. Where objects have it no longer, it is given up.
/// </summary>
internal sealed class ShapeValues
{
    /// <summary>Objects that are looked at: from the first, whose values are noted, to the last.</summary>
    private const int FirstSeen = 16;
    private const int LastSeen = 80;

    /// <summary>Longer values are texts that people wrote, or coordinates.</summary>
    private const int LengthMax = 24;

    /// <summary>So few are not worth another shape.</summary>
    private const int ConstantsMin = 2;

    private const int TrustAtFirst = 32;
    private const int TrustMax = 64;
    private const int MissCost = 4;

    /// <summary>How often another shape is made of one: values that change from project to project in one export may change once more.</summary>
    private const int ShapesMax = 3;

    private readonly ByteWriter _noted = new(0);
    private ulong _same;
    private int _seen;
    private int _trust;
    private int _made;

    /// <summary>The shape with values in it; null where there is none.</summary>
    public JsonShape? Shape { get; private set; }

    /// <summary>Notes whether an object was of <see cref="Shape"/>.</summary>
    public void Tried(bool found)
    {
        _trust = found ? Math.Min(_trust + 1, TrustMax) : _trust - MissCost;
        if (_trust < 0)
        {
            Shape = null;
            _seen = 0;
        }
    }

    /// <summary>Looks at an object of the shape; true where enough were seen to make a shape with <paramref name="constants"/> in it.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="tokens">The object's tokens.</param>
    /// <param name="constants">Which of the first 64 tokens are values that all have in common.</param>
    public bool See(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens, out ulong constants)
    {
        constants = 0;
        if (_seen > LastSeen || _made == ShapesMax)
        {
            return false;
        }

        _seen++;
        if (_seen == FirstSeen)
        {
            Note(json, tokens);
        }
        else if (_seen > FirstSeen)
        {
            Compare(json, tokens);
        }

        constants = _same;
        return _seen > LastSeen && BitOperations.PopCount(_same) >= ConstantsMin;
    }

    /// <summary>Takes the shape that was made.</summary>
    public void Set(JsonShape shape)
    {
        Shape = shape;
        _made++;
        _trust = TrustAtFirst;
    }

    private void Note(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
    {
        _noted.Clear();
        _same = 0;
        for (int i = 0; i < tokens.Length && i < 64; i++)
        {
            JsonToken token = tokens[i];
            bool isValue = token.Type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False;
            if (isValue && !token.Escaped && token.ValueLength <= LengthMax)
            {
                _same |= 1UL << i;
                _noted.Add((byte)token.ValueLength);
                _noted.Add(json.Slice(token.ValueStart, token.ValueLength));
            }
        }
    }

    private void Compare(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
    {
        ReadOnlySpan<byte> noted = _noted.Written;
        ulong same = 0;
        for (ulong left = _same; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            JsonToken token = tokens[place];
            ReadOnlySpan<byte> before = noted.Slice(1, noted[0]);
            noted = noted[(1 + before.Length)..];
            if (before.SequenceEqual(json.Slice(token.ValueStart, token.ValueLength)))
            {
                same |= 1UL << place;
            }
        }

        if (same != _same)
        {
            _same = same;
            Renote(json, tokens);
        }
    }

    /// <summary>Notes the values that are still the same, which are those of this object.</summary>
    private void Renote(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
    {
        _noted.Clear();
        for (ulong left = _same; left != 0; left &= left - 1)
        {
            JsonToken token = tokens[BitOperations.TrailingZeroCount(left)];
            _noted.Add((byte)token.ValueLength);
            _noted.Add(json.Slice(token.ValueStart, token.ValueLength));
        }
    }
}
