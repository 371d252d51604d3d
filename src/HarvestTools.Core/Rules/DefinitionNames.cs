using System.Buffers;

namespace HarvestTools.Rules;

/// <summary>
/// The forms of what names a definition and its fields. Every command reads harvest.json, and expressions for three short forms
/// would have each of them load the framework's library of expressions.
/// </summary>
internal static class DefinitionNames
{
    private const int MostDigits = 9;

    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>A letter, and then letters, digits, points, underscores and hyphens.</summary>
    public static bool IsName(ReadOnlySpan<char> text) =>
        !text.IsEmpty && char.IsAsciiLetter(text[0]) && !text.ContainsAnyExcept(s_nameCharacters);

    /// <summary><c>v</c> and three numbers with points between, each of up to nine digits and without needless zeros.</summary>
    public static bool IsVersion(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != 'v')
        {
            return false;
        }

        text = text[1..];
        for (int rest = 2; rest > 0; rest--)
        {
            int point = text.IndexOf('.');
            if (point < 0 || !IsNumber(text[..point]))
            {
                return false;
            }

            text = text[(point + 1)..];
        }

        return IsNumber(text);
    }

    /// <summary>Keys below <c>data</c>, separated by points.</summary>
    public static bool IsSource(ReadOnlySpan<char> text)
    {
        const string Data = "data.";
        return text.StartsWith(Data, StringComparison.Ordinal) && text.Length > Data.Length && text[^1] != '.' && text.IndexOf("..", StringComparison.Ordinal) < 0;
    }

    private static bool IsNumber(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= MostDigits && !text.ContainsAnyExceptInRange('0', '9') && (text[0] != '0' || text.Length == 1);
}
