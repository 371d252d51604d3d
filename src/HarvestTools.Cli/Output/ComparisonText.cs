using System.Globalization;
using HarvestTools.Drift;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>How two slices differ, for people.</summary>
internal static class ComparisonText
{
    private const int MostMedia = 10;

    public static void Write(Invocation run, SliceComparison comparison)
    {
        run.Say($"{comparison.Reference} ({comparison.ReferenceHarvest}) to {comparison.Difference} ({comparison.DifferenceHarvest})");
        foreach (ExportChange export in comparison.Exports)
        {
            run.Say($"  export {export.Change.ToString().ToLowerInvariant()}  {export.Project}  {Terminal.Short(export.Reference)} to {Terminal.Short(export.Difference)}"
                + export.SameLabels switch { true => "  same labels", false => "  labels changed", null => "" }
                + (export.LabelConfigChanged ? $"  labeling configuration {Terminal.Short(export.ReferenceLabelConfig)} to {Terminal.Short(export.DifferenceLabelConfig)}" : ""));
        }

        foreach (RuleChange rule in comparison.Rules)
        {
            run.Say($"  rule {rule.Name}  {rule.Reference} to {rule.Difference}");
        }

        foreach (MetricChange metric in comparison.Metrics)
        {
            run.Say($"  metric {metric.Model} {metric.Metric}  {Number(metric.Reference)} to {Number(metric.Difference)}");
        }

        Media(run, comparison);
        if (comparison.Rows is { } rows)
        {
            RowCountText.Write(run, rows);
            if (comparison.NotKnown is { } besides)
            {
                run.Say($"  {besides}");
                run.Say($"    {comparison.Remedy?.Spell(ProgramSpelling.Instance)}");
            }

            return;
        }

        foreach (TableRowCounts table in comparison.Tables)
        {
            run.Say($"  table {table.Table}  {Count(table.Reference)} to {Count(table.Difference)}");
        }

        run.Say(comparison.NotKnown!);
        run.Say($"  {comparison.Remedy?.Spell(ProgramSpelling.Instance)}");
    }

    /// <summary>One differing row: where it is, and which columns moved.</summary>
    public static string Line(RowChange row)
    {
        string sign = row.Change switch { RowChangeKind.Added => "+", RowChangeKind.Removed => "-", _ => "~" };
        if (row.KeyText is { } key)
        {
            return $"{sign} {row.Table}  {key}  {Columns(row)}".TrimEnd();
        }

        string place = row.Episode is null ? "" : string.Create(CultureInfo.InvariantCulture, $"  {row.TaskSubdir}/{row.Episode}@{row.Frame}");
        string columns = Columns(row);
        return string.Create(CultureInfo.InvariantCulture, $"{sign} {row.Table}  {row.Project}{place}  task {row.TaskId}  {row.RegionId ?? "-"}  {row.Label}  {columns}").TrimEnd();
    }

    private static string Columns(RowChange row) =>
        string.Join(", ", row.Columns.Select(column => $"{column} {Value(row.Before, row.After, column)} to {Value(row.After, row.Before, column)}"));

    private static void Media(Invocation run, SliceComparison comparison)
    {
        if (comparison.Media is not { } media)
        {
            return;
        }

        foreach ((IReadOnlyList<string> links, string word) in new[] { (media.Added, "added"), (media.Removed, "removed"), (media.Changed, "changed") })
        {
            foreach (string link in links.Take(MostMedia))
            {
                run.Say($"  media {word}  {link}");
            }

            if (links.Count > MostMedia)
            {
                run.Say($"  media {word}  {Figures.Count(links.Count - MostMedia)} more");
            }
        }

        if (media.Added.Count + media.Removed.Count + media.Changed.Count == 0)
        {
            run.Say($"  media {Figures.Count(media.Same)} the same");
        }
    }

    private static string Value(RowValues? row, RowValues? beside, string column) =>
        row?.GetValueOrDefault(column) switch
        {
            null => "null",
            double[] list => Figures.List(list, beside?.GetValueOrDefault(column) as double[]),
            object value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string Count(long? rows) => rows is { } known ? Figures.Count(known, "row") : "no rows recorded";

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
