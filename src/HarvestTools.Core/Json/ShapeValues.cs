using System.Numerics;
using System.Text.Json;

namespace HarvestTools.Json;

/// <summary>
/// Which values the objects of one shape have in common, and the shape that has these in it: an object of it is known by fewer
/// comparisons. They are found by some of the objects; a value that another object does not have is taken out again.
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

    /// <summary>The values, a length and that many bytes each.</summary>
    private readonly ByteWriter _noted = new(0);

    /// <summary>Which tokens they are of.</summary>
    private ulong _same;
    private int _seen;

    /// <summary>The shape with values in it; null where there is none.</summary>
    public JsonShape? Shape { get; set; }

    /// <summary>Looks at an object of the shape that is not of <see cref="Shape"/>.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="tokens">The object's tokens.</param>
    /// <param name="constants">Which of the first 64 tokens are values that all have in common.</param>
    /// <returns>True where a shape with these in it is to be made, in place of the one that there may be.</returns>
    public bool See(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens, out ulong constants)
    {
        constants = 0;
        if (_seen > LastSeen && Shape is null)
        {
            return false;
        }

        if (_seen <= LastSeen && ++_seen <= FirstSeen)
        {
            if (_seen == FirstSeen)
            {
                _same = ShortValues(tokens);
                Note(json, tokens);
            }

            return false;
        }

        Compare(json, tokens);
        if (BitOperations.PopCount(_same) < ConstantsMin)
        {
            _seen = LastSeen + 1;
            Shape = null;
            return false;
        }

        constants = _same;
        return _seen > LastSeen;
    }

    private static ulong ShortValues(ReadOnlySpan<JsonToken> tokens)
    {
        ulong values = 0;
        for (int i = 0; i < tokens.Length && i < 64; i++)
        {
            JsonToken token = tokens[i];
            bool isValue = token.Type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False;
            values |= isValue && !token.Escaped && token.ValueLength <= LengthMax ? 1UL << i : 0;
        }

        return values;
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
            Note(json, tokens);
        }
    }

    /// <summary>Notes the values that all have in common, which are those of this object.</summary>
    private void Note(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
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
