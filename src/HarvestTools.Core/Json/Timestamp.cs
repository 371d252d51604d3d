using System.Globalization;

namespace HarvestTools.Json;

/// <summary>A point in time as a manifest spells it, and what that means.</summary>
/// <param name="Text">As written, for example <c>2026-05-11T14:32:00Z</c>; a rewrite keeps it.</param>
/// <param name="Instant">The same instant; a text without an offset counts as UTC.</param>
public readonly record struct Timestamp(string Text, DateTimeOffset Instant)
{
    // ISO 8601 as programs write it: date alone or with a time, 'T' or a space, any fraction, 'Z', an offset or nothing.
    private static readonly string[] s_formats =
        [.. from date in new[] { "yyyy-MM-dd" }
            from time in new[] { "", "'T'HH:mmK", "'T'HH:mm:ssK", "'T'HH:mm:ss.FFFFFFFK", "' 'HH:mmK", "' 'HH:mm:ssK", "' 'HH:mm:ss.FFFFFFFK" }
            select date + time];

    /// <summary>In UTC; fractions of a second only where there are any.</summary>
    public static Timestamp From(DateTimeOffset instant)
    {
        DateTimeOffset utc = instant.ToUniversalTime();

        // A format of one's own has the runtime load calendars and names of days first, which takes some milliseconds of every command
        // that writes a time; the round-trip format has it load nothing.
        string text = utc.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        return new Timestamp(string.Concat(text.AsSpan(0, text.Length - 1).TrimEnd('0').TrimEnd('.'), "Z"), utc);
    }

    /// <summary>Reads a time with an offset, as RFC 3339 has it; false where the text is none.</summary>
    public static bool TryParse(string? text, out Timestamp timestamp)
    {
        bool valid = DateTimeOffset.TryParseExact(
            text, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant);
        timestamp = valid ? new Timestamp(text!, instant) : default;
        return valid;
    }

    /// <summary>The text as it was read or as it is written.</summary>
    public override string ToString() => Text;
}
