using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>Says in words what happened to rows.</summary>
internal static class RowFormatter
{
    // More columns than these make a sentence that nobody reads; the objects hold them all.
    private const int ColumnsShown = 4;

    /// <summary>For example <c>changed: keypoints of b, task 12, left/ep_3, frame 7, label wrist: x 120.5 → 121.25</c>.</summary>
    public static string Describe(RowChange row)
    {
        if (row.KeyText is { } key)
        {
            return row.Change switch
            {
                RowChangeKind.Added => $"added: {row.Table}, {key}",
                RowChangeKind.Removed => $"removed: {row.Table}, {key}",
                _ => $"changed: {row.Table}, {key}: {Columns(row)}",
            };
        }

        string where = $"{row.Table} of {row.Project}, task {Text(row.TaskId)}";
        where += row.Episode is null ? "" : $", episode {(row.TaskSubdir!.Length == 0 ? "" : row.TaskSubdir + "/")}{row.Episode}, frame {Text(row.Frame)}";
        where += row.AnnotationId is null ? "" : $", annotation {Text(row.AnnotationId)}";
        where += row.RegionId is null ? "" : $", region {row.RegionId}";
        where += row.Label is null ? "" : $", label {row.Label}";
        return row.Change switch
        {
            RowChangeKind.Added => $"added: {where}{Reason(row.After!)}",
            RowChangeKind.Removed => $"removed: {where}{Reason(row.Before!)}",
            _ => $"changed: {where}: {Columns(row)}",
        };
    }

    /// <summary>For example <c>1,204 rows added, 3 removed and 77 changed</c>.</summary>
    public static string Counts(long added, long removed, long changed) =>
        $"{Figures.Count(added, "row")} added, {Figures.Count(removed)} removed and {Figures.Count(changed)} changed";

    private static string Reason(RowValues row) =>
        row.TryGetValue("reason", out object? reason) ? $" ({reason})" : "";

    private static string Columns(RowChange row) => Columns(row.Columns, row.Before!, row.After!);

    /// <summary>For example <c>x 120.5 → 121.25, y 3 → 4 and 2 more columns</c>.</summary>
    public static string Columns(IReadOnlyList<string> columns, RowValues before, RowValues after)
    {
        IEnumerable<string> shown = columns
            .Take(ColumnsShown)
            .Select(name => $"{name} {Text(before.GetValueOrDefault(name), after.GetValueOrDefault(name))} → {Text(after.GetValueOrDefault(name), before.GetValueOrDefault(name))}");
        int more = columns.Count - ColumnsShown;
        return string.Join(", ", shown) + (more > 0 ? $" and {Figures.Count(more, "more column")}" : "");
    }

    private static string Text(object? value, object? beside = null) => value switch
    {
        null => "null",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        double[] list => Figures.List(list, beside as double[]),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        _ => value.ToString()!,
    };
}
