using System.Globalization;
using HarvestTools.Rules;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>How the view writes a metric's fall; called by the format file.</summary>
public static class RegressionText
{
    /// <summary><c>fell in v4: 0.87, after 0.91 in v2</c>.</summary>
    public static string Verdict(MetricRegression found) => !found.Regressed
        ? $"no fall from {found.Steps[0].Version} to {found.Steps[^1].Version}"
        : $"{(found.LowerIsBetter ? "rose" : "fell")} in {found.Version}: {Number(found.Value)}, after {Number(found.PreviousValue)} in {found.Previous}"
            + (found.Best == found.Previous ? string.Empty : $" (best {Number(found.BestValue)} in {found.Best})")
            + (found.RecoveredIn is null ? string.Empty : $", back in {found.RecoveredIn}");

    /// <summary><c>v1 0.90, v2 0.91, v3 -, v4 0.87</c>.</summary>
    public static string Line(MetricRegression found) =>
        string.Join(", ", found.Steps.Select(static step => $"{step.Version} {Number(step.Value)}" + (step.Runs > 1 ? $" ({Display.Count(step.Runs)} runs)" : string.Empty)));

    /// <summary>What entered with each suspect, a line each.</summary>
    public static string Suspects(MetricRegression found) => string.Join(Environment.NewLine, found.Suspects.SelectMany(Lines));

    private static IEnumerable<string> Lines(RegressionSuspect suspect)
    {
        yield return OneLine($"{suspect.Version} after {suspect.Parent}" + (suspect.Reason is null ? string.Empty : $": {suspect.Reason}"));
        foreach (SuspectExport export in suspect.Exports)
        {
            yield return $"  {export.Change.ToString().ToLowerInvariant()} {export.Project} {export.Path}: " + (export.Tasks is not { } tasks
                ? "not available"
                : $"{Display.Count(tasks.Added)} labelled tasks added, {Display.Count(tasks.Removed)} removed, {Display.Count(tasks.Relabelled)} relabelled");
        }

        foreach (RuleChange rule in suspect.Rules)
        {
            yield return $"  rule {rule}";
        }

        if (suspect.EvalSetChanged)
        {
            yield return "  another eval set: the metric may have moved without the model";
        }

        if (suspect.Exports.Count == 0 && suspect.Rules.Count == 0)
        {
            yield return "  the same exports under the same rules: look at the training itself";
        }
    }

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string OneLine(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
}
