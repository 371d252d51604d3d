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
/// and of sixteen digits and then of seventeen the nearest one is the text. A power of two, below which half a step is half as long,
/// is in this range such a short decimal itself. Ties are left to the framework.
/// </remarks>
internal static class ShortestDecimal
{
    /// <summary>As many bytes are enough for every number: a sign, seventeen digits, a point and the zeros around it.</summary>
    public const int MostBytes = 24;

    private const int SafeDigits = 15;
    private const int MostDigits = 17;
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

    // The ASCII digits of 0 to 99, the first in the lower byte.
    private static ReadOnlySpan<ushort> Pairs =>
    [
        0x3030, 0x3130, 0x3230, 0x3330, 0x3430, 0x3530, 0x3630, 0x3730, 0x3830, 0x3930,
        0x3031, 0x3131, 0x3231, 0x3331, 0x3431, 0x3531, 0x3631, 0x3731, 0x3831, 0x3931,
        0x3032, 0x3132, 0x3232, 0x3332, 0x3432, 0x3532, 0x3632, 0x3732, 0x3832, 0x3932,
        0x3033, 0x3133, 0x3233, 0x3333, 0x3433, 0x3533, 0x3633, 0x3733, 0x3833, 0x3933,
        0x3034, 0x3134, 0x3234, 0x3334, 0x3434, 0x3534, 0x3634, 0x3734, 0x3834, 0x3934,
        0x3035, 0x3135, 0x3235, 0x3335, 0x3435, 0x3535, 0x3635, 0x3735, 0x3835, 0x3935,
        0x3036, 0x3136, 0x3236, 0x3336, 0x3436, 0x3536, 0x3636, 0x3736, 0x3836, 0x3936,
        0x3037, 0x3137, 0x3237, 0x3337, 0x3437, 0x3537, 0x3637, 0x3737, 0x3837, 0x3937,
        0x3038, 0x3138, 0x3238, 0x3338, 0x3438, 0x3538, 0x3638, 0x3738, 0x3838, 0x3938,
        0x3039, 0x3139, 0x3239, 0x3339, 0x3439, 0x3539, 0x3639, 0x3739, 0x3839, 0x3939,
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
        if (!(size is >= Least and < Beyond) || !TryFind(size, out ulong digits, out int places))
        {
            return false;
        }

        if (number < 0)
        {
            destination[written++] = (byte)'-';
        }

        ulong whole = digits / PowersOfTen[places];
        written += WriteDigits(whole, CountDigits(whole), destination[written..]);
        if (places > 0)
        {
            destination[written++] = (byte)'.';
            written += WriteDigits(digits - (whole * PowersOfTen[places]), places, destination[written..]);
        }

        return true;
    }

    private static bool TryFind(double size, out ulong digits, out int places)
    {
        digits = (ulong)size;
        places = 0;
        if (digits == size)
        {
            return true;
        }

        ulong bits = BitConverter.DoubleToUInt64Bits(size);
        ulong mantissa = (bits & (Implicit - 1)) | Implicit;
        int shift = ExponentOfOne - (int)(bits >> 52);

        // Of a number below one the digits begin behind the point, or behind a zero there.
        int before = digits > 0 ? CountDigits(digits) : size >= 0.1 ? 0 : -1;
        for (places = SafeDigits - before; places <= MostDigits - before; places++)
        {
            ulong power = PowersOfTen[places];
            ulong high = Math.BigMul(mantissa, power, out ulong low);
            ulong rest = low & ((1UL << shift) - 1);
            digits = (high << (64 - shift)) | (low >> shift);
            ulong half = 1UL << (shift - 1);
            if (rest == half)
            {
                return false;
            }

            ulong away = rest < half ? rest : (half << 1) - rest;
            digits += rest < half ? 0UL : 1;
            if (away * 2 == power)
            {
                return false;
            }

            if (away * 2 < power)
            {
                if (places == SafeDigits - before)
                {
                    TrimZeros(ref digits, ref places);
                }

                return true;
            }
        }

        return false;
    }

    private static void TrimZeros(ref ulong digits, ref int places)
    {
        while (places >= 4 && digits % 10_000 == 0)
        {
            digits /= 10_000;
            places -= 4;
        }

        while (places > 0 && digits % 10 == 0)
        {
            digits /= 10;
            places--;
        }
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

    private static int WriteDigits(ulong number, int count, Span<byte> destination)
    {
        ReadOnlySpan<ushort> pairs = Pairs;
        int i = count;
        for (; i >= 2; i -= 2)
        {
            ulong hundredth = number / 100;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[(i - 2)..], pairs[(int)(number - (hundredth * 100))]);
            number = hundredth;
        }

        if (i == 1)
        {
            destination[0] = (byte)('0' + (number % 10));
        }

        return count;
    }
}
