using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>Did the pre-annotation get worse and stay so?</summary>
internal static class CorrectionTrendGate
{
    /// <summary>Judges by the analysis where there is one, otherwise by what the state was given.</summary>
    public static RetrainGate Evaluate(RetrainState state, CorrectionTrend? analysis)
    {
        if (state.ReportedRegression is { } report)
        {
            return new RetrainGate(
                RetrainGateNames.Regression, null, null, false, $"Labelers report worse pre-annotation: {report}", "reported", "none sustained");
        }

        if (analysis is null)
        {
            return new RetrainGate(
                RetrainGateNames.Regression,
                null,
                null,
                state.RegressionDetected is null ? null : !state.RegressionDetected.Value,
                state.RegressionDetected is null
                    ? "Not known: no corrections by model version were given."
                    : "As given, not tested here: no corrections by model version were given.",
                state.RegressionDetected switch { null => "unknown", true => "regressed", false => "none" },
                "none sustained");
        }

        bool? passed = Passed(analysis);
        return new RetrainGate(
            RetrainGateNames.Regression,
            passed is null ? null : analysis.Statistic,
            analysis.Limit,
            passed,
            analysis.Explanation,
            analysis.Status switch
            {
                CorrectionTrendStatus.LabelersChanged => "labelers changed",
                CorrectionTrendStatus.TaskMixChanged => "task mix changed",
                CorrectionTrendStatus.NotEnoughEpisodes => "too few episodes",
                CorrectionTrendStatus.ModelUnknown => "which model is not known",
                CorrectionTrendStatus.OrderUnknown => "order not known",
                CorrectionTrendStatus.Answered => "answered",
                _ => $"CUSUM {Figures.Beside(analysis.Statistic ?? 0, analysis.Limit ?? 0, 1)}",
            },
            $"CUSUM below {Figures.Number(analysis.Limit ?? 0)}")
        {
            Allowance = analysis.Status == CorrectionTrendStatus.Answered ? "a training has answered the rise" : null,
        };
    }

    /// <summary>False for a sustained regression, true where one would have shown, null where it cannot be known.</summary>
    public static bool? Passed(CorrectionTrend analysis) => analysis.Status switch
    {
        CorrectionTrendStatus.Regressed => false,
        CorrectionTrendStatus.NoRegression or CorrectionTrendStatus.Answered => true,
        _ => null,
    };
}
