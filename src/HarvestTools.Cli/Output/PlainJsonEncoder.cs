using System.Text.Encodings.Web;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Output;

/// <summary>
/// JSON that people can read, with letters of every language as they are, and that a terminal can have: what
/// <see cref="PlainText"/> would make visible is escaped, so that a parser still gives what the file held.
/// </summary>
internal sealed class PlainJsonEncoder : JavaScriptEncoder
{
    private const int EscapeLength = 6;

    // Lets marks of direction through, as letters; control characters it escapes itself.
    private static readonly JavaScriptEncoder s_readable = UnsafeRelaxedJsonEscaping;

    public static PlainJsonEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => Math.Max(EscapeLength, s_readable.MaxOutputCharactersPerInputCharacter);

    public override bool WillEncode(int unicodeScalar) => s_readable.WillEncode(unicodeScalar) || PlainText.IsUnsafe(unicodeScalar);

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        int first = s_readable.FindFirstCharacterToEncode(text, textLength);
        int end = first < 0 ? textLength : first;
        for (int i = 0; i < end; i++)
        {
            if (PlainText.IsUnsafe(text[i]))
            {
                return i;
            }
        }

        return first;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (s_readable.WillEncode(unicodeScalar) || !PlainText.IsUnsafe(unicodeScalar))
        {
            return s_readable.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        }

        bool fits = $"\\u{unicodeScalar:x4}".TryCopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = fits ? EscapeLength : 0;
        return fits;
    }
}
