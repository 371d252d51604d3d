using System.Globalization;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>Where a metric fell, for people: the answer, the line of slices, then what entered with each suspect.</summary>
internal static class RegressionText
{
    public static void Write(Invocation run, MetricRegression found)
    {
        run.Say(Answer(found));
        run.Say("");
        HashSet<string> suspects = found.Suspects.Select(static suspect => suspect.Version).ToHashSet(StringComparer.Ordinal);
        TextTable line = new TextTable("slice", found.Metric, "runs", "lowest", "highest", "").Right(1, 2, 3, 4).Indent(2);
        foreach (RegressionStep step in found.Steps)
        {
            bool several = step.Runs > 1;
            line.Add(
                step.Version,
                Number(step.Value),
                Figures.Count(step.Runs),
                several ? Number(step.Lowest) : "",
                several ? Number(step.Highest) : "",
                step.Version == found.Version ? "FELL" : suspects.Contains(step.Version) ? "suspect" : step.Version == found.Best ? "best" : "");
        }

        run.Say(line);
        foreach (RegressionSuspect suspect in found.Suspects)
        {
            run.Say("");
            Write(run, suspect);
        }

        if (found.Regressed)
        {
            run.Say("");
            run.Say($"The rows themselves: harvest diff {found.Previous} {found.Version} --rows");
        }
    }

    private static string Answer(MetricRegression found)
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

    private static void Write(Invocation run, RegressionSuspect suspect)
    {
        run.Say($"{suspect.Version} after {suspect.Parent}" + (suspect.Reason is null ? "" : $": {TextTable.OneLine(suspect.Reason)}"));
        foreach (SuspectExport export in suspect.Exports)
        {
            run.Say($"  export {export.Change.ToString().ToLowerInvariant()}  {export.Project}  {export.Path}  {Tasks(export.Tasks)}");
        }

        foreach (RuleChange rule in suspect.Rules)
        {
            run.Say($"  rule {rule.Name}  {rule.Reference} to {rule.Difference}");
        }

        if (suspect.HarvestVersion != suspect.ParentHarvestVersion)
        {
            run.Say($"  harvest  {suspect.ParentHarvestVersion} to {suspect.HarvestVersion}");
        }

        if (suspect.RowsDelta is { } delta)
        {
            run.Say($"  rows  {Figures.Difference(delta)}");
        }

        if (suspect.EvalSetChanged)
        {
            run.Say("  eval set changed: the metric may have moved without the model");
        }

        if (suspect.Exports.Count == 0 && suspect.Rules.Count == 0)
        {
            run.Say("  the same exports under the same rules: look at the training itself");
        }
    }

    private static string Tasks(LabelChanges? tasks) => tasks is null
        ? "not available"
        : $"{Figures.Count(tasks.Added, "labelled task")} added, {Figures.Count(tasks.Removed)} removed, {Figures.Count(tasks.Relabelled)} relabelled";

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
