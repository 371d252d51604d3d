using HarvestTools.Json;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>
/// The <c>attributes</c> column: one JSON object, a key a control tag (<c>from_name</c>) with what the labeler chose,
/// <c>{"hand_state":["occluded"],"note":["blurred"],"quality":4}</c>. Values are in canonical form (RFC 8785), since the
/// label hash cannot tell their spellings apart. Where one tag has several items on a region, its value is the list of
/// theirs in byte order.
/// </summary>
internal sealed class AttributeJson
{
    private readonly ByteWriter _json = new(256);
    private readonly ChosenValue _value = new();
    private readonly List<Utf8Text> _values = [];
    private Utf8Text _tag;

    public void Begin()
    {
        _json.Clear();
        _values.Clear();
    }

    /// <summary>Adds an item; items come in order of their control tags.</summary>
    public void Add(Region region, TextArena arena)
    {
        Utf8Text tag = TagOf(region);
        if (_values.Count > 0 && tag != _tag)
        {
            Flush();
        }

        _tag = tag;
        _values.Add(arena.Add(_value.Json(region)));
    }

    /// <summary>The key of an item. Without a control tag, which only hand-made files lack, the type has to do.</summary>
    public static Utf8Text TagOf(Region region) => region.FromName.IsAbsent ? region.Type : region.FromName;

    /// <summary>The finished object; absent where nothing was added.</summary>
    public Utf8Text End(TextArena arena)
    {
        if (_values.Count > 0)
        {
            Flush();
        }

        if (_json.Length == 0)
        {
            return default;
        }

        _json.Add((byte)'}');
        return arena.Add(_json.Written);
    }

    private void Flush()
    {
        _json.Add(_json.Length == 0 ? (byte)'{' : (byte)',');
        CanonicalWriter.AppendString(_tag.Span, _json);
        _json.Add((byte)':');
        if (_values.Count == 1)
        {
            _json.Add(_values[0].Span);
        }
        else
        {
            _values.Sort();
            for (int i = 0; i < _values.Count; i++)
            {
                _json.Add(i == 0 ? (byte)'[' : (byte)',');
                _json.Add(_values[i].Span);
            }

            _json.Add((byte)']');
        }

        _values.Clear();
    }
}
