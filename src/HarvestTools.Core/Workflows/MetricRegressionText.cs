using System.Globalization;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>A metric's fall in words, the same in the program and in PowerShell's view.</summary>
public static class MetricRegressionText
{
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

    private static string Tasks(LabelChanges? tasks) => tasks is null
        ? "not available"
        : $"{Figures.Count(tasks.Added, "labelled task")} added, {Figures.Count(tasks.Removed)} removed, {Figures.Count(tasks.Relabelled)} relabelled";
}
