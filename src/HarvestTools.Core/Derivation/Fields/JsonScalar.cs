using System.Globalization;
using System.Text;
using System.Text.Json;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// Text of a JSON string or number that depends only on its value: escapes are undone, and 12, 12.0 and 1.2e1 read the
/// same, because the label hash cannot tell them apart either.
/// </summary>
internal static class JsonScalar
{
    /// <summary>Doubles hold every integer up to here exactly.</summary>
    private const double LargestExact = 9007199254740992;

    /// <summary>Absent for null, true, false, arrays and objects.</summary>
    public static Utf8Text ToText(ref Utf8JsonReader reader, TextArena arena) => reader.TokenType switch
    {
        JsonTokenType.String => Unescape(ref reader, arena),
        JsonTokenType.Number => Number(ref reader, arena),
        _ => default,
    };

    /// <summary>The string or property name under the reader; for messages.</summary>
    public static string ToString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? string.Empty;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    public static Utf8Text Unescape(ref Utf8JsonReader reader, TextArena arena)
    {
        if (!reader.ValueIsEscaped)
        {
            return arena.Add(reader.ValueSpan);
        }

        var buffer = new byte[reader.ValueSpan.Length];
        try
        {
            int length = reader.CopyString(buffer);
            return arena.Add(buffer.AsSpan(0, length));
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair has no UTF-8; the text stays as the file writes it.
            return arena.Add(reader.ValueSpan);
        }
    }

    private static Utf8Text Number(ref Utf8JsonReader reader, TextArena arena)
    {
        Span<byte> digits = stackalloc byte[400];
        double number = reader.GetDouble() + 0.0;
        int length;
        bool integral = Math.Floor(number) == number && Math.Abs(number) <= LargestExact;
        bool formatted = integral
            ? ((long)number).TryFormat(digits, out length, provider: CultureInfo.InvariantCulture)
            : number.TryFormat(digits, out length, provider: CultureInfo.InvariantCulture);
        return formatted ? arena.Add(digits[..length]) : default;
    }
}
