using System.Buffers;
using System.Globalization;
using System.Text;

namespace HarvestTools.Strings;

/// <summary>
/// Text that came from files, as a terminal may have it: an escape sequence in a label or a file's name would move the cursor,
/// rename the window or hide lines, a change of direction shows letters in another order than they are in, and of what cannot be seen two
/// labels look the same and are not. The one place that knows which characters those are; both front ends print through it.
/// </summary>
public static class PlainText
{
    // Marks of direction: Arabic letter mark, left-to-right and right-to-left marks, embeddings and overrides, isolates.
    private const string Directions = "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    // Line and paragraph separator: the reader of a log or a page begins a line at them.
    private const string Separators = "\u2028\u2029";

    // Soft hyphen, grapheme joiner, fillers of Hangul, inherent vowels of Khmer, the Mongolian separator, the space without width, word joiner
    // and invisible operators, deprecated format characters, the byte order mark, marks of annotations. The joiners U+200C and U+200D and the
    // selectors of variants are not among them: words and emoji are spelled with them.
    private const string Invisible = "\u00AD\u034F\u115F\u1160\u17B4\u17B5\u180E\u200B\u2060\u2061\u2062\u2063\u2064\u206A\u206B\u206C\u206D\u206E\u206F\u3164\uFEFF\uFFA0\uFFF9\uFFFA\uFFFB";

    // The first half of a tag, an invisible copy of a letter of ASCII, of which a hidden sentence can be made; and of selectors of variants, which stay.
    private const char TagHigh = '\uDB40';

    // Deeper than a remedy under its error.
    private const string Inset = "      ";

    /// <summary>Whether a text holds nothing that a terminal takes for a command or does not show. A line may end as on Windows.</summary>
    public static bool IsPlain(string text) => Next(text, 0) < 0;

    /// <summary>
    /// The text with each control character, each separator, each mark of direction and each invisible character written as <c>\u001b</c>; lines and tabs
    /// stay, and a text without any is the same object.
    /// </summary>
    public static string Of(string text)
    {
        int next = Next(text, 0);
        if (next < 0)
        {
            return text;
        }

        var plain = new StringBuilder(text.Length + 16);
        int start = 0;
        for (; next >= 0; next = Next(text, start))
        {
            plain.Append(text, start, next - start).Append(CultureInfo.InvariantCulture, $"\\u{(int)text[next]:x4}");
            start = next + 1;
            if (text[next] == TagHigh)
            {
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[start++]:x4}");
            }
        }

        return plain.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>The same on one line, for a cell of a table or a line of a list: a space for each line break and each tab.</summary>
    public static string OneLine(string text)
    {
        string plain = Of(text);
        return plain.AsSpan().ContainsAny('\n', '\r', '\t')
            ? string.Create(plain.Length, plain, static (line, from) =>
            {
                from.CopyTo(line);
                line.Replace('\n', ' ');
                line.Replace('\r', ' ');
                line.Replace('\t', ' ');
            })
            : plain;
    }

    /// <summary>
    /// The same with every line but the first set in, for what is said in sentences: a name with a line break in it begins no
    /// line that reads as one of the program's own.
    /// </summary>
    public static string Hanging(string text)
    {
        string plain = Of(text);
        return plain.Contains('\n', StringComparison.Ordinal) ? plain.Replace("\n", "\n" + Inset, StringComparison.Ordinal) : plain;
    }

    /// <summary>Whether a character, by its code, is one that is never printed as it is.</summary>
    public static bool IsUnsafe(int code) => code is >= 0xE0000 and <= 0xE007F || (code is >= 0 and <= char.MaxValue and not TagHigh && Unsafe.Values.Contains((char)code));

    private static int Next(string text, int start)
    {
        for (int from = start; ;)
        {
            int found = Suspect(text, from);
            found = found < 0 ? -1 : text.AsSpan(found).IndexOfAny(Unsafe.Values) is >= 0 and var at ? found + at : -1;
            if (found < 0)
            {
                return -1;
            }

            char following = found + 1 < text.Length ? text[found + 1] : '\0';
            if (text[found] switch { '\r' => following != '\n', TagHigh => following is >= '\uDC00' and <= '\uDC7F', _ => true })
            {
                return found;
            }

            from = found + 1;
        }
    }

    /// <summary>The first character from a place on that is no printable one of ASCII, no line break and no tab; -1 for none.</summary>
    private static int Suspect(string text, int from)
    {
        while (text.AsSpan(from).IndexOfAnyExceptInRange(' ', '~') is >= 0 and var found)
        {
            from += found;
            if (text[from] is not '\n' and not '\t')
            {
                return from;
            }

            from++;
        }

        return -1;
    }

    /// <summary>Made when a text has a character outside of ASCII, or a control character, for the first time: making it takes milliseconds.</summary>
    private static class Unsafe
    {
        public static readonly SearchValues<char> Values = SearchValues.Create(
            [.. Directions, .. Separators, .. Invisible, TagHigh, .. Enumerable.Range(0, 0xA0).Select(static code => (char)code).Where(static c => char.IsControl(c) && c is not '\n' and not '\t')]);
    }
}
