namespace HarvestTools.Strings;

/// <summary>
/// The shortest decimal that gives the same double again, for numbers of the size of coordinates. It writes what the framework
/// writes, at a fraction of the cost: a few integer operations a number.
/// </summary>
/// <remarks>
/// A double is m · 2^-s, and w / 10^f is read as it where it is nearer than half a step between doubles. In units of 1 / (2^s · 10^f)
/// the two are m · 10^f and w · 2^s, and half a step is 10^f / 2. At fifteen digits decimals are further apart than doubles, so
/// that at most one is that near, and a shorter one is the same with zeros at its end. Where none is, no shorter one is either,
/// and of sixteen digits and then of seventeen the nearest one is the text. Ties and doubles beside a power of two, where half a step
/// is not the same on both sides, are left to the framework.
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

    private static ReadOnlySpan<byte> Pairs =>
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

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
        if (mantissa == Implicit)
        {
            return false;
        }

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
        ReadOnlySpan<byte> pairs = Pairs;
        int i = count;
        for (; i >= 2; i -= 2)
        {
            ulong hundredth = number / 100;
            int pair = (int)(number - (hundredth * 100)) * 2;
            destination[i - 1] = pairs[pair + 1];
            destination[i - 2] = pairs[pair];
            number = hundredth;
        }

        if (i == 1)
        {
            destination[0] = (byte)('0' + (number % 10));
        }

        return count;
    }
}
