using System.Text;
using System.Text.Json;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>The members of an object that a file or an element of its array begins with, as far as they can be read.</summary>
internal sealed class JsonHead
{
    /// <summary>Texts are only shown; a stack trace need not be kept whole.</summary>
    private const int LongestText = 200;

    /// <summary>An error has few members, and a task a dozen: more are the data of something else.</summary>
    private const int MostMembers = 1000;

    private readonly Dictionary<string, JsonTokenType> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.OrdinalIgnoreCase);

    private JsonHead()
    {
    }

    /// <summary>Names of the members in the file's order.</summary>
    public IReadOnlyCollection<string> Names => _kinds.Keys;

    /// <summary>Whether another object follows, as in JSON lines.</summary>
    public bool IsFollowed { get; private set; }

    /// <param name="start">From the opening brace; may end anywhere.</param>
    public static JsonHead Read(ReadOnlySpan<byte> start)
    {
        var head = new JsonHead();
        var reader = new Utf8JsonReader(start, isFinalBlock: false, new JsonReaderState(TaskCheck.ReaderOptions));
        try
        {
            head.Read(ref reader, start);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Damaged on top of being no export: what was read so far says enough.
        }

        return head;
    }

    public bool Has(string name) => _kinds.ContainsKey(name);

    public bool HasAny(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (Has(name))
            {
                return true;
            }
        }

        return false;
    }

    public bool HasArray(string name) => _kinds.GetValueOrDefault(name) == JsonTokenType.StartArray;

    public bool HasObject(string name) => _kinds.GetValueOrDefault(name) == JsonTokenType.StartObject;

    /// <summary>A member's text or number, or the first text in it; whatever the case of its name. Null where there is none.</summary>
    public string? TextOf(string name) => _texts.GetValueOrDefault(name);

    private void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> start)
    {
        string name = "";
        while (reader.Read() && _kinds.Count < MostMembers)
        {
            if (reader.CurrentDepth == 0 && reader.TokenType == JsonTokenType.EndObject)
            {
                IsFollowed = start[(int)reader.BytesConsumed..].TrimStart(" \r\n\t"u8).StartsWith("{"u8);
                return;
            }

            if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName)
            {
                name = reader.GetString()!;
            }
            else if (reader.CurrentDepth == 1 && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
            {
                _kinds[name] = reader.TokenType;
            }

            // A number in it may be anything; a text most likely says what is wrong.
            bool shown = reader.TokenType == JsonTokenType.String || (reader.TokenType == JsonTokenType.Number && reader.CurrentDepth == 1);
            if (shown && !_texts.ContainsKey(name))
            {
                string text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
                _texts[name] = text.Length <= LongestText ? text : text[..LongestText] + "…";
            }
        }
    }
}
