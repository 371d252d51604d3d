namespace HarvestTools.Decisions;

/// <summary>Did the pre-annotation get worse and stay so?</summary>
internal static class RegressionGate
{
    /// <summary>Judges by the analysis where there is one, otherwise by what the state was given.</summary>
    public static RetrainGate Evaluate(RetrainState state, RegressionAnalysis? analysis)
    {
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
                RegressionStatus.LabelersChanged => "labelers changed",
                RegressionStatus.TaskMixChanged => "task mix changed",
                RegressionStatus.NotEnoughEpisodes => "not enough episodes to tell",
                _ => $"CUSUM {Figures.Beside(analysis.Statistic ?? 0, analysis.Limit ?? 0, 1)}",
            },
            $"CUSUM below {Figures.Number(analysis.Limit ?? 0)}");
    }

    /// <summary>False for a sustained regression, true where one would have shown, null where nothing can be told.</summary>
    public static bool? Passed(RegressionAnalysis analysis) => analysis.Status switch
    {
        RegressionStatus.Regressed => false,
        RegressionStatus.NoRegression => true,
        _ => null,
    };
}
