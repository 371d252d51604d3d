using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Reports;

/// <summary>
/// Builds HTML from interpolated strings: what is written in the string is markup, every hole in it is text and escaped.
/// There is no other way in, so that no name, reason or path can become markup.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup with escaped text in its holes; numbers are written invariant.</summary>
#pragma warning disable CA1822 // The compiler hands this writer to the string, which writes itself before the call.
    public void Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => _ = markup;
#pragma warning restore CA1822

    /// <summary>Adds what another writer holds, which is markup already.</summary>
    public void Add(HtmlWriter other) => _text.Append(other._text);

    public override string ToString() => _text.ToString();

    private void Escape(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char letter = text[i];
            switch (letter)
            {
                case '&':
                    _text.Append("&amp;");
                    break;
                case '<':
                    _text.Append("&lt;");
                    break;
                case '>':
                    _text.Append("&gt;");
                    break;
                case '"':
                    _text.Append("&quot;");
                    break;
                case '\'':
                    _text.Append("&#39;");
                    break;
                case '\t' or '\n':
                    _text.Append(letter);
                    break;
                default:
                    // HTML has no control characters, and half of a surrogate pair is no character at all.
                    bool pair = char.IsHighSurrogate(letter) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
                    if (pair)
                    {
                        _text.Append(letter).Append(text[++i]);
                    }
                    else
                    {
                        // A mark of direction would show what follows it in another order, and is shown as it is written elsewhere.
                        _ = char.IsControl(letter) || char.IsSurrogate(letter) ? _text.Append('\uFFFD')
                            : PlainText.IsUnsafe(letter) ? _text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")
                            : _text.Append(letter);
                    }

                    break;
            }
        }
    }

    /// <summary>Takes an interpolated string apart: its own text is markup, its holes are not.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly HtmlWriter _writer;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _ = formattedCount;
            _writer = writer;
            writer._text.EnsureCapacity(writer._text.Length + literalLength);
        }

        public void AppendLiteral(string markup) => _writer._text.Append(markup);

        public void AppendFormatted<T>(T text) => _writer.Escape(Convert.ToString(text, CultureInfo.InvariantCulture));
    }
}
