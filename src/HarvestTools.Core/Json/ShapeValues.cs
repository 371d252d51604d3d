using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.Json;

/// <summary>
/// Which values the objects of one shape have in common for a while, and the shapes that have these in them: an object of one of
/// them is known by fewer comparisons. What all have, as the names of controls, is in common, and so is what changes seldom and
/// has few values, as the size of an image does from task to task: each has a shape of its own then.
/// </summary>
internal sealed class ShapeValues
{
    /// <summary>How many shapes with values in them there are at most.</summary>
    private const int ShapesMax = 6;

    /// <summary>Objects that are looked at before there is such a shape: from the first to the last.</summary>
    private const int FirstSeen = 16;
    private const int LastSeen = 144;

    /// <summary>Of a value that changed more often from object to object, or had more values, an object says nothing about the next.</summary>
    private const int ChangesMax = 16;
    private const int DistinctMax = 4;

    /// <summary>Longer values are texts that people wrote, or coordinates.</summary>
    private const int LengthMax = 24;

    /// <summary>So few are not worth another shape.</summary>
    private const int ConstantsMin = 2;

    private readonly JsonShape[] _shapes = new JsonShape[ShapesMax];
    private int _count;

    /// <summary>Which of the first 64 tokens are values in common.</summary>
    private ulong _same;

    /// <summary>Which of them are not the same in all of the shapes.</summary>
    private ulong _varying;

    /// <summary>The values in common of the first object that such a shape was made of, a length and that many bytes each.</summary>
    private readonly ByteWriter _noted = new(0);
    private Observed[]? _observed;
    private int _seen;

    /// <summary>Finds the tokens of an object by the shapes with values in them, the one first that an object had last.</summary>
    /// <param name="shape">The shape without values.</param>
    /// <param name="json">The bytes.</param>
    /// <param name="at">The object's opening brace; afterwards the place behind the object.</param>
    /// <param name="into">Receives the tokens.</param>
    /// <param name="isOther">Whether the object is known to have the shape without values neither.</param>
    /// <returns>The object's shape; null where it is none of these.</returns>
    public JsonShape? Follow(JsonShape shape, ReadOnlySpan<byte> json, ref int at, ref JsonToken into, out bool isOther)
    {
        isOther = false;
        for (int i = 0; i < _count && !isOther; i++)
        {
            JsonShape found = _shapes[i];
            if (found.TryFollow(json, ref at, ref into, out int part))
            {
                if (i > 0)
                {
                    (_shapes[0], _shapes[i]) = (found, _shapes[0]);
                }

                return found;
            }

            // What is not there without having to do with values is in none of the others either.
            isOther = !found.HasConstants(part) || (i == 0 && part == 0 && !shape.BeginsAt(json, at));
        }

        return null;
    }

    /// <summary>Looks at an object of the shape that has none of these shapes.</summary>
    /// <param name="json">The bytes.</param>
    /// <param name="tokens">The object's tokens.</param>
    /// <param name="hasRoom">Whether there may be another shape.</param>
    /// <param name="constants">Which of the first 64 tokens are values that are to be in a shape, made of this object.</param>
    /// <param name="replaced">The shape whose place and number it takes; null for none. Its objects are objects of the new one, which has fewer values in it.</param>
    /// <returns>Whether such a shape is to be made.</returns>
    public bool See(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens, bool hasRoom, out ulong constants, out JsonShape? replaced)
    {
        constants = 0;
        replaced = null;
        if (_seen < LastSeen)
        {
            if (++_seen >= FirstSeen)
            {
                Observe(json, tokens);
            }

            if (_seen < LastSeen)
            {
                return false;
            }

            _observed = null;
        }

        for (ulong left = _same; left != 0; left &= left - 1)
        {
            if (!CanBeIn(tokens[BitOperations.TrailingZeroCount(left)]))
            {
                return false;
            }
        }

        if (_count > 0)
        {
            _varying |= Differing(json, tokens);
            if (_count == ShapesMax || !hasRoom)
            {
                // One shape with what all of them have in common.
                _same &= ~_varying;
                _varying = 0;
                _count = 0;
                replaced = _shapes[0];
            }
        }

        if (BitOperations.PopCount(_same) < ConstantsMin || (_count == 0 && !hasRoom && replaced is null))
        {
            GiveUp();
            return false;
        }

        if (_count == 0)
        {
            Note(json, tokens);
        }

        constants = _same;
        return true;
    }

    /// <summary>Takes the shape that was made of the object that was seen last.</summary>
    public void Take(JsonShape made)
    {
        _shapes[_count++] = _shapes[0];
        _shapes[0] = made;
    }

    /// <summary>Leaves it at the shape without values.</summary>
    public void GiveUp()
    {
        _same = 0;
        _count = 0;
    }

    /// <summary>Whether the value can be in a shape.</summary>
    private static bool CanBeIn(in JsonToken token) => !token.Escaped && token.ValueLength <= LengthMax
        && token.Type is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False;

    private void Observe(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
    {
        if (_observed is null)
        {
            _observed = new Observed[64];
            _same = ulong.MaxValue;
        }

        ulong same = 0;
        for (ulong left = _same; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            if (place >= tokens.Length)
            {
                break;
            }

            ref readonly JsonToken token = ref tokens[place];
            if (CanBeIn(token) && _observed[place].Add(Utf8Hash.Of(json.Slice(token.ValueStart, token.ValueLength))))
            {
                same |= 1UL << place;
            }
        }

        _same = same;
    }

    /// <summary>Which of the values in common are not those of the object that was noted.</summary>
    private ulong Differing(ReadOnlySpan<byte> json, ReadOnlySpan<JsonToken> tokens)
    {
        ReadOnlySpan<byte> noted = _noted.Written;
        ulong differing = 0;
        for (ulong left = _same; left != 0; left &= left - 1)
        {
            int place = BitOperations.TrailingZeroCount(left);
            JsonToken token = tokens[place];
            ReadOnlySpan<byte> before = noted.Slice(1, noted[0]);
            noted = noted[(1 + before.Length)..];
            if (!before.SequenceEqual(json.Slice(token.ValueStart, token.ValueLength)))
            {
                differing |= 1UL << place;
            }
        }

        return differing;
    }

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

    /// <summary>What is known of a value from object to object.</summary>
    private struct Observed
    {
        private ulong _last;
        private DistinctValues _distinct;
        private int _count;
        private int _changes;

        /// <summary>Adds the value of the next object; false once there were too many.</summary>
        public bool Add(ulong value)
        {
            if (_count > 0 && value == _last)
            {
                return true;
            }

            _changes++;
            _last = value;
            ReadOnlySpan<ulong> distinct = _distinct;
            if (distinct[.._count].Contains(value))
            {
                return _changes <= ChangesMax;
            }

            if (_count == DistinctMax)
            {
                return false;
            }

            _distinct[_count++] = value;
            return _changes <= ChangesMax;
        }
    }

    [InlineArray(DistinctMax)]
    private struct DistinctValues
    {
        private ulong _first;
    }
}
