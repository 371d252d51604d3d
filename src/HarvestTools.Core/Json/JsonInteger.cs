using System.Buffers.Text;

namespace HarvestTools.Json;

/// <summary>
/// Integers as JSON writers spell them: 1001, 1001.0, 1.001e3. One that is spelled as no integer is the double that RFC 8785 makes of it,
/// with the digits in which it writes that: what the label hash takes for one number is one number.
/// </summary>
internal static class JsonInteger
{
    /// <summary>The largest magnitude at which every integer is a double of its own.</summary>
    private const double MaxExact = 9007199254740992;

    private const int DigitsMost = 32;

    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length)
        {
            return true;
        }

        if (CanonicalNumber.TryParse(text, out double number) && Math.Floor(number) == number && !CanonicalNumber.IsInteger(text))
        {
            if (Math.Abs(number) <= MaxExact)
            {
                value = (long)number;
                return true;
            }

            var digits = new ByteWriter(DigitsMost);
            CanonicalNumber.Append(number, digits);
            return Utf8Parser.TryParse(digits.Written, out value, out used) && used == digits.Length;
        }

        value = 0;
        return false;
    }
}
