namespace HarvestTools.HelpCompiler;

/// <summary>An example of a page: what it shows, the commands, and a remark.</summary>
internal sealed record HelpExample(string Title, IReadOnlyList<string> Introduction, string Code, IReadOnlyList<string> Remarks);

/// <summary>
/// One cmdlet's page: <c># Name</c>, then <c>##</c> sections SYNOPSIS, SYNTAX, DESCRIPTION, EXAMPLES, PARAMETERS, INPUTS,
/// OUTPUTS, NOTES and RELATED LINKS; under EXAMPLES, PARAMETERS, INPUTS and OUTPUTS one <c>###</c> a thing.
/// </summary>
internal sealed class HelpPage
{
    private readonly Dictionary<string, List<string>> _sections = new(StringComparer.Ordinal);

    private HelpPage(string path)
    {
        Path = path;
    }

    public string Path { get; }

    public string Name { get; private set; } = string.Empty;

    public IReadOnlyList<string> Synopsis => Paragraphs(Section("SYNOPSIS"));

    public IReadOnlyList<string> Description => Paragraphs(Section("DESCRIPTION"));

    public IReadOnlyList<string> Notes => Paragraphs(Section("NOTES"));

    public IReadOnlyList<string> Syntax => [.. Section("SYNTAX").Where(static line => line.Length > 0 && !line.StartsWith("```", StringComparison.Ordinal))];

    /// <summary>Text of each parameter, by its name without the dash.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parameters => Things("PARAMETERS")
        .ToDictionary(static thing => thing.Title.TrimStart('-'), static thing => (IReadOnlyList<string>)Paragraphs(thing.Lines), StringComparer.Ordinal);

    public IReadOnlyList<(string Title, IReadOnlyList<string> Text)> Inputs => [.. Things("INPUTS").Select(static t => (t.Title, Paragraphs(t.Lines)))];

    public IReadOnlyList<(string Title, IReadOnlyList<string> Text)> Outputs => [.. Things("OUTPUTS").Select(static t => (t.Title, Paragraphs(t.Lines)))];

    public IReadOnlyList<HelpExample> Examples => [.. Things("EXAMPLES").Select(ToExample)];

    /// <summary>Names of related commands and topics, in the order of the list.</summary>
    public IReadOnlyList<string> RelatedLinks => [.. Section("RELATED LINKS")
        .Where(static line => line.StartsWith("- ", StringComparison.Ordinal))
        .Select(static line => Plain(line[2..]))];

    public static HelpPage Read(string path)
    {
        var page = new HelpPage(path);
        List<string>? section = null;
        bool code = false;
        foreach (string line in File.ReadAllLines(path))
        {
            code ^= line.StartsWith("```", StringComparison.Ordinal);
            if (!code && line.StartsWith("# ", StringComparison.Ordinal))
            {
                page.Name = line[2..].Trim();
            }
            else if (!code && line.StartsWith("## ", StringComparison.Ordinal))
            {
                page._sections[line[3..].Trim()] = section = [];
            }
            else
            {
                section?.Add(line.TrimEnd());
            }
        }

        return page;
    }

    public bool Has(string section) => _sections.ContainsKey(section);

    /// <summary>Markdown inside a paragraph as plain text: Get-Help shows no markup.</summary>
    internal static string Plain(string text)
    {
        text = text.Replace("`", string.Empty, StringComparison.Ordinal).Replace("**", string.Empty, StringComparison.Ordinal);
        int open;
        while ((open = text.IndexOf("](", StringComparison.Ordinal)) >= 0)
        {
            int start = text.LastIndexOf('[', open);
            int end = text.IndexOf(')', open);
            if (start < 0 || end < 0)
            {
                break;
            }

            text = text[..start] + text[(start + 1)..open] + text[(end + 1)..];
        }

        return text;
    }

    private List<string> Section(string name) => _sections.GetValueOrDefault(name) ?? [];

    private IEnumerable<(string Title, List<string> Lines)> Things(string section)
    {
        string? title = null;
        List<string> lines = [];
        foreach (string line in Section(section))
        {
            if (line.StartsWith("### ", StringComparison.Ordinal))
            {
                if (title is not null)
                {
                    yield return (title, lines);
                }

                (title, lines) = (line[4..].Trim(), []);
            }
            else
            {
                lines.Add(line);
            }
        }

        if (title is not null)
        {
            yield return (title, lines);
        }
    }

    private static HelpExample ToExample((string Title, List<string> Lines) thing)
    {
        int open = thing.Lines.FindIndex(static line => line.StartsWith("```", StringComparison.Ordinal));
        int close = open < 0 ? -1 : thing.Lines.FindIndex(open + 1, static line => line.StartsWith("```", StringComparison.Ordinal));
        return close < 0
            ? new HelpExample(thing.Title, Paragraphs(thing.Lines), string.Empty, [])
            : new HelpExample(
                thing.Title,
                Paragraphs(thing.Lines[..open]),
                string.Join('\n', thing.Lines[(open + 1)..close]),
                Paragraphs(thing.Lines[(close + 1)..]));
    }

    /// <summary>Lines joined to paragraphs; a list's items stay lines of their own, and so does code.</summary>
    private static List<string> Paragraphs(List<string> lines)
    {
        var paragraphs = new List<string>();
        bool open = false;
        bool code = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                code = !code;
                open = false;
            }
            else if (code)
            {
                paragraphs.Add("    " + line);
            }
            else if (line.Length == 0)
            {
                open = false;
            }
            else if (open && !line.StartsWith("- ", StringComparison.Ordinal))
            {
                paragraphs[^1] += " " + Plain(line.Trim());
            }
            else
            {
                paragraphs.Add(Plain(line));
                open = true;
            }
        }

        return paragraphs;
    }
}
