using System.Text;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>Says what a file is that is no JSON: pointers of Git LFS and DVC, pages, tables, YAML, and binary files.</summary>
internal static class TextSniffer
{
    /// <summary>How much of a text is looked at.</summary>
    private const int TextBytes = 64 * 1024;

    /// <summary>Columns of Label Studio's CSV and TSV exports; one row alone is a table where its header has one.</summary>
    private static readonly string[] s_columns =
    [
        "id", "annotation_id", "annotator", "created_at", "updated_at", "lead_time", "label", "labels", "choice", "image", "video", "audio", "text", "file_upload",
    ];

    /// <summary>How servers and proxies say in plain text that they do not give anything.</summary>
    private static readonly string[] s_refusals =
    [
        "Forbidden", "Unauthorized", "Not Found", "Bad Request", "Bad Gateway", "Internal Server Error", "Service Unavailable", "Gateway Time", "upstream ", "error code:", "no healthy upstream",
    ];

    /// <summary>Null where nothing is known of such a file.</summary>
    /// <param name="fileName">For the message.</param>
    /// <param name="start">The first bytes after white space; at least one.</param>
    public static HarvestException? Explain(string fileName, ReadOnlySpan<byte> start)
    {
        if (LfsPointer.TryParse(start) is { } pointer)
        {
            return ExportErrors.ExportIsLfsPointer(fileName, pointer.Oid, pointer.Bytes);
        }

        if (Magic.NameOfBinary(start) is { } binary)
        {
            return ExportErrors.ExportIsOtherFormat(fileName, binary);
        }

        ReadOnlySpan<byte> head = start[..Math.Min(start.Length, TextBytes)];
        if (head.ContainsAnyInRange((byte)0, (byte)8))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(head);
        if (text.StartsWith("<<<<<<< ", StringComparison.Ordinal))
        {
            return ExportErrors.ExportHasConflicts(fileName);
        }

        return text[0] == '<' ? Markup(fileName, text) : Plain(fileName, text);
    }

    private static HarvestException? Markup(string fileName, string text)
    {
        if (HasAny(text, "<!doctype html", "<html", "<head", "<body", "<title", "<script", "<meta"))
        {
            bool login = HasAny(text, "login", "log in", "sign in", "sign-in", "signin", "password");
            return ExportErrors.ExportIsWebPage(fileName, Between(text, "<title", "</title"), login ? "login page" : "web page");
        }

        // What object stores answer where a link is not valid any more.
        return Between(text, "<code", "</code") is { } code && HasAny(text, "<error")
            ? ExportErrors.ExportIsApiError(fileName, null, Between(text, "<message", "</message") ?? code)
            : HasAny(text, "<view") ? ExportErrors.ExportIsOtherFormat(fileName, "a labeling configuration (XML)")
            : ExportErrors.ExportIsOtherFormat(fileName, "an XML file");
    }

    private static HarvestException? Plain(string fileName, string text)
    {
        string[] lines = text.Split('\n');
        string[] content = [.. lines.Select(static line => line.TrimEnd()).Where(static line => line.Length > 0 && line[0] != '#')];
        if (content.Length == 0)
        {
            return null;
        }

        if (content.Any(static line => line is "outs:" or "deps:" or "stages:") && content.Any(static line => IsDvcField(line)))
        {
            return ExportErrors.ExportIsDvcFile(fileName, content.Select(PathOf).FirstOrDefault(static path => path is not null));
        }

        if (lines.Length <= 3 && s_refusals.Any(refusal => content[0].Contains(refusal, StringComparison.OrdinalIgnoreCase)) && content[0].Length < 200)
        {
            return ExportErrors.ExportIsApiError(fileName, null, content[0]);
        }

        if (content[0].StartsWith("-DOCSTART-", StringComparison.Ordinal))
        {
            return ExportErrors.ExportIsOtherFormat(fileName, "a CoNLL file");
        }

        return DelimiterOf(content) is { } delimiter ? ExportErrors.ExportIsCsv(fileName, delimiter)
            : IsYaml(content[0]) ? ExportErrors.ExportIsYaml(fileName)
            : null;
    }

    private static bool IsDvcField(string line) => Field(line) is "md5" or "hash" or "path" or "etag" or "checksum" or "cmd" or "outs" && line.Contains(": ", StringComparison.Ordinal);

    private static string? PathOf(string line) => Field(line) == "path" ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(' ', '\'', '"') : null;

    private static string Field(string line) => line.TrimStart(' ', '-').Split(':')[0];

    /// <summary>What parts the columns of a table; null where the lines are no table.</summary>
    private static string? DelimiterOf(string[] lines)
    {
        // Excel's own first line says it.
        string[] rows = lines[0].StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? lines[1..] : lines;
        if (rows.Length == 0)
        {
            return null;
        }

        (char delimiter, List<string> header) = ((char[])[',', '\t', ';', '|'])
            .Select(delimiter => (delimiter, Cells(rows[0], delimiter)))
            .MaxBy(static split => split.Item2.Count);
        bool known = header.Any(static cell => s_columns.Contains(cell.Trim(), StringComparer.OrdinalIgnoreCase));
        bool even = rows.Length > 1 && Cells(rows[1], delimiter).Count == header.Count;
        return header.Count < 2 || !(known || even) ? null : delimiter switch
        {
            '\t' => "tabs",
            ';' => "semicolons",
            '|' => "bars",
            _ => "commas",
        };
    }

    /// <summary>The cells of a row; a delimiter in quotes parts none.</summary>
    private static List<string> Cells(string row, char delimiter)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        foreach (char letter in row)
        {
            if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter == delimiter && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(letter);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }

    private static bool IsYaml(string line)
    {
        string entry = line.StartsWith("- ", StringComparison.Ordinal) ? line[2..] : line;
        int colon = entry.IndexOf(':', StringComparison.Ordinal);
        return line == "---"
            || line.StartsWith("--- ", StringComparison.Ordinal)
            || line.StartsWith("%YAML", StringComparison.Ordinal)
            || (colon > 0
                && (colon == entry.Length - 1 || entry[colon + 1] == ' ')
                && entry[..colon].All(static letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.' or '"' or '\''));
    }

    private static bool HasAny(string text, params ReadOnlySpan<string> parts)
    {
        foreach (string part in parts)
        {
            if (text.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text of an element, in one line; null where it has none.</summary>
    private static string? Between(string text, string opening, string closing)
    {
        const int Longest = 120;
        int start = text.IndexOf(opening, StringComparison.OrdinalIgnoreCase);
        start = start < 0 ? -1 : text.IndexOf('>', start);
        int end = start < 0 ? -1 : text.IndexOf(closing, start, StringComparison.OrdinalIgnoreCase);
        string found = end < 0 ? "" : string.Join(' ', text[(start + 1)..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return found.Length == 0 ? null : found.Length <= Longest ? found : found[..Longest] + "…";
    }
}
