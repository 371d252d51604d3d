using System.Globalization;
using System.Management.Automation.Host;
using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.PowerShell;

/// <summary>
/// Breaks text between words, since PowerShell's lists and tables break it anywhere; called by the format file. Widths are
/// cells of a terminal, of which Chinese, Japanese and Korean characters and most pictures take two.
/// </summary>
public static class TextWrap
{
    private const int Narrowest = 20;

    /// <summary>Text for the rest of a line, of which the beginning is taken; as it is where the host has no width.</summary>
    /// <param name="text">May hold line breaks, which stay.</param>
    /// <param name="taken">Cells to the left of it.</param>
    /// <param name="host">Whose window it is for.</param>
    public static string Fit(string? text, int taken, PSHost host) =>
        string.IsNullOrEmpty(text) ? string.Empty : WidthOf(host) is { } width ? Wrap(text, Math.Max(width - taken - 1, Narrowest)) : PlainText.Of(text);

    /// <summary>The same with the lines after the first indented, for a text behind a name.</summary>
    public static string Hang(string? text, int taken, int indent, PSHost host) =>
        string.IsNullOrEmpty(text) ? string.Empty
            : WidthOf(host) is { } width ? Wrap(text, Math.Max(width - taken - 1, Narrowest), new string(' ', indent)) : PlainText.Of(text);

    /// <summary>Plain lines of so many cells at most, but for words that are longer. A line's indentation is that of its continuation.</summary>
    /// <param name="text">May hold line breaks, which stay.</param>
    /// <param name="cells">Of a line.</param>
    /// <param name="prefix">What lines after the first begin with; it counts.</param>
    public static string Wrap(string text, int cells, string prefix = "")
    {
        var wrapped = new StringBuilder();
        foreach (string line in PlainText.Of(text).ReplaceLineEndings("\n").Split('\n'))
        {
            if (wrapped.Length > 0)
            {
                wrapped.Append(Environment.NewLine).Append(prefix);
            }

            string words = line.TrimStart(' ');
            string indent = new(' ', line.Length - words.Length);
            int used = (wrapped.Length == 0 ? 0 : CellsOf(prefix)) + indent.Length;
            wrapped.Append(indent);
            AppendLine(wrapped, words, cells, prefix + indent, used);
        }

        return wrapped.ToString();
    }

    /// <summary>How many cells a terminal gives a text.</summary>
    public static int CellsOf(string text)
    {
        int cells = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            cells += Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
                ? 0
                : IsWide(rune.Value) ? 2 : 1;
        }

        return cells;
    }

    private static void AppendLine(StringBuilder wrapped, string line, int cells, string prefix, int used)
    {
        bool first = true;
        foreach (string word in line.Split(' '))
        {
            int length = CellsOf(word);
            if (!first && used + 1 + length > cells)
            {
                wrapped.Append(Environment.NewLine).Append(prefix).Append(word);
                used = CellsOf(prefix) + length;
                continue;
            }

            if (!first)
            {
                wrapped.Append(' ');
                used++;
            }

            wrapped.Append(word);
            used += length;
            first = false;
        }
    }

    private static int? WidthOf(PSHost host)
    {
        try
        {
            return host?.UI?.RawUI?.BufferSize.Width is > Narrowest and int width ? width : null;
        }
        catch (Exception none) when (none is HostException or NotImplementedException or IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static bool IsWide(int rune) => rune is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
