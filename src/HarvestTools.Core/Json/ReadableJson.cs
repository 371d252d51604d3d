using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Json;

/// <summary>
/// The one layout of every JSON file that is written for people and for git: LF, UTF-8 without BOM, two spaces a level,
/// a newline at the end. A list or object that holds only plain values is on one line, so that a changed export
/// or output is one changed line. Only what JSON demands is escaped, unlike in .NET's writer, whose set of readable
/// characters follows the Unicode tables of its release. Numbers keep the spelling they were read with.
/// </summary>
internal static class ReadableJson
{
    /// <param name="node">What to write; an object or a list at the top always gets lines of its own.</param>
    /// <param name="inlineUpTo">Lists and objects of plain values with more members than this get a line for each.</param>
    public static byte[] ToUtf8(JsonNode node, int inlineUpTo = int.MaxValue)
    {
        var text = new StringBuilder();
        Append(text, node, 0, inlineUpTo);
        text.Append('\n');
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, JsonNode? node, int level, int inlineUpTo)
    {
        switch (node)
        {
            case JsonObject map:
                AppendAll(text, '{', '}', level, level > 0 && IsPlain(map.Select(static p => p.Value), inlineUpTo), map, (pair, inner) =>
                {
                    AppendText(text, pair.Key);
                    text.Append(": ");
                    Append(text, pair.Value, inner, inlineUpTo);
                });
                break;
            case JsonArray list:
                AppendAll(text, '[', ']', level, level > 0 && IsPlain(list, inlineUpTo), list, (item, inner) => Append(text, item, inner, inlineUpTo));
                break;
            case null:
                text.Append("null");
                break;
            default:
                if (node.GetValueKind() == JsonValueKind.String)
                {
                    AppendText(text, node.GetValue<string>());
                }
                else
                {
                    text.Append(node.ToJsonString());
                }

                break;
        }
    }

    private static bool IsPlain(IEnumerable<JsonNode?> members, int inlineUpTo)
    {
        int count = 0;
        foreach (JsonNode? member in members)
        {
            if (member is JsonObject or JsonArray || ++count > inlineUpTo)
            {
                return false;
            }
        }

        return true;
    }

    private static void AppendAll<T>(
        StringBuilder text, char open, char close, int level, bool inline, ICollection<T> members, Action<T, int> append)
    {
        text.Append(open);
        if (members.Count == 0)
        {
            text.Append(close);
            return;
        }

        bool first = true;
        foreach (T member in members)
        {
            text.Append(first ? string.Empty : ",");
            if (inline)
            {
                // As in { "project": "a" } but [1, 2].
                text.Append(first && open == '[' ? string.Empty : " ");
            }
            else
            {
                text.Append('\n').Append(' ', 2 * (level + 1));
            }

            append(member, level + 1);
            first = false;
        }

        if (!inline)
        {
            text.Append('\n').Append(' ', 2 * level);
        }
        else if (open == '{')
        {
            text.Append(' ');
        }

        text.Append(close);
    }

    private static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
