using System.Text.Json;
using HarvestTools.Tasks;

namespace HarvestTools.Rows;

/// <summary>
/// The <c>attributes</c> column: one JSON object, a key a control tag (<c>from_name</c>) with what the labeler chose,
/// <c>{"hand_state":["occluded"],"note":["blurred"],"quality":4}</c>.
/// </summary>
internal sealed class AttributeJson
{
    private static readonly JsonReaderOptions Lenient = new() { MaxDepth = 1024 };

    private readonly Utf8Builder _json = new();

    public void Begin() => _json.Clear();

    /// <summary>Adds an item; items come in order of their control tags.</summary>
    public void Add(Region region)
    {
        _json.Add(_json.Length == 0 ? (byte)'{' : (byte)',');
        _json.Add((byte)'"').Add(region.FromName.Span).Add("\":"u8).Add(Payload(region));
    }

    public Utf8Text End(TextArena arena) => _json.Length == 0 ? default : _json.Add((byte)'}').ToText(arena);

    private static ReadOnlySpan<byte> Payload(Region region)
    {
        if (region.Value.IsEmptyOrAbsent)
        {
            return "null"u8;
        }

        ReadOnlySpan<byte> key = region.Type.Is("textarea"u8) ? "text"u8 : region.Type.Span;
        var reader = new Utf8JsonReader(region.Value.Span, Lenient);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool wanted = reader.ValueTextEquals(key);
            reader.Read();
            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (wanted)
            {
                return region.Value.Span[start..(int)reader.BytesConsumed];
            }
        }

        return region.Value.Span;
    }
}
