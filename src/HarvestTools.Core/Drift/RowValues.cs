using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Drift;

/// <summary>
/// A row's values by column, in the table's order; a list as an array of doubles. As text it is JSON, so that it keeps every
/// value in a column of a CSV file.
/// </summary>
public sealed class RowValues : OrderedDictionary<string, object?>
{
    // What is put into a file or a terminal is read by people: no letter is escaped that JSON takes as it is.
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal RowValues(int columns)
        : base(columns, StringComparer.Ordinal)
    {
    }

    /// <summary>The values as a JSON object; a new tree at each call.</summary>
    public JsonObject ToJson() => new(this.Select(static pair => KeyValuePair.Create(pair.Key, Node(pair.Value))));

    /// <summary><c>{"project":"b","frame":12,"x":1.5}</c>.</summary>
    public override string ToString()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(text, s_plain))
        {
            ToJson().WriteTo(writer);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    // JSON has no word for the numbers that are none; they are spelt as text.
    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool truth => JsonValue.Create(truth),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        double[] list => new JsonArray([.. list.Select(static number => Node(number))]),
        _ => JsonValue.Create(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };
}
