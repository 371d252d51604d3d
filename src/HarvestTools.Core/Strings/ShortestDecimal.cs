using System.Buffers.Binary;

namespace HarvestTools.Strings;

/// <summary>
/// The shortest decimal that gives the same double again, for numbers of the size of coordinates. It writes what the framework
/// writes, at a fraction of the cost: a few integer operations a number.
/// </summary>
/// <remarks>
/// A double is m · 2^-s, and w / 10^f is read as it where it is nearer than half a step between doubles. In units of 1 / (2^s · 10^f)
/// the two are m · 10^f and w · 2^s, and half a step is 10^f / 2. At fifteen digits decimals are further apart than doubles, so
/// that at most one is that near, and a shorter one is the same with zeros at its end. Where none is, no shorter one is either,
/// and of sixteen digits and then of seventeen the nearest one is the text. All are seen from the seventeen: how far these are from
/// a multiple of 100 and of 10. A power of two, below which half a step is half as long,
/// is in this range such a short decimal itself. Ties are left to the framework.
/// </remarks>
internal static class ShortestDecimal
{
    /// <summary>As many bytes are enough for every number: a sign, a whole number, a point, and more digits than are left of them.</summary>
    public const int MostBytes = 32;

    private const int MostDigits = 17;

    // As many digits behind the point are written at first, whatever is left of them.
    private const int WrittenPlaces = 18;
    private const double Least = 0.01;
    private const double Beyond = 1e9;
    private const ulong Implicit = 1UL << 52;

    // Of a double's exponent and of its 52 bits together, so that the mantissa is an integer.
    private const int ExponentOfOne = 1075;

    private static ReadOnlySpan<ulong> PowersOfTen =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    /// <summary>Writes a number; false for one that is left to the framework, as is negative zero.</summary>
    /// <param name="number">Any.</param>
    /// <param name="destination">Of at least <see cref="MostBytes"/>.</param>
    /// <param name="written">How many bytes.</param>
    public static bool TryWrite(double number, Span<byte> destination, out int written)
    {
        written = 0;
        double size = Math.Abs(number);
        if (size == 0 && !double.IsNegative(number))
        {
            destination[written++] = (byte)'0';
            return true;
        }

        // So that no number is taken that is none.
        if (!(size is >= Least and < Beyond))
        {
            return false;
        }

        ulong whole = (ulong)size;
        int wholeDigits = CountDigits(whole);
        if (!TryFind(size, whole > 0 ? wholeDigits : size >= 0.1 ? 0 : -1, out ulong digits, out int places))
        {
            return false;
        }

        ulong power = PowersOfTen[places];
        ulong rest = digits - (whole * power);
        if (rest >= power)
        {
            // It was rounded up to the next whole number.
            rest -= power;
            wholeDigits = CountDigits(++whole);
        }

        if (number < 0)
        {
            destination[written++] = (byte)'-';
        }

        written += wholeDigits;
        for (int i = written - 1; wholeDigits > 0; i--, wholeDigits--)
        {
            ulong tenth = whole / 10;
            destination[i] = (byte)('0' + (whole - (tenth * 10)));
            whole = tenth;
        }

        if (rest > 0)
        {
            destination[written++] = (byte)'.';
            WritePlaces(rest * PowersOfTen[WrittenPlaces - places], destination[written..]);
            written += places;
            while (destination[written - 1] == '0')
            {
                written--;
            }
        }

        return true;
    }

    /// <param name="size">The number.</param>
    /// <param name="before">How many digits it has before the point; -1 where there is a zero behind it.</param>
    /// <param name="digits">The shortest decimal without its point; zeros may be at its end.</param>
    /// <param name="places">How many of them are behind the point.</param>
    private static bool TryFind(double size, int before, out ulong digits, out int places)
    {
        // Sizes and distances have three places at most, which are quick to see: both numbers of the quotient are doubles.
        places = 3;
        digits = (ulong)((size * 1000) + 0.5);
        if (digits / 1000.0 == size)
        {
            return true;
        }

        ulong bits = BitConverter.DoubleToUInt64Bits(size);
        ulong mantissa = (bits & (Implicit - 1)) | Implicit;
        int shift = ExponentOfOne - (int)(bits >> 52);
        places = MostDigits - before;
        ulong power = PowersOfTen[places];
        ulong high = Math.BigMul(mantissa, power, out ulong low);
        ulong rest = low & ((1UL << shift) - 1);
        digits = (high << (64 - shift)) | (low >> shift);

        // Half a step between doubles is at most eleven of these digits' last places, so that products of twelve are enough.
        ulong hundreds = digits / 100;
        ulong last = digits - (hundreds * 100);
        if (last is < 12 or >= 88)
        {
            bool down = last < 12;
            ulong away = down ? (last << shift) + rest : ((100 - last) << shift) - rest;
            if (away * 2 <= power)
            {
                (digits, places) = (hundreds + (down ? 0UL : 1), places - 2);
                return away * 2 < power;
            }
        }

        ulong tens = digits / 10;
        ulong below = ((digits - (tens * 10)) << shift) + rest;
        ulong above = (10UL << shift) - below;
        if (Math.Min(below, above) * 2 <= power)
        {
            (digits, places) = (tens + (below < above ? 0UL : 1), places - 1);
            return below != above && Math.Min(below, above) * 2 < power;
        }

        above = (1UL << shift) - rest;
        digits += rest < above ? 0UL : 1;
        return rest != above && Math.Min(rest, above) * 2 < power;
    }

    private static int CountDigits(ulong number)
    {
        int count = 1;
        while (number >= PowersOfTen[count])
        {
            count++;
        }

        return count;
    }

    private static void WritePlaces(ulong number, Span<byte> destination)
    {
        ulong ten = number / 100_000_000;
        ulong two = ten / 100_000_000;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[10..], EightDigits(number - (ten * 100_000_000)));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[2..], EightDigits(ten - (two * 100_000_000)));
        destination[0] = (byte)('0' + (two / 10));
        destination[1] = (byte)('0' + (two % 10));
    }

    /// <summary>The ASCII digits of a number below 10^8, the first in the lowest byte: halves, then pairs, then digits side by side.</summary>
    private static ulong EightDigits(ulong number)
    {
        ulong upper = number / 10_000;
        ulong fours = upper | ((number - (upper * 10_000)) << 32);
        ulong hundredths = (fours * 10_486 >> 20) & 0x0000_007F_0000_007F;
        ulong pairs = hundredths | ((fours - (hundredths * 100)) << 16);
        ulong tenths = (pairs * 103 >> 10) & 0x000F_000F_000F_000F;
        return 0x3030_3030_3030_3030 | tenths | ((pairs - (tenths * 10)) << 8);
    }
}
