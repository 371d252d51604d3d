using System.Collections;
using System.Management.Automation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.PowerShell;

/// <summary>How the views write sizes, hashes and times; called by the format file.</summary>
public static class Display
{
    /// <summary>
    /// A property as a view may show it: a text without escape sequences and marks of direction, a list of such texts, a dictionary
    /// as one text; what is no text as it is. The property itself keeps what the file holds.
    /// </summary>
    public static object? Plain(object? value) => value switch
    {
        string text => PlainText.Of(text),
        PSObject { BaseObject: not PSCustomObject } wrapped => Plain(wrapped.BaseObject),
        object?[] items => Array.ConvertAll(items, Plain),
        IDictionary map => PlainText.Of(string.Join(", ", map.Cast<DictionaryEntry>().Select(static entry => $"{entry.Key} = {entry.Value}"))),
        IEnumerable<string> texts => texts.Select(PlainText.Of).ToArray(),
        _ => value,
    };

    /// <summary>A size in bytes; empty where it is not known.</summary>
    public static string Size(long? bytes) => bytes is { } known ? Figures.Size(known) : string.Empty;

    /// <summary>The first digits of a hash, as far as people compare them; a file's name, which may be in its place, as it is.</summary>
    public static string Hash(string? sha256) => sha256 is null ? string.Empty : PlainText.Of(Figures.ShortHash(sha256));

    /// <summary>Free text without line breaks and escape sequences, which would tear the lines of a table.</summary>
    public static string OneLine(string? text) =>
        text is null ? string.Empty : PlainText.OneLine(text);

    /// <summary>The first of many lines, and how many more there are.</summary>
    public static string FirstLines(IReadOnlyCollection<object?> lines)
    {
        const int Shown = 4;
        IEnumerable<string> first = lines.Take(lines.Count > Shown + 1 ? Shown : Shown + 1).Select(static line => PlainText.Of(line?.ToString() ?? string.Empty));
        return string.Join('\n', lines.Count > Shown + 1 ? first.Append($"and {Count(lines.Count - Shown)} more") : first);
    }

    /// <summary>A row's value as it is, or a list of numbers in short.</summary>
    /// <param name="value">The value.</param>
    /// <param name="beside">The value of the same column on the other side, where both are shown; null where it is shown alone.</param>
    public static object? Value(object? value, object? beside) =>
        value is double[] list ? Figures.List(list, beside as double[]) : Plain(value);

    /// <summary>A file's path as it is shortest to read from a folder: relative or whole.</summary>
    public static string PathFrom(string path, string folder)
    {
        string relative = Path.GetRelativePath(folder, path);
        return PlainText.Of(relative.Length < path.Length ? relative : path);
    }

    /// <summary>A count with separators, empty where it is not known.</summary>
    public static string Count(long? count) => count is { } known ? Figures.Count(known) : string.Empty;

    /// <summary>A count with its noun.</summary>
    public static string Count(long count, string noun) => Figures.Count(count, noun);

    /// <summary>Names in order as a table's cell has room for them; empty where there are none.</summary>
    public static string Few(IReadOnlyCollection<object?> names) =>
        names.Count == 0 ? string.Empty : PlainText.Of(Figures.Few([.. names.Select(static name => name?.ToString() ?? string.Empty)]));

    /// <summary>A difference with its sign; empty where it is not known, 0 where there is none.</summary>
    public static string Difference(long? difference) => difference is { } known ? known == 0 ? Figures.Count(0) : Figures.Difference(known) : string.Empty;

    /// <summary>A number with at most so many decimals; empty where it is not known.</summary>
    public static string Number(double? value, int digits) => value is { } known ? Figures.Number(known, digits) : string.Empty;

    /// <summary>A share in whole percent; empty where it is not known.</summary>
    public static string Percent(double? share) => share is { } known ? $"{Figures.Number(known * 100, 0)}%" : string.Empty;

    /// <summary>The fullest entries of a tally's table with what was kept and dropped; the rest as a number.</summary>
    public static string Counts(IReadOnlyDictionary<string, RegionCounts> counts)
    {
        const int Shown = 6;
        IEnumerable<string> entries = counts
            .OrderByDescending(static entry => entry.Value.Kept)
            .ThenBy(static entry => entry.Key, StringComparer.Ordinal)
            .Take(Shown)
            .Select(static entry => $"{(entry.Key.Length > 0 ? PlainText.OneLine(entry.Key) : "(none)")}: {Count(entry.Value.Kept)}{Dropped(entry.Value.Dropped.Values.Sum())}");
        return string.Join(", ", entries) + (counts.Count > Shown ? $", and {Count(counts.Count - Shown)} more" : string.Empty);
    }

    /// <summary>A tally's rows table by table: <c>10 keypoints, 0 boxes, 1 rejected item</c>.</summary>
    public static string RowsByTable(Tally tally) => string.Join(
        ", ",
        from table in TableCatalog.All
        let rows = tally.RowsByTable[table.Name]
        select $"{Count(rows)} {(rows == 1 ? table.One : table.Many)}");

    private static string Dropped(long count) => count == 0 ? string.Empty : $" (-{Count(count)})";

    /// <summary>How long ago, as people say it; empty where it is not known.</summary>
    public static string Age(DateTime? time) => time is { } moment ? Figures.Age(moment, DateTime.Now) : string.Empty;
}
