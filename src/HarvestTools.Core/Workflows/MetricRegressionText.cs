using System.Globalization;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>A metric's fall in words, the same in the program and in PowerShell's view.</summary>
public static class MetricRegressionText
{
    // More make a line that nobody reads; the objects hold them all.
    private const int MostGroups = 5;

    /// <summary><c>pck fell in v4: 0.87, after 0.91 in v2. It was back in v6.</c></summary>
    public static string Answer(MetricRegression found)
    {
        string of = found.Model is null ? found.Metric : $"{found.Metric} of {found.Model}";
        if (!found.Regressed)
        {
            return $"{of} did not fall from {found.Steps[0].Version} to {found.Steps[^1].Version}"
                + (found.Tolerance > 0 ? $" by more than {Number(found.Tolerance)}." : ".");
        }

        string best = found.Best == found.Previous ? "" : $" (best {Number(found.BestValue)} in {found.Best})";
        string recovered = found.RecoveredIn is null ? "" : $" It was back in {found.RecoveredIn}.";
        string verb = found.LowerIsBetter ? "rose" : "fell";
        return $"{of} {verb} in {found.Version}: {Number(found.Value)}, after {Number(found.PreviousValue)} in {found.Previous}{best}.{recovered}";
    }

    /// <summary>A suspect and what entered with it, a line each; what entered is indented.</summary>
    public static IEnumerable<string> Lines(RegressionSuspect suspect)
    {
        yield return PlainText.OneLine($"{suspect.Version} after {suspect.Parent}" + (suspect.Reason is null ? "" : $": {suspect.Reason}"));
        foreach (SuspectExport export in suspect.Exports)
        {
            yield return PlainText.OneLine($"  export {export.Change.ToString().ToLowerInvariant()}  {export.Project}  {export.Path}  {Tasks(export.Tasks)}");
        }

        foreach (RuleChange rule in suspect.Rules)
        {
            yield return $"  rule {rule.Name}  {rule.Reference} to {rule.Difference}";
        }

        if (suspect.HarvestVersion != suspect.ParentHarvestVersion)
        {
            yield return $"  harvest  {suspect.ParentHarvestVersion} to {suspect.HarvestVersion}";
        }

        if (suspect.RowsDelta is { } delta)
        {
            yield return $"  rows  {Figures.Difference(delta)}";
        }

        foreach (string line in suspect.Rows is { Total: > 0 } rows ? Lines(rows) : [])
        {
            yield return line;
        }

        if (suspect.EvalSetChanged)
        {
            yield return "  eval set changed: the metric may have moved without the model";
        }

        if (suspect.Exports.Count == 0 && suspect.Rules.Count == 0)
        {
            yield return "  the same exports under the same rules: look at the training itself";
        }
    }

    /// <summary>A metric's value with all its digits; a dash where there is none.</summary>
    public static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    /// <summary>The groups in which most rows differ.</summary>
    private static IEnumerable<string> Lines(RowChangeSummary rows)
    {
        yield return $"  {RowFormatter.Counts(rows.Added, rows.Removed, rows.Changed)}";
        foreach ((string by, IReadOnlyList<RowChangeCount> counts) in new[] { ("label", rows.ByLabel), ("episode", rows.ByEpisode), ("annotator", rows.ByAnnotator) })
        {
            string[] most =
            [
                .. counts.Where(static count => count.Group.Length > 0).OrderByDescending(static count => count.Total).Take(MostGroups)
                    .Select(static count => $"{count.Group} +{Figures.Count(count.Added)} -{Figures.Count(count.Removed)} ~{Figures.Count(count.Changed)}"),
            ];
            int more = counts.Count(static count => count.Group.Length > 0) - most.Length;
            if (most.Length > 0)
            {
                yield return PlainText.OneLine($"  by {by}  {string.Join(", ", most)}{(more > 0 ? $" and {Figures.Count(more)} more" : "")}");
            }
        }
    }

    private static string Tasks(LabelChanges? tasks) => tasks is null
        ? "not available"
        : $"{Figures.Count(tasks.Added, "labelled task")} added, {Figures.Count(tasks.Removed)} removed, {Figures.Count(tasks.Relabelled)} relabelled";
}
