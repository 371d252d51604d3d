using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>
/// What a labeler chose, wrote or rated: the member of an item's value that is named like its type (<c>choices</c>,
/// <c>number</c>, <c>rating</c>, …; <c>text</c> for a text area), without the geometry that items of regions repeat. In canonical
/// form, since the label hash cannot tell spellings apart. Reusable.
/// </summary>
internal sealed class ChosenValue
{
    private readonly ByteWriter _value = new(256);
    private readonly ByteWriter _sorted = new(256);
    private readonly CanonicalWriter _canonical = new(exactIntegers: true);
    private readonly JsonTape _tape = new();
    private readonly JsonTape _inner = new();
    private readonly List<(int Start, int End)> _elements = [];

    /// <summary>The JSON, until the next call; of a repeated key the last counts, and without the member it is the whole value.</summary>
    /// <exception cref="CanonicalJsonException">A number is out of a double's range, or a lone surrogate is escaped.</exception>
    public ReadOnlySpan<byte> Json(Region region)
    {
        _value.Clear();
        if (region.Value.IsEmptyOrAbsent)
        {
            return "null"u8;
        }

        ReadOnlySpan<byte> wanted = region.Type.Is("textarea"u8) ? "text"u8 : region.Type.Span;
        _tape.Load(region.Value.Span);
        var reader = new JsonTokens(region.Value.Span, _tape);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool found = reader.TextEquals(wanted);
                reader.Read();
                if (found)
                {
                    _value.Clear();
                    _canonical.Append(ref reader, _value);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        if (_value.Length == 0)
        {
            reader = new JsonTokens(region.Value.Span, _tape);
            reader.Read();
            _canonical.Append(ref reader, _value);
        }

        return _value.Written;
    }

    /// <summary>
    /// The value as the choices table has it: one text or number as it is, several as JSON. Absent where nothing is chosen or
    /// written.
    /// </summary>
    /// <param name="region">The item.</param>
    /// <param name="arena">Where the texts live.</param>
    /// <param name="set">The same whatever the order of several values: what annotators are compared by.</param>
    /// <exception cref="CanonicalJsonException">A number is out of a double's range, or a lone surrogate is escaped.</exception>
    public Utf8Text Of(Region region, TextArena arena, out Utf8Text set)
    {
        ReadOnlySpan<byte> json = Json(region);
        set = Set(json, arena);
        while (json[0] == '[' && Elements(json) == 1)
        {
            json = json[_elements[0].Start.._elements[0].End];
        }

        if (json[0] == '[')
        {
            return _elements.Count == 0 ? default : arena.Add(json);
        }

        Utf8Text value = json[0] == '"' ? Text(json, arena) : json.SequenceEqual("null"u8) ? default : arena.Add(json);
        return value.IsEmptyOrAbsent ? default : value;
    }

    /// <summary>Every text in it, at any depth.</summary>
    /// <param name="region">The item.</param>
    /// <param name="arena">Where the texts live.</param>
    /// <exception cref="CanonicalJsonException">As above.</exception>
    public IReadOnlyList<Utf8Text> Texts(Region region, TextArena arena)
    {
        ReadOnlySpan<byte> json = Json(region);
        var texts = new List<Utf8Text>();
        _inner.Load(json);
        var reader = new JsonTokens(json, _inner);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                texts.Add(Text(ref reader, arena));
            }
        }

        return texts;
    }

    private int Elements(ReadOnlySpan<byte> json)
    {
        _elements.Clear();
        _inner.Load(json);
        var reader = new JsonTokens(json, _inner);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            int start = reader.TokenStart;
            reader.Skip();
            _elements.Add((start, reader.TokenEnd));
        }

        return _elements.Count;
    }

    /// <summary>The values in byte order, each once; of the list itself alone, since a path in a tree is another one backwards.</summary>
    private Utf8Text Set(ReadOnlySpan<byte> json, TextArena arena)
    {
        if (json[0] != '[')
        {
            return arena.Add(json);
        }

        byte[][] elements = new byte[Elements(json)][];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = json[_elements[i].Start.._elements[i].End].ToArray();
        }

        Array.Sort(elements, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        _sorted.Clear();
        for (int i = 0; i < elements.Length; i++)
        {
            // A value that is listed twice is chosen once.
            if (i > 0 && elements[i].AsSpan().SequenceEqual(elements[i - 1]))
            {
                continue;
            }

            if (_sorted.Length > 0)
            {
                _sorted.Add((byte)',');
            }

            _sorted.Add(elements[i]);
        }

        return arena.Add(_sorted.Written);
    }

    private Utf8Text Text(ReadOnlySpan<byte> json, TextArena arena)
    {
        _inner.Load(json);
        var reader = new JsonTokens(json, _inner);
        reader.Read();
        return Text(ref reader, arena);
    }

    private static Utf8Text Text(ref JsonTokens reader, TextArena arena)
    {
        if (!reader.ValueIsEscaped)
        {
            return arena.Add(reader.ValueSpan);
        }

        Utf8Text reserved = arena.Reserve(reader.ValueSpan.Length, out Span<byte> destination);
        return reserved.First(reader.Unescape(destination));
    }
}
