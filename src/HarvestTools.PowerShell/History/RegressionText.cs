using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>How the view writes a metric's fall; called by the format file.</summary>
public static class RegressionText
{
    /// <summary><c>pck fell in v4: 0.87, after 0.91 in v2.</c></summary>
    public static string Verdict(MetricRegression found) => PlainText.Of(MetricRegressionText.Answer(found));

    /// <summary><c>v1 0.90, v2 0.91, v3 -, v4 0.87</c>.</summary>
    public static string Line(MetricRegression found) => string.Join(
        ", ",
        found.Steps.Select(static step => $"{PlainText.OneLine(step.Version)} {MetricRegressionText.Number(step.Value)}" + (step.Runs > 1 ? $" ({Display.Count(step.Runs)} runs)" : string.Empty)));

    /// <summary>What entered with each suspect, a line each.</summary>
    public static string Suspects(MetricRegression found) => PlainText.Of(string.Join(Environment.NewLine, found.Suspects.SelectMany(MetricRegressionText.Lines)));
}
