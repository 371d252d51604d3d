using System.Buffers.Text;

namespace HarvestTools.Json;

/// <summary>Integers as JSON writers spell them: 1001, 1001.0, 1.001e3.</summary>
internal static class JsonInteger
{
    /// <summary>The largest magnitude at which every integer is a double of its own.</summary>
    private const double MaxExact = 9007199254740992;

    public static bool TryParse(ReadOnlySpan<byte> text, out long value)
    {
        if (Utf8Parser.TryParse(text, out value, out int used) && used == text.Length)
        {
            return true;
        }

        if (CanonicalNumber.TryParse(text, out double number) && Math.Abs(number) <= MaxExact && Math.Floor(number) == number)
        {
            value = (long)number;
            return true;
        }

        value = 0;
        return false;
    }
}
