using System.Globalization;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Tables;

namespace HarvestTools.PowerShell;

/// <summary>How the views write sizes, hashes and times; called by the format file.</summary>
public static class Display
{
    private const int ShortHash = 12;
    private const int FullHash = 64;

    /// <summary>A size in bytes, in decimal units as the program writes it: <c>532 B</c>, <c>7.7 KB</c>, <c>1.02 GB</c>.</summary>
    public static string Size(long? bytes) => bytes switch
    {
        null => string.Empty,
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 999_950 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} KB"),
        < 999_950_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };

    /// <summary>The first digits of a hash, as far as people compare them; a file's name, which may stand in its place, as it is.</summary>
    public static string Hash(string? sha256) => sha256 is null ? string.Empty
        : sha256.Length == FullHash && sha256.All(char.IsAsciiHexDigit) ? sha256[..ShortHash]
        : sha256;

    /// <summary>Free text without line breaks and escape sequences, which would tear the lines of a table.</summary>
    public static string OneLine(string? text) =>
        text is null ? string.Empty : string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));

    /// <summary>The first of many lines, and how many more there are.</summary>
    public static string FirstLines(IReadOnlyCollection<object?> lines)
    {
        const int Shown = 4;
        IEnumerable<string> first = lines.Take(lines.Count > Shown + 1 ? Shown : Shown + 1).Select(static line => line?.ToString() ?? string.Empty);
        return string.Join('\n', lines.Count > Shown + 1 ? first.Append($"and {Count(lines.Count - Shown)} more") : first);
    }

    /// <summary>A text of the engine as it reads in PowerShell: commands by their cmdlets' names.</summary>
    public static string Advice(string? text) => text is null ? string.Empty : CommandNames.ForPowerShell(text);

    /// <summary>A file's path as it is shortest to read from a folder: relative or whole.</summary>
    public static string PathFrom(string path, string folder)
    {
        string relative = Path.GetRelativePath(folder, path);
        return relative.Length < path.Length ? relative : path;
    }

    /// <summary>A count with separators, empty where it is not known.</summary>
    public static string Count(long? count) => count?.ToString("#,0", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>The fullest entries of a tally's table with what was kept and dropped; the rest as a number.</summary>
    public static string Counts(IReadOnlyDictionary<string, RegionCounts> counts)
    {
        const int Shown = 6;
        IEnumerable<string> entries = counts
            .OrderByDescending(static entry => entry.Value.Kept)
            .ThenBy(static entry => entry.Key, StringComparer.Ordinal)
            .Take(Shown)
            .Select(static entry => $"{(entry.Key.Length > 0 ? entry.Key : "(none)")}: {Count(entry.Value.Kept)}{Dropped(entry.Value.Dropped.Values.Sum())}");
        return string.Join(", ", entries) + (counts.Count > Shown ? $", and {counts.Count - Shown} more" : string.Empty);
    }

    /// <summary>A tally's rows table by table: <c>10 keypoints, 0 boxes, 1 rejected item</c>.</summary>
    public static string RowsByTable(Tally tally) => string.Join(
        ", ",
        from table in TableCatalog.All
        let rows = tally.RowsByTable[table.Name]
        select $"{Count(rows)} {(rows == 1 ? table.One : table.Many)}");

    private static string Dropped(long count) => count == 0 ? string.Empty : $" (-{Count(count)})";

    /// <summary>How long ago, as people say it; a date where that is longer than four weeks or in the future.</summary>
    public static string Age(DateTime? time) => time is { } moment ? Age(moment, DateTime.Now) : string.Empty;

    internal static string Age(DateTime moment, DateTime now)
    {
        TimeSpan age = now - moment;
        return age.TotalSeconds switch
        {
            < 0 => moment.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture),
            < 60 => "just now",
            < 3600 => Ago((int)age.TotalMinutes, "min"),
            < 48 * 3600 => Ago((int)age.TotalHours, "hour"),
            < 28 * 24 * 3600 => Ago((int)age.TotalDays, "day"),
            _ => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    private static string Ago(int count, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {unit}{(count == 1 || unit == "min" ? string.Empty : "s")} ago");
}
