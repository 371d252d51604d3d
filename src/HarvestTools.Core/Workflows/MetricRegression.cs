using System.Globalization;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;

namespace HarvestTools.Workflows;

/// <summary>Where along a line of slices a metric fell, and what entered there. Without a fall, all about it is null or empty.</summary>
public sealed record MetricRegression
{
    /// <summary>Name of the metric.</summary>
    public required string Metric { get; init; }

    /// <summary>The model whose metric was read; null for all models and runs.</summary>
    public required string? Model { get; init; }

    /// <summary>True for metrics such as an error, where a rise is the fall.</summary>
    public required bool LowerIsBetter { get; init; }

    /// <summary>By how much it may be worse than the best before without counting as a fall.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The line that was walked, oldest first.</summary>
    public required IReadOnlyList<RegressionStep> Steps { get; init; }

    /// <summary>The first slice in which the metric fell.</summary>
    public string? Version { get; init; }

    /// <summary>The metric of that slice; null without a fall.</summary>
    public double? Value { get; init; }

    /// <summary>The slice that had the best value before, the latest one where several had it.</summary>
    public string? Best { get; init; }

    /// <summary>The best metric before; null without a fall.</summary>
    public double? BestValue { get; init; }

    /// <summary>The last slice before the fall that has the metric.</summary>
    public string? Previous { get; init; }

    /// <summary>The metric of the slice before; null without a fall.</summary>
    public double? PreviousValue { get; init; }

    /// <summary>The first later slice that came back to within the tolerance of the best.</summary>
    public string? RecoveredIn { get; init; }

    /// <summary>Every slice after <see cref="Previous"/> up to the one that fell: the fall may have entered with any of them.</summary>
    public IReadOnlyList<RegressionSuspect> Suspects { get; init; } = [];

    /// <summary>Whether the metric fell by more than the tolerance.</summary>
    public bool Regressed => Version is not null;
}

/// <summary>A slice of the line.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Value">Median of the metric over the slice's runs; null where none has it.</param>
/// <param name="Runs">How many runs have it.</param>
/// <param name="Lowest">The lowest of them; with <paramref name="Highest"/> it tells how much runs on the same rows differ.</param>
/// <param name="Highest">The highest of them.</param>
public sealed record RegressionStep(string Version, double? Value, int Runs, double? Lowest, double? Highest)
{
    /// <summary><c>v3 0.91</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version} {(object?)Value ?? "-"}");
}

/// <summary>What entered with one slice, against the slice it follows.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Parent">The slice it follows.</param>
/// <param name="Value">Its metric; null where it has none, which is why it is a suspect and no more.</param>
/// <param name="Reason">What its manifest says of it.</param>
/// <param name="Exports">Exports that came, went or were replaced.</param>
/// <param name="HarvestVersion">The rules' version.</param>
/// <param name="ParentHarvestVersion">That of the parent.</param>
/// <param name="Rules">Rules and fields in force that differ, overrides included.</param>
/// <param name="RowsDelta">Recorded rows against the parent's; null where one of the two recorded none.</param>
/// <param name="EvalSetChanged">True where the two recorded other eval sets: then the metric may have moved without the model.</param>
public sealed record RegressionSuspect(
    string Version,
    string Parent,
    double? Value,
    string? Reason,
    IReadOnlyList<SuspectExport> Exports,
    string HarvestVersion,
    string ParentHarvestVersion,
    IReadOnlyList<RuleChange> Rules,
    long? RowsDelta,
    bool EvalSetChanged)
{
    /// <summary>The rows that differ from the parent's, by label, episode and annotator; null where an export is not on this machine.</summary>
    public RowChangeSummary? Rows { get; init; }
}

/// <summary>An export that differs, with what that did to the labelled tasks.</summary>
/// <param name="Project">The project.</param>
/// <param name="Change">What happened.</param>
/// <param name="Reference">SHA-256 of the export that the parent has; null where it was added.</param>
/// <param name="Difference">SHA-256 of the export that the suspect has; null where it was removed.</param>
/// <param name="Path">Where the suspect's export came from, or the parent's where it was removed.</param>
/// <param name="Tasks">Labelled tasks that came, went and were relabelled; null where an export is not available.</param>
public sealed record SuspectExport(
    string Project, string Change, string? Reference, string? Difference, string? Path, LabelChanges? Tasks);
