namespace HarvestTools.Decisions;

/// <summary>Did the pre-annotation get worse and stay so?</summary>
internal static class RegressionGate
{
    public static RetrainGate Evaluate(RetrainState state) => new(
        RetrainGateNames.Regression,
        null,
        null,
        state.RegressionDetected is null ? null : !state.RegressionDetected.Value,
        state.RegressionDetected is null
            ? "Not known: no corrections by model version were given."
            : "As given, not tested here: no corrections by model version were given.",
        state.RegressionDetected switch { null => "unknown", true => "regressed", false => "none" },
        "none");
}
