using HarvestTools.Decisions.Statistics;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.States;

/// <summary>The three answers. None of them starts anything.</summary>
public static class RetrainVerdict
{
    /// <summary>Not now.</summary>
    public const string Wait = nameof(Wait);

    /// <summary>Every gate lets it pass.</summary>
    public const string Retrain = nameof(Retrain);

    /// <summary>The pre-annotation regressed: ignore the cadence.</summary>
    public const string RetrainNow = nameof(RetrainNow);
}

/// <summary>The decision with everything that led to it.</summary>
public sealed record RetrainDecision
{
    /// <summary>The answer.</summary>
    public required string Decision { get; init; }

    /// <summary>True for <see cref="RetrainVerdict.Retrain"/> and <see cref="RetrainVerdict.RetrainNow"/>.</summary>
    public bool ShouldRetrain => Decision != RetrainVerdict.Wait;

    /// <summary>What decided, in one line.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// What was found, in a sentence without statistics: <c>27 of 76 episodes were newly corrected since v3, spread over all 6
    /// tasks.</c>
    /// </summary>
    public string Summary => DecisionSummary.Of(this);

    /// <summary>Every gate, in the order in which they decide, also those after the deciding one.</summary>
    public required IReadOnlyList<RetrainGate> Gates { get; init; }

    /// <summary>What a person should know before acting: leaks, gates that could not be judged.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What would turn the decision, one sentence each.</summary>
    public IReadOnlyList<string> Flips { get; init; } = [];

    /// <summary>How the corrected episodes spread over the tasks.</summary>
    public SpreadStatistics? Spread { get; init; }

    /// <summary>Corrections an episode over the model versions; null where none are known.</summary>
    public CorrectionTrend? Regression { get; init; }

    /// <summary>What a retrain would gain, or why that cannot be known.</summary>
    public RetrainForecast? Forecast { get; init; }

    /// <summary>What a retrain, and the corrections still missing, would cost.</summary>
    public RetrainCosts? Costs { get; init; }

    /// <summary>Tasks that are left out of the spread, since nothing was labelled there lately.</summary>
    public IReadOnlyList<string> DormantTasks { get; init; } = [];

    /// <summary>Those of the corrected episodes that the trained slice did not have; null where unknown.</summary>
    public int? NewEpisodes { get; init; }

    /// <summary>The slice that was trained on last; null before the first training.</summary>
    public string? TrainedSlice { get; init; }

    /// <summary>The training date by which it is the last one; null where that is not known.</summary>
    public DateTimeOffset? TrainedAt { get; init; }

    /// <summary>The registered model that has the date; null where it is the slice's own.</summary>
    public string? TrainedModel { get; init; }

    /// <summary>Which slice was trained on last, when, and what says so, in a sentence; null where no date is known.</summary>
    public string? Training => TrainedAt is { } time
        ? $"Trained last: {TrainedSlice}, {Figures.Time(time)} UTC, the training date of {(TrainedModel is { } model ? $"model {model}" : "its slice.json")}."
        : null;

    /// <summary>Episodes with a correction that the last trained slice did not have.</summary>
    public int CorrectedEpisodes { get; init; }

    /// <summary>Episodes of the trained slices, 0 before the first training.</summary>
    public int Corpus { get; init; }
}

/// <summary>One gate of the decision.</summary>
/// <param name="Name"><c>Regression</c>, <c>Delta</c>, <c>Gini</c>, <c>TopTaskShare</c> or <c>EvalSet</c>.</param>
/// <param name="Value">What was measured; null where it cannot be known.</param>
/// <param name="Threshold">What it is held against; null where nothing is.</param>
/// <param name="Passed">Null where it cannot be known.</param>
/// <param name="Explanation">What the figures mean, one or two sentences.</param>
/// <param name="ValueText">The value as people read it.</param>
/// <param name="ThresholdText">The threshold as people read it.</param>
public sealed record RetrainGate(
    string Name, double? Value, double? Threshold, bool? Passed, string Explanation, string ValueText, string ThresholdText)
{
    /// <summary>Why it passed with a value beyond the threshold, a few words; null where the threshold alone decided.</summary>
    public string? Allowance { get; init; }

    /// <summary><see cref="Passed"/> as people read it, with the allowance beside it: <c>yes</c>, <c>NO</c>, <c>unknown</c>.</summary>
    public string PassedText => Passed switch
    {
        true => Allowance is null ? "yes" : $"yes: {Allowance}",
        false => "NO",
        null => "unknown",
    };

    /// <summary><c>Delta passed</c>.</summary>
    public override string ToString() => $"{Name} {(Passed is { } passed ? passed ? "passed" : "failed" : "unknown")}";
}

/// <summary>The names of the gates, in the order in which they decide.</summary>
internal static class RetrainGateNames
{
    public const string Regression = "Regression";
    public const string Delta = "Delta";
    public const string Gini = "Gini";
    public const string TopTaskShare = "TopTaskShare";
    public const string EvalSet = "EvalSet";
}
