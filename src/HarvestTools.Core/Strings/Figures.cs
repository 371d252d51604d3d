using System.Globalization;

namespace HarvestTools.Strings;

/// <summary>
/// Counts, sizes, hashes, times and statistics as people read them, the same under every culture: the one place for it, so
/// that views, the program and messages say a thing alike.
/// </summary>
public static class Figures
{
    private const int ShortHashDigits = 12;
    private const string Digits28 = "0.############################";

    /// <summary>
    /// Rounded to so many digits, and to more where rounding would carry the value onto or across the reference (9.96
    /// against 10), or a value above zero down to zero.
    /// </summary>
    public static string Beside(double value, double reference, int digits) => Beside(ToDecimal(value), ToDecimal(reference), digits);

    /// <inheritdoc cref="Beside(double, double, int)"/>
    public static string Beside(decimal value, decimal reference, int digits)
    {
        for (int shown = digits; shown < 28; shown++)
        {
            decimal rounded = Math.Round(value, shown, MidpointRounding.AwayFromZero);
            if (rounded.CompareTo(reference) == value.CompareTo(reference) && (rounded == 0) == (value == 0))
            {
                return rounded.ToString(Digits28, CultureInfo.InvariantCulture);
            }
        }

        return value.ToString(Digits28, CultureInfo.InvariantCulture);
    }

    /// <summary>A share as a percentage, for example <c>7.3%</c>.</summary>
    public static string Percent(double share, double reference) => Beside(ToDecimal(share) * 100, ToDecimal(reference) * 100, 1) + "%";

    /// <summary>A threshold as a percentage, every digit of it.</summary>
    public static string Percent(double share) => (ToDecimal(share) * 100).ToString(Digits28, CultureInfo.InvariantCulture) + "%";

    /// <summary>Reads a share as people write it, under every culture alike: <c>0.2</c> or <c>20%</c>.</summary>
    public static bool TryParseShare(string text, out double share)
    {
        string number = text.Trim();
        bool percent = number.EndsWith('%');
        number = percent ? number[..^1].TrimEnd() : number;
        bool read = decimal.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value);

