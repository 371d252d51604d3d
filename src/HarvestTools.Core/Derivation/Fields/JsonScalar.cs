using System.Globalization;
using System.Text;
using System.Text.Json;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// Text of a JSON string or number that depends only on its value: escapes are undone, and 12, 12.0 and 1.2e1 read the
/// same, because the label hash cannot tell them apart either.
/// </summary>
internal static class JsonScalar
{
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
        // Data is canonical: an integer is there with every digit, and 12.0 as 12.
        if (CanonicalNumber.IsInteger(reader.ValueSpan))
        {
            return arena.Add(reader.ValueSpan);
        }

        Span<byte> digits = stackalloc byte[400];
        double number = reader.GetDouble() + 0.0;
        return number.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture) ? arena.Add(digits[..length]) : default;
    }
}
