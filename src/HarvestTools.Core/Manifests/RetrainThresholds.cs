using System.Text.Json.Nodes;

namespace HarvestTools.Manifests;

/// <summary>The limits by which a retraining is advised; <c>retrain</c> in harvest.json.</summary>
public sealed record RetrainThresholds
{
    public static RetrainThresholds Default { get; } = new();

    /// <summary>Least share of corrected episodes in the corpus, 0 to 1 (<c>min_delta</c>).</summary>
    public double MinDelta { get; init; } = 0.10;

    /// <summary>Largest Gini coefficient of the corrections over the tasks, 0 to 1 (<c>max_gini</c>).</summary>
    public double MaxGini { get; init; } = 0.5;

    /// <summary>Largest share of the new episodes that one task may have, 0 to 1 (<c>max_task_share</c>).</summary>
    public double MaxTaskShare { get; init; } = 0.8;

    /// <summary>By how much corrections an episode may rise from one pre-annotating model to the next, as a share (<c>max_regression</c>).</summary>
    public double MaxRegression { get; init; } = 0.20;

    /// <summary>From how many episodes of the newer model on such a rise counts as sustained (<c>regression_episodes</c>).</summary>
    public int RegressionEpisodes { get; init; } = 20;

    internal static RetrainThresholds Read(ObjectReader? reader)
    {
        if (reader is null)
        {
            return Default;
        }

        var thresholds = new RetrainThresholds
        {
            MinDelta = reader.Number("min_delta", 0, 1) ?? Default.MinDelta,
            MaxGini = reader.Number("max_gini", 0, 1) ?? Default.MaxGini,
            MaxTaskShare = reader.Number("max_task_share", 0, 1) ?? Default.MaxTaskShare,
            MaxRegression = reader.Number("max_regression", 0, 1000) ?? Default.MaxRegression,
            RegressionEpisodes = (int)(reader.Number("regression_episodes", 1, 1_000_000) ?? Default.RegressionEpisodes),
        };
        reader.RefuseRest("min_delta", "max_gini", "max_task_share", "max_regression", "regression_episodes");
        return thresholds;
    }

    internal JsonObject ToJson() => new()
    {
        ["min_delta"] = MinDelta,
        ["max_gini"] = MaxGini,
        ["max_task_share"] = MaxTaskShare,
        ["max_regression"] = MaxRegression,
        ["regression_episodes"] = RegressionEpisodes,
    };
}
