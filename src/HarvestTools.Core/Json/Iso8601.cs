using System.Buffers.Text;

namespace HarvestTools.Json;

/// <summary>
/// Times in UTF-8 as programs write them: a date, 'T' or a space, hours and minutes, perhaps seconds with a fraction, perhaps
/// 'Z' or an offset. An export has one a task and one an annotation, so no text is made of them.
/// </summary>
internal static class Iso8601
{
    private const int TicksDigits = 7;

    /// <param name="text">The time; without an offset it is in UTC.</param>
    /// <param name="utc">In UTC; a fraction is cut at 100 ns.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTime utc)
    {
        utc = default;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':'
            || !Digits(text[..4], out int year) || !Digits(text[5..7], out int month) || !Digits(text[8..10], out int day)
            || !Digits(text[11..13], out int hour) || !Digits(text[14..16], out int minute)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[16..];
        if (!Seconds(ref rest, out int second, out long fraction) || !Offset(rest, out TimeSpan offset))
        {
            return false;
        }

        long ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction - offset.Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool Seconds(ref ReadOnlySpan<byte> rest, out int second, out long fraction)
    {
        second = 0;
        fraction = 0;
        if (rest.IsEmpty || rest[0] != ':')
        {
            return true;
        }

        if (rest.Length < 3 || !Digits(rest[1..3], out second) || second > 59)
        {
            return false;
        }

        rest = rest[3..];
        if (rest.IsEmpty || rest[0] != '.')
        {
            return true;
        }

        rest = rest[1..];
        int digits = 0;
        for (; !rest.IsEmpty && char.IsAsciiDigit((char)rest[0]); rest = rest[1..])
        {
            if (digits < TicksDigits)
            {
                fraction = (fraction * 10) + (rest[0] - '0');
                digits++;
            }
        }

        for (int missing = digits; missing < TicksDigits; missing++)
        {
            fraction *= 10;
        }

        return digits > 0;
    }

    private static bool Offset(ReadOnlySpan<byte> rest, out TimeSpan offset)
    {
        offset = default;
        if (rest.IsEmpty || rest.SequenceEqual("Z"u8))
        {
            return true;
        }

        // +02:00, +0200 and +02 are all in use.
        int minutes = 0;
        if (rest.Length is not (3 or 5 or 6) || rest[0] is not ((byte)'+' or (byte)'-') || !Digits(rest[1..3], out int hours)
            || (rest.Length == 6 && rest[3] != ':') || (rest.Length > 3 && !Digits(rest[^2..], out minutes))
            || hours > 23 || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0);
        offset = rest[0] == '-' ? -offset : offset;
        return true;
    }

    // The parser of the framework takes signs and stops at what is no digit; neither is a part of a date.
    private static bool Digits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out int read) && read == text.Length && char.IsAsciiDigit((char)text[0]);
}
