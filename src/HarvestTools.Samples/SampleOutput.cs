using System.Globalization;

namespace HarvestTools.Samples;

/// <summary>A buffer before a stream, and the few ways in which an export spells numbers, times and ids.</summary>
internal sealed class SampleOutput(Stream stream)
{
    private const int Room = 64;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _used;
    private long _flushed;

    public long Bytes => _flushed + _used;

    private static ReadOnlySpan<byte> RegionAlphabet => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8;

    private static ReadOnlySpan<byte> Hexadecimal => "0123456789abcdef"u8;

    public void Write(ReadOnlySpan<byte> text)
    {
        if (text.Length > _buffer.Length - _used)
        {
            Flush();
            if (text.Length > _buffer.Length)
            {
                stream.Write(text);
                _flushed += text.Length;
                return;
            }
        }

        text.CopyTo(_buffer.AsSpan(_used));
        _used += text.Length;
    }

    public void WriteNumber(long number)
    {
        number.TryFormat(Free(), out int written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>With leading zeros up to <paramref name="digits"/>; more digits where the number has more.</summary>
    public void WritePadded(long number, int digits)
    {
        Span<byte> free = Free();
        for (long bound = Power(digits - 1); bound > Math.Max(number, 1) && bound > 1; bound /= 10)
        {
            free[0] = (byte)'0';
            free = free[1..];
            _used++;
        }

        WriteNumber(number);
    }

    /// <summary>The shortest text that gives the number back, as JavaScript and Python write it.</summary>
    public void WriteNumber(double number)
    {
        number.TryFormat(Free(), out int written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>Ten characters, six bits each.</summary>
    public void WriteRegionId(ulong id)
    {
        Span<byte> free = Free();
        for (int i = 9; i >= 0; i--)
        {
            free[i] = RegionAlphabet[(int)(id & 63)];
            id >>= 6;
        }

        _used += 10;
    }

    /// <summary>A random (version 4) UUID of 128 bits.</summary>
    public void WriteUuid(ulong high, ulong low)
    {
        high = (high & ~0xF000UL) | 0x4000UL;
        low = (low & ~(3UL << 62)) | (2UL << 62);
        Span<byte> free = Free();
        int at = 0;
        for (int digit = 0; digit < 32; digit++)
        {
            if (digit is 8 or 12 or 16 or 20)
            {
                free[at++] = (byte)'-';
            }

            ulong half = digit < 16 ? high : low;
            free[at++] = Hexadecimal[(int)(half >> (60 - (4 * (digit & 15)))) & 15];
        }

        _used += at;
    }

    /// <summary>As Django writes UTC: <c>2026-01-05T08:00:00.000123Z</c>, without a fraction that is 0.</summary>
    public void WriteTime(long micros)
    {
        DateTime time = DateTime.UnixEpoch.AddTicks(micros * 10);
        Span<byte> free = Free();
        Digits(free, 0, 4, time.Year);
        free[4] = (byte)'-';
        Digits(free, 5, 2, time.Month);
        free[7] = (byte)'-';
        Digits(free, 8, 2, time.Day);
        free[10] = (byte)'T';
        Digits(free, 11, 2, time.Hour);
        free[13] = (byte)':';
        Digits(free, 14, 2, time.Minute);
        free[16] = (byte)':';
        Digits(free, 17, 2, time.Second);
        int end = 19;
        if (micros % 1_000_000 != 0)
        {
            free[19] = (byte)'.';
            Digits(free, 20, 6, (int)(micros % 1_000_000));
            end = 26;
        }

        free[end] = (byte)'Z';
        _used += end + 1;
    }

    /// <summary>
    /// An age as Django's timesince writes it: two neighbouring units at most, the second only if not 0, with
    /// no-break spaces (<c>1 hour, 3 minutes</c>).
    /// </summary>
    public void WriteAge(long micros)
    {
        long minutes = Math.Max(0, micros / 60_000_000);
        ReadOnlySpan<int> units = [525_600, 43_200, 10_080, 1_440, 60, 1];
        int unit = 0;
        while (unit < units.Length - 1 && minutes < units[unit])
        {
            unit++;
        }

        WriteAge(minutes / units[unit], unit);
        long rest = minutes % units[unit];
        if (unit + 1 < units.Length && rest >= units[unit + 1])
        {
            Write(", "u8);
            WriteAge(rest / units[unit + 1], unit + 1);
        }
    }

    public void Flush()
    {
        stream.Write(_buffer, 0, _used);
        _flushed += _used;
        _used = 0;
    }

    private void WriteAge(long count, int unit)
    {
        WriteNumber(count);
        Write("\u00a0"u8);
        Write(unit switch
        {
            0 => "year"u8,
            1 => "month"u8,
            2 => "week"u8,
            3 => "day"u8,
            4 => "hour"u8,
            _ => "minute"u8,
        });
        Write(count == 1 ? ""u8 : "s"u8);
    }

    private static void Digits(Span<byte> text, int at, int count, int number)
    {
        for (int i = at + count - 1; i >= at; i--)
        {
            text[i] = (byte)('0' + (number % 10));
            number /= 10;
        }
    }

    private static long Power(int exponent)
    {
        long power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    private Span<byte> Free()
    {
        if (_buffer.Length - _used < Room)
        {
            Flush();
        }

        return _buffer.AsSpan(_used);
    }
}
