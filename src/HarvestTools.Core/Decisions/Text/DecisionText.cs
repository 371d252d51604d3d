using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Text;

/// <summary>The decision as lines for people: the answer first, then the gates as an aligned table, then what follows from them.</summary>
public static class DecisionText
{
    private static readonly string[] Heads = ["gate", "value", "wanted", "passed"];

    /// <summary>Lines without line ends; plain ASCII but for names from the data.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="explain">Also the statistics behind the gates.</param>
    public static IReadOnlyList<string> Lines(RetrainDecision decision, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var lines = new List<string> { $"{decision.Decision}: {decision.Reason}", decision.Summary };
        if (decision.Training is { } training)
        {
            lines.Add(training);
        }

        lines.AddRange(decision.Warnings.Select(warning => "Warning: " + warning));
        lines.Add("");
        lines.AddRange(Table([Heads, .. decision.Gates.Select(gate => new[] { gate.Name, gate.ValueText, gate.ThresholdText, gate.PassedText })]));
        if (decision.Flips.Count > 0)
        {
            lines.Add("");
            lines.AddRange(decision.Flips.Select(static (flip, i) => FlipHead(i) + flip));
        }

        if (explain)
        {
            lines.Add("");
            lines.AddRange(Statistics(decision));
        }

        lines.Add("");
        lines.Add("Nothing was started: a person decides.");
        return lines;
    }

    // Each sentence speaks of one gate; it takes all of them.
    internal static string FlipHead(int place) => place == 0 ? "To flip it: " : "And: ";

    /// <summary>What is behind the gates: the tests with their figures, corrections by model version, forecast and cost.</summary>
    public static IReadOnlyList<string> Statistics(RetrainDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var lines = new List<string>(decision.Gates.Select(gate => $"{gate.Name}: {gate.Explanation}"));
        if (decision.Regression is { ModelVersions.Count: > 0 } regression)
        {
            lines.Add("");
            lines.AddRange(Table([VersionHeads, .. regression.ModelVersions.Select(VersionCells)]));
            lines.Add("");
        }

        lines.Add("Forecast: " + decision.Forecast?.Explanation);
        lines.Add("Cost: " + decision.Costs?.Explanation);
        return lines;
    }

    internal static string[] VersionHeads { get; } = ["model version", "episodes", "annotators", "drawn", "changed", "deleted", "predicted", "corrections/episode"];

    internal static string[] VersionCells(VersionFigures modelVersion) =>
    [
        modelVersion.Line is { } line ? $"{modelVersion.ModelVersion} ({line})" : modelVersion.ModelVersion,
        Whole(modelVersion.Episodes),
        Whole(modelVersion.Annotators),
        Whole(modelVersion.Drawn),
        Whole(modelVersion.Corrected),
        Whole(modelVersion.Deleted),
        Whole(modelVersion.Predicted),
        modelVersion.CorrectionsPerEpisode is { } rate ? Figures.Number(rate, 2) : "-",
    ];

    private static string Whole(long count) => count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<string> Table(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        return rows.Select(row => ("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column])))).TrimEnd());
    }
}
