using System.Text;

namespace HarvestTools.HelpCompiler;

/// <summary>Turns the Markdown of an about_ topic into the plain text that Get-Help shows.</summary>
internal static class AboutTopic
{
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
                text.AppendLine(line.Length == 0 ? string.Empty : "    " + HelpPage.Plain(line));
            }
        }

        return text.Replace("\r\n", "\n").ToString();
    }
}
