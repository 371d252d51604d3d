using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>Where a metric fell, for people: the answer, the line of slices, then what entered with each suspect.</summary>
internal static class RegressionText
{
    public static void Write(Invocation run, MetricRegression found)
    {
        run.Say(MetricRegressionText.Answer(found));
        run.Say("");
        HashSet<string> suspects = found.Suspects.Select(static suspect => suspect.Version).ToHashSet(StringComparer.Ordinal);
        TextTable line = new TextTable("slice", found.Metric, "runs", "lowest", "highest", "").Right(1, 2, 3, 4).Indent(2);
        foreach (RegressionStep step in found.Steps)
        {
            bool several = step.Runs > 1;
            line.Add(
                step.Version,
                MetricRegressionText.Number(step.Value),
                Figures.Count(step.Runs),
                several ? MetricRegressionText.Number(step.Lowest) : "",
                several ? MetricRegressionText.Number(step.Highest) : "",
                step.Version == found.Version ? "FELL" : suspects.Contains(step.Version) ? "suspect" : step.Version == found.Best ? "best" : "");
        }

        run.Say(line);
        foreach (RegressionSuspect suspect in found.Suspects)
        {
            run.Say("");
            foreach (string entered in MetricRegressionText.Lines(suspect))
            {
                run.Say(entered);
            }
        }

        if (found.Regressed)
        {
            run.Say("");
            run.Say($"The rows themselves: harvest diff {found.Previous} {found.Version} --rows");
        }
    }
}
