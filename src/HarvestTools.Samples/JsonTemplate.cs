using System.Text;
using System.Text.Json;

namespace HarvestTools.Samples;

/// <summary>
/// A piece of JSON with holes, cut once into the bytes between the holes. Written in one plain form, it is brought
/// into the export's spacing, escapes and key order here, so that each shape of an export stands in one place.
/// A hole is <c>{Name}</c> inside a string, or the whole string <c>"{=Name}"</c> where a value without quotes goes.
/// </summary>
internal sealed class JsonTemplate
{
    private JsonTemplate(Part[] parts) => Parts = parts;

    public Part[] Parts { get; }

    /// <param name="json">The template.</param>
    /// <param name="layout">Spacing and escapes.</param>
    /// <param name="level">How deep the template's outermost brace stands.</param>
    /// <param name="sorted">Whether keys are brought into PostgreSQL's order.</param>
    /// <param name="omitted">Keys to leave out, at any depth.</param>
    public static JsonTemplate Compile(string json, JsonLayout layout, int level, bool sorted = false, params string[] omitted)
    {
        var text = new StringBuilder();
        using (JsonDocument document = JsonDocument.Parse(json))
        {
            Append(text, document.RootElement, layout, level, sorted, omitted);
        }

        return new JsonTemplate(Cut(text.ToString()));
    }

    private static void Append(StringBuilder text, JsonElement element, JsonLayout layout, int level, bool sorted, string[] omitted)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                IEnumerable<JsonProperty> properties = element.EnumerateObject().Where(p => !omitted.Contains(p.Name));
                if (sorted)
                {
                    properties = properties.OrderBy(static p => p.Name.Length).ThenBy(static p => p.Name, StringComparer.Ordinal);
                }

                AppendList(text, '{', '}', [.. properties], layout, level, property =>
                {
                    text.Append('"').Append(property.Name).Append(layout.Colon);
                    Append(text, property.Value, layout, level + 1, sorted, omitted);
                });
                break;
            case JsonValueKind.Array:
                AppendList(text, '[', ']', [.. element.EnumerateArray()], layout, level, item =>
                    Append(text, item, layout, level + 1, sorted, omitted));
                break;
            case JsonValueKind.String when element.GetString()!.StartsWith("{=", StringComparison.Ordinal):
                text.Append(element.GetString());
                break;
            case JsonValueKind.String:
                text.Append('"').Append(layout.EscapeSlash ? element.GetString()!.Replace("/", "\\/", StringComparison.Ordinal) : element.GetString()).Append('"');
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void AppendList<T>(StringBuilder text, char open, char close, T[] items, JsonLayout layout, int level, Action<T> append)
    {
        text.Append(open);
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(i > 0 ? layout.Comma : "").Append(layout.Break(level + 1));
            append(items[i]);
        }

        text.Append(items.Length > 0 ? layout.Break(level) : "").Append(close);
    }

    /// <summary>Holes are told from JSON braces by the capital letter or equals sign that follows the brace.</summary>
    private static Part[] Cut(string text)
    {
        var parts = new List<Part>();
        int start = 0;
        for (int i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '{' && (text[i + 1] == '=' || char.IsAsciiLetterUpper(text[i + 1])))
            {
                int end = text.IndexOf('}', i);
                var hole = Enum.Parse<Hole>(text.AsSpan(i + 1, end - i - 1).TrimStart('='));
                parts.Add(new Part(Encoding.UTF8.GetBytes(text[start..i]), hole));
                start = end + 1;
                i = end;
            }
        }

        parts.Add(new Part(Encoding.UTF8.GetBytes(text[start..]), Hole.None));
        return [.. parts];
    }

    /// <summary>Bytes as they are, then a hole to fill.</summary>
    internal readonly record struct Part(byte[] Text, Hole Hole);
}

/// <summary>Spacing and escapes of a style.</summary>
internal sealed class JsonLayout(ExportStyle style)
{
    public bool EscapeSlash { get; } = style != ExportStyle.Snapshot;

    public string Comma { get; } = style == ExportStyle.Snapshot ? ", " : ",";

    /// <summary>From a key's closing quote to its value.</summary>
    public string Colon { get; } = style == ExportStyle.UserInterface ? "\":" : "\": ";

    /// <summary>A line break and the indent of a level; empty unless the style indents.</summary>
    public string Break(int level) => style == ExportStyle.Indented ? "\n" + new string(' ', 2 * level) : "";

    public string End { get; } = style == ExportStyle.Indented ? "\n" : "";
}
