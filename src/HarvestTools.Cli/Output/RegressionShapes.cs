using System.Text.Json.Nodes;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>The JSON shape of a metric's fall along a line of slices.</summary>
internal static class RegressionShapes
{
    public static JsonObject Of(MetricRegression found) => new()
    {
        ["metric"] = found.Metric,
        ["model"] = found.Model,
        ["lower_is_better"] = found.LowerIsBetter,
        ["tolerance"] = found.Tolerance,
        ["regressed"] = found.Regressed,
        ["version"] = found.Version,
        ["value"] = found.Value,
        ["best"] = found.Best,
        ["best_value"] = found.BestValue,
        ["previous"] = found.Previous,
        ["previous_value"] = found.PreviousValue,
        ["recovered_in"] = found.RecoveredIn,
        ["steps"] = Shapes.List(found.Steps, static step => new JsonObject
        {
            ["version"] = step.Version,
            ["value"] = step.Value,
            ["runs"] = step.Runs,
            ["lowest"] = step.Lowest,
            ["highest"] = step.Highest,
        }),
        ["suspects"] = Shapes.List(found.Suspects, Of),
    };

    private static JsonObject Of(RegressionSuspect suspect) => new()
    {
        ["version"] = suspect.Version,
        ["parent"] = suspect.Parent,
        ["value"] = suspect.Value,
        ["reason"] = suspect.Reason,
        ["exports"] = Shapes.List(suspect.Exports, static export => new JsonObject
        {
            ["project"] = export.Project,
            ["change"] = export.Change.ToString(),
            ["reference"] = export.Reference,
            ["difference"] = export.Difference,
            ["path"] = export.Path,
            ["tasks"] = export.Tasks is not { } tasks ? null : new JsonObject
            {
                ["added"] = tasks.Added,
                ["removed"] = tasks.Removed,
                ["relabelled"] = tasks.Relabelled,
                ["unchanged"] = tasks.Unchanged,
            },
        }),
        ["row_changes"] = suspect.Rows is { } changes ? HistoryShapes.Of(changes) : null,
        ["harvest_version"] = suspect.HarvestVersion,
        ["parent_harvest_version"] = suspect.ParentHarvestVersion,
        ["rules"] = Shapes.List(suspect.Rules, static rule => new JsonObject
        {
            ["name"] = rule.Name,
            ["reference"] = JsonNode.Parse(rule.Reference),
            ["difference"] = JsonNode.Parse(rule.Difference),
        }),
        ["rows_delta"] = suspect.RowsDelta,
        ["eval_set_changed"] = suspect.EvalSetChanged,
    };
}