        // In decimals, so that 7.3% is the same number as 0.073.
        share = (double)(percent ? value / 100 : value);
        return read;
    }

    /// <summary>At most so many decimals, no trailing zeros.</summary>
    public static string Number(double value, int digits = 2) => Math.Abs(value) < 1e15
        ? ToDecimal(Math.Round(value, digits, MidpointRounding.AwayFromZero)).ToString(Digits28, CultureInfo.InvariantCulture)
        : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A p-value: three decimals, and "&lt; 0.001" below.</summary>
    public static string PValue(double p) => p < 0.001 ? "p < 0.001" : "p = " + Number(p, 3);

    /// <summary>With separators: <c>1,204</c>.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun: <c>1 box</c>, <c>1,204 boxes</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The noun for one.</param>
    /// <param name="many">The noun for any other number; null for <paramref name="one"/> with an s.</param>
    public static string Count(long count, string one, string? many = null) => $"{Count(count)} {Plural(count, one, many)}";

    /// <summary>The word alone that goes with a count: a noun, or <c>has</c> and <c>have</c>.</summary>
    public static string Plural(long count, string one, string? many = null) => count == 1 ? one : many ?? one + "s";

    /// <summary>
    /// The first numbers of a list and how many more there are: <c>[10.5, 20, 30.5, 20, … 4 more]</c>. Beside another list,
    /// what both begin with is left out where it would be all that is shown: <c>[6 the same, 50.5, 60]</c>.
    /// </summary>
    /// <param name="numbers">The list.</param>
    /// <param name="beside">The list that it is shown beside; null where it is shown alone.</param>
    public static string List(IReadOnlyList<double> numbers, IReadOnlyList<double>? beside)
    {
        const int Shown = 4;
        int same = 0;
        while (beside is not null && same < numbers.Count && same < beside.Count && numbers[same].Equals(beside[same])
            && double.IsNegative(numbers[same]) == double.IsNegative(beside[same]))
        {
            same++;
        }

        int skipped = same < Shown ? 0 : same;
        var parts = numbers.Skip(skipped).Take(Shown).Select(static number => number.ToString("R", CultureInfo.InvariantCulture)).ToList();
        if (skipped > 0)
        {
            parts.Insert(0, $"{Count(skipped)} the same");
        }

        int more = numbers.Count - skipped - Shown;
        if (more > 0)
        {
            parts.Add($"… {Count(more)} more");
        }

        return $"[{string.Join(", ", parts)}]";
    }

    /// <summary>A difference with its sign: <c>+1,204</c>, <c>-3</c>, <c>+0</c>.</summary>
    public static string Difference(long difference) => difference < 0 ? Count(difference) : $"+{Count(difference)}";

    /// <summary>A size in decimal units: <c>532 B</c>, <c>7.7 KB</c>, <c>1.02 GB</c>.</summary>
    /// <param name="bytes">The size in bytes, not negative.</param>
    public static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 999_950 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} KB"),
        < 999_950_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>
    /// The first twelve digits of a hash (of an object or a git commit), as far as people compare them; any other text, such
    /// as a file's name in a hash's place, as it is.
    /// </summary>
    public static string ShortHash(string hash) =>
        hash.Length > ShortHashDigits && hash.All(char.IsAsciiHexDigit) ? hash[..ShortHashDigits] : hash;

    /// <summary>The day in UTC: <c>2026-05-11</c>.</summary>
    public static string Date(DateTimeOffset time) => Day(time.UtcDateTime);

    /// <summary>To the minute, in UTC as everything that is recorded: <c>2026-05-11 14:32</c>.</summary>
    public static string Time(DateTimeOffset time) => Minute(time.UtcDateTime);

    /// <summary>How long ago: <c>just now</c>, <c>5 min ago</c>, <c>2 days ago</c>; a date beyond four weeks or in the future.</summary>
    /// <param name="moment">The time, of the same kind (local or UTC) as <paramref name="now"/>.</param>
    /// <param name="now">The present time.</param>
    public static string Age(DateTime moment, DateTime now)
    {
        TimeSpan age = now - moment;
        return age.TotalSeconds switch
        {
            < 0 => Minute(moment),
            < 60 => "just now",
            < 3600 => $"{Count((int)age.TotalMinutes, "min", "min")} ago",
            < 48 * 3600 => $"{Count((int)age.TotalHours, "hour")} ago",
            < 28 * 24 * 3600 => $"{Count((int)age.TotalDays, "day")} ago",
            _ => Day(moment),
        };
    }

    /// <summary>
    /// Names in a sentence: <c>a, b and c</c>. Of many the first, and how many more there are: whoever needs all has the list.
    /// </summary>
    /// <param name="names">The names.</param>
    /// <param name="conjunction">The word before the last one.</param>
    /// <param name="most">As many names fit; of more, two fewer are shown.</param>
    public static string List(IReadOnlyList<string> names, string conjunction = "and", int most = 8) => names.Count switch
    {
        0 => string.Empty,
        1 => names[0],
        _ when names.Count > most => $"{string.Join(", ", names.Take(most - 2))} {conjunction} {Count(names.Count - most + 2)} more",
        _ => $"{string.Join(", ", names.Take(names.Count - 1))} {conjunction} {names[^1]}",
    };

    /// <summary>Names in order as a table's cell has room for them: <c>v1, v2</c>; of more than three <c>v1 … v9 (9)</c>; a dash for none.</summary>
    public static string Few(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "-",
        <= 3 => string.Join(", ", names),
        _ => $"{names[0]} … {names[^1]} ({Count(names.Count)})",
    };

    private static string Day(DateTime time) => Sortable(time)[..10];

    private static string Minute(DateTime time) => Sortable(time)[..16];

    // A form of one's own, as yyyy-MM-dd, has the runtime load calendars and names of days first: milliseconds of every command that shows a time.
    private static string Sortable(DateTime time) => time.ToString("u", CultureInfo.InvariantCulture);

    /// <summary>Fifteen digits: 0.1 becomes exactly 0.1, so that 10 of 100 meets 10 %.</summary>
    internal static decimal ToDecimal(double value) => (decimal)value;
}
