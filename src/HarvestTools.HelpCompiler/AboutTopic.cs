using System.Text;

namespace HarvestTools.HelpCompiler;

/// <summary>Turns the Markdown of an about_ topic into the plain text that Get-Help shows.</summary>
internal static class AboutTopic
{
    private const int Width = 79;
    private const string Indent = "    ";

    public static string ToText(IEnumerable<string> lines)
    {
        var text = new StringBuilder();
        bool code = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                code = !code;
            }
            else if (code)
            {
                text.Append("        ").AppendLine(line);
            }
            else if (line.StartsWith('#'))
            {
                string title = HelpPage.Plain(line.TrimStart('#').Trim());
                text.AppendLine(line.StartsWith("# ", StringComparison.Ordinal) ? $"TOPIC\n    {title}" : title.ToUpperInvariant());
            }
            else
            {
                Wrap(text, HelpPage.Plain(line));
            }
        }

        return text.Replace("\r\n", "\n").ToString();
    }

    /// <summary>Words in lines of eighty columns; the lines of a list's item are indented as its text is.</summary>
    private static void Wrap(StringBuilder text, string paragraph)
    {
        string indent = paragraph.StartsWith("- ", StringComparison.Ordinal) ? Indent + "  " : Indent;
        var line = new StringBuilder(paragraph.Length == 0 ? string.Empty : Indent);
        bool empty = true;
        foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!empty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).AppendLine();
                line.Clear().Append(indent);
                empty = true;
            }

            line.Append(empty ? string.Empty : " ").Append(word);
            empty = false;
        }

        text.Append(line).AppendLine();
    }
}
