using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HarvestTools.Json;

/// <summary>
/// A JSON number written plainly with at most 18 digits, as nearly every one in an export is: an integer below 2^60
/// divided by a power of ten. Its double and whether it is that double's shortest text are then a few integer operations
/// away, where the general ways through the framework take ten times as long.
/// </summary>
/// <remarks>
/// With m · 2^e the double, w the digits and f the places after the point, w / 10^f and m · 2^e are compared exactly as
/// w · 2^-e and m · 10^f, two integers of at most 128 bits. In these units half a step between doubles is 10^f / 2 and half
/// a step between decimals of f places is 2^-e / 2.
/// </remarks>
internal readonly ref struct PlainDecimal
{
    private const int MostDigits = 18;

    private static readonly ulong[] s_powersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    private readonly ulong _digits;
    private readonly int _places;
    private readonly bool _negative;

    private PlainDecimal(ulong digits, int places, bool negative)
    {
        _digits = digits;
        _places = places;
        _negative = negative;
    }

    /// <summary>Takes a number apart; false where it has an exponent or too many digits, or is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out PlainDecimal number)
    {
        number = default;
        ref byte bytes = ref MemoryMarshal.GetReference(text);
        bool negative = text.Length > 0 && bytes == '-';
        int start = negative ? 1 : 0;
        if (text.Length - start > MostDigits + 1)
        {
            return false;
        }

        ulong digits = 0;
        int at = start;
        for (; at < text.Length && Unsafe.Add(ref bytes, at) - (uint)'0' <= 9; at++)
        {
            digits = (digits * 10) + (Unsafe.Add(ref bytes, at) - (uint)'0');
        }

        int whole = at - start;
        int places = 0;
        if (at < text.Length)
        {
            places = text.Length - at - 1;
            if (Unsafe.Add(ref bytes, at) != '.' || places == 0)
            {
                return false;
            }

            at++;
            int rest = places;
            for (; rest >= sizeof(ulong); rest -= sizeof(ulong), at += sizeof(ulong))
            {
                ulong eight = EightBytes(ref Unsafe.Add(ref bytes, at));
                if (!AreDigits(eight))
                {
                    return false;
                }

                digits = (digits * 100_000_000) + EightDigits(eight);
            }

            if (rest > 0 && places > rest)
            {
                // The last eight bytes, of which those that were read count as zeros in front.
                ulong read = ulong.MaxValue >> (8 * rest);
                ulong last = EightBytes(ref Unsafe.Add(ref bytes, text.Length - sizeof(ulong)));
                last = (last & ~read) | (0x3030_3030_3030_3030 & read);
                if (!AreDigits(last))
                {
                    return false;
                }

                digits = (digits * s_powersOfTen[rest]) + EightDigits(last);
            }
            else
            {
                for (; at < text.Length; at++)
                {
                    uint digit = Unsafe.Add(ref bytes, at) - (uint)'0';
                    if (digit > 9)
                    {
                        return false;
                    }

                    digits = (digits * 10) + digit;
                }
            }
        }

        if (whole == 0 || whole + places > MostDigits)
        {
            return false;
        }

        number = new PlainDecimal(digits, places, negative);
        return true;
    }

    /// <summary>The nearest double; false where it takes more than this to find it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryToDouble(out double value)
    {
        // An integer below 2^53 and a power of ten up to 10^22 are doubles, so their quotient is rounded only once
        // (Clinger, "How to read floating point numbers accurately", 1990).
        value = (double)(long)_digits / (long)s_powersOfTen[_places];
        if (_digits > 1UL << 53 && !TryRound(ref value))
        {
            return false;
        }

        value = _negative ? -value : value;
        return true;
    }

    /// <summary>
    /// Whether no shorter text and no nearer one of the same length has the same double; false says nothing.
    /// </summary>
    public bool IsShortest() => TryToDouble(out double value) && IsShortestOf(value);

    /// <inheritdoc cref="IsShortest"/>
    /// <param name="value">What <see cref="TryToDouble"/> gives.</param>
    public bool IsShortestOf(double value)
    {
        // Zeros at the end are needless, and nothing is known here of integers beyond 2^53.
        if (_places == 0 || _digits % 10 == 0 || !TrySplit(Math.Abs(value), out ulong mantissa, out int shift))
        {
            return false;
        }

        // Decimals of this many places, among which are all shorter ones, are further apart than doubles: only one fits.
        if (mantissa > _digits + 1)
        {
            return true;
        }

        ulong power = s_powersOfTen[_places];
        long distance = Distance(mantissa, shift, power);

        // The nearest of this length, without a tie.
        if (Math.Abs(distance) >= 1L << (shift - 1))
        {
            return false;
        }

        // None of the two with one digit less that are around it has the same double. Those with fewer still are among them. One is
        // below the double and one above, by less than ten times 2^60.
        ulong last = _digits % 10;
        ulong below = (last << shift) - (ulong)distance;
        ulong above = ((10 - last) << shift) + (ulong)distance;
        return below > power / 2 && above > power / 2;
    }

    /// <summary>Takes a guess to the nearest double.</summary>
    private bool TryRound(ref double value)
    {
        ulong power = s_powersOfTen[_places];
        if (!TrySplit(value, out ulong mantissa, out int shift))
        {
            return false;
        }

        // The guess was rounded twice, so it is one step off at most. Ties and steps into another power of two are left to
        // the framework.
        long half = (long)(power / 2);
        long distance = Distance(mantissa, shift, power);
        if (Math.Abs(distance) > half)
        {
            mantissa += distance > 0 ? 1UL : ulong.MaxValue;
            distance = Distance(mantissa, shift, power);
        }

        const ulong Least = 1UL << 52;
        if (mantissa is <= Least or >= (Least << 1) - 1 || Math.Abs(distance) >= half)
        {
            return false;
        }

        value = BitConverter.UInt64BitsToDouble((BitConverter.DoubleToUInt64Bits(value) & ~(Least - 1)) | (mantissa & (Least - 1)));
        return true;
    }

    /// <summary>value = mantissa / 2^shift; false where the numbers would outgrow 128 bits.</summary>
    private static bool TrySplit(double value, out ulong mantissa, out int shift)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        mantissa = (bits & ((1UL << 52) - 1)) | (1UL << 52);
        shift = 1075 - (int)(bits >> 52);
        return shift is >= 1 and <= 60;
    }

    /// <summary>How far the decimal is above the double, in the units of the remarks: a few steps between doubles at most.</summary>
    private long Distance(ulong mantissa, int shift, ulong power)
    {
        // A step is less than 2^60, so that the lower half of both integers says what the difference is.
        return (long)((_digits << shift) - (mantissa * power));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightBytes(ref byte at) => BinaryPrimitives.ReadUInt64LittleEndian(MemoryMarshal.CreateReadOnlySpan(ref at, sizeof(ulong)));

    /// <summary>Eight ASCII digits at once, the technique of simdjson.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreDigits(ulong eight) =>
        ((eight & 0xF0F0_F0F0_F0F0_F0F0) | (((eight + 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0) >> 4)) == 0x3333_3333_3333_3333;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EightDigits(ulong eight)
    {
        eight = (eight & 0x0F0F_0F0F_0F0F_0F0F) * 2561 >> 8;
        eight = (eight & 0x00FF_00FF_00FF_00FF) * 6553601 >> 16;
        return (eight & 0x0000_FFFF_0000_FFFF) * 42949672960001 >> 32;
    }
}
