using System.Globalization;

namespace HarvestTools.Json;

/// <summary>
/// Writes JSON numbers as RFC 8785 (section 3.2.2.3) wants them: the shortest decimal digits that give the same
/// IEEE 754 double, laid out as ECMAScript's Number.prototype.toString does.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>-1.7976931348623157e+308 has 24 characters; positional notation needs at most 25 (sign, "0.", 5 zeros, 17 digits).</summary>
    private const int MaxLength = 32;

    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Appends a number that is in JSON as <paramref name="text"/>.</summary>
    /// <returns>False where no finite double is near it (1e400), which RFC 8785 forbids.</returns>
    public static bool TryAppend(ReadOnlySpan<byte> text, ByteWriter to)
    {
        if (IsCanonical(text) || (PlainDecimal.TryRead(text, out PlainDecimal plain) && plain.IsShortest()))
        {
            to.Add(text);
            return true;
        }

        if (!TryParse(text, out double value))
        {
            return false;
        }

        Append(value, to);
        return true;
    }

    /// <summary>Appends a number as RFC 8785 wants it, but integers with every digit: RFC 8785 makes one of two beyond 2^53.</summary>
    /// <returns>False where no finite double is near it.</returns>
    public static bool TryAppendExact(ReadOnlySpan<byte> text, ByteWriter to)
    {
        if (!IsInteger(text))
        {
            return TryAppend(text, to);
        }

        to.Add(text.SequenceEqual("-0"u8) ? "0"u8 : text);
        return true;
    }

    /// <summary>Whether a JSON number is written as an integer: no point and no exponent, however many digits.</summary>
    public static bool IsInteger(ReadOnlySpan<byte> text) =>
        !text[(text[0] == '-' ? 1 : 0)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Parses a JSON number; false where it is no finite double.</summary>
    // Not by Utf8Parser, which takes a number of twenty digits that is half way between two doubles, and ends in zeros behind the point, to the wrong one.
    public static bool TryParse(ReadOnlySpan<byte> text, out double value) =>
        (PlainDecimal.TryRead(text, out PlainDecimal plain) && plain.TryToDouble(out value))
        || (double.TryParse(text, Number, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));

    /// <summary>The same, and whether the text is certainly its own canonical form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double value, out bool isCanonical)
    {
        if (PlainDecimal.TryRead(text, out PlainDecimal plain) && plain.TryToDouble(out value))
        {
            isCanonical = plain.IsShortestOf(value);
            return true;
        }

        isCanonical = false;
        return TryParse(text, out value);
    }

    /// <summary>Appends a finite double.</summary>
    public static void Append(double value, ByteWriter to)
    {
        // Zero of either sign is written 0.
        if (value == 0)
        {
            to.Add((byte)'0');
            return;
        }

        Span<byte> shortest = stackalloc byte[MaxLength];
        value.TryFormat(shortest, out int length, default, CultureInfo.InvariantCulture);

        Span<byte> digits = stackalloc byte[MaxLength];
        int count = ReadDigits(shortest[..length], digits, out bool negative, out int pointAt);
        Layout(digits[..count], negative, pointAt, to);
    }

    /// <summary>
    /// True where <paramref name="text"/>, a number by JSON's grammar, is certainly its own canonical form: plain
    /// notation with at most 15 significant digits, no needless zero, and a magnitude that ECMAScript writes plainly.
    /// Two decimals of at most 15 digits never share a double (DBL_DIG), so no shorter or nearer spelling exists.
    /// False says nothing.
    /// </summary>
    internal static bool IsCanonical(ReadOnlySpan<byte> text)
    {
        int start = text.Length > 0 && text[0] == '-' ? 1 : 0;
        int length = text.Length - start;

        // 15 digits and a point; longer texts may still be canonical but are not proven so here.
        if (length is 0 or > 16)
        {
            return false;
        }

        int point = -1;
        for (int i = start; i < text.Length; i++)
        {
            byte b = text[i];
            if (b == '.')
            {
                point = i;
            }
            else if ((uint)(b - '0') > 9)
            {
                return false;
            }
        }

        if (point < 0)
        {
            // "-0" is not canonical; other integers of up to 15 digits are.
            return length <= 15 && !(start == 1 && text[1] == '0');
        }

        // A trailing zero ("1.50", "2.0") is needless; 0.0000001 and smaller are written with an exponent.
        return text[^1] != '0' && (text[start] != '0' || length <= 2 || text[start + 2] != '0');
    }

    /// <summary>Takes .NET's shortest round-trip text apart: "1.5E-07" gives digits 15 and a point before digit -6.</summary>
    private static int ReadDigits(ReadOnlySpan<byte> shortest, Span<byte> digits, out bool negative, out int pointAt)
    {
        negative = shortest[0] == '-';
        int count = 0;
        int exponent = 0;
        int fraction = 0;
        bool afterPoint = false;
        for (int i = negative ? 1 : 0; i < shortest.Length; i++)
        {
            byte b = shortest[i];
            if (b == '.')
            {
                afterPoint = true;
            }
            else if (b == 'E')
            {
                exponent = int.Parse(shortest[(i + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                fraction += afterPoint ? 1 : 0;
                if (b != '0' || count > 0)
                {
                    digits[count++] = b;
                }
            }
        }

        pointAt = count - fraction + exponent;
        while (digits[count - 1] == '0')
        {
            count--;
        }

        return count;
    }

    /// <summary>ECMA-262, Number::toString: k digits, n = <paramref name="pointAt"/>.</summary>
    private static void Layout(ReadOnlySpan<byte> digits, bool negative, int pointAt, ByteWriter to)
    {
        if (negative)
        {
            to.Add((byte)'-');
        }

        int k = digits.Length;
        if (pointAt is > 0 and <= 21)
        {
            to.Add(digits[..Math.Min(k, pointAt)]);
            for (int i = k; i < pointAt; i++)
            {
                to.Add((byte)'0');
            }

            if (k > pointAt)
            {
                to.Add((byte)'.');
                to.Add(digits[pointAt..]);
            }
        }
        else if (pointAt is > -6 and <= 0)
        {
            to.Add("0."u8);
            for (int i = pointAt; i < 0; i++)
            {
                to.Add((byte)'0');
            }

            to.Add(digits);
        }
        else
        {
            to.Add(digits[0]);
            if (k > 1)
            {
                to.Add((byte)'.');
                to.Add(digits[1..]);
            }

            int exponent = pointAt - 1;
            to.Add((byte)'e');
            to.Add(exponent < 0 ? (byte)'-' : (byte)'+');
            to.Add((long)Math.Abs(exponent));
        }
    }
}
