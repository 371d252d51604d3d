using System.Text.Json.Nodes;
using HarvestTools.Decisions.States;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Output;

/// <summary>The JSON shape of the state behind a retrain decision.</summary>
internal static class StateShape
{
    public static JsonObject Of(BacktestEntry entry) => new()
    {
        ["at"] = HistoryShapes.Time(entry.At),
        ["decision"] = entry.Decision,
        ["reason"] = entry.Reason,
        ["corrected_episodes"] = entry.CorrectedEpisodes,
        ["corpus"] = entry.Corpus,
        ["next_slice"] = entry.NextSlice,
        ["next_model"] = entry.NextModel,
        ["next_trained_at"] = HistoryShapes.Time(entry.NextTrainedAt),
        ["metric"] = entry.Metric,
        ["metric_before"] = entry.MetricBefore,
        ["metric_after"] = entry.MetricAfter,
    };

    public static JsonObject Of(RetrainState state) => new()
    {
        ["trained_slice"] = state.TrainedSlice,
        ["trained_at"] = HistoryShapes.Time(state.TrainedAt),
        ["trained_model"] = state.TrainedModel,
        ["corrected_episodes"] = state.CorrectedEpisodes,
        ["new_episodes"] = state.NewEpisodes,
        ["corpus"] = state.Corpus,
        ["task_coverage_gini"] = state.TaskCoverageGini,
        ["top_task_share"] = state.TopTaskShare,
        ["effective_tasks"] = state.EffectiveTasks,
        ["task_subdir_counts"] = state.TaskSubdirCounts is null ? null : Shapes.Map(state.TaskSubdirCounts, static count => JsonValue.Create(count)),
        ["corpus_counts"] = state.CorpusCounts is null ? null : Shapes.Map(state.CorpusCounts, static count => JsonValue.Create(count)),
        ["dormant_tasks"] = Shapes.List(state.DormantTasks, static task => JsonValue.Create(task)),
        ["corrected_without_prediction"] = state.CorrectedWithoutPrediction,
        ["reported_regression"] = state.ReportedRegression,
        ["eval_set_changed"] = state.EvalSetChanged,
        ["eval_set"] = state.EvalSet is not { } eval ? null : new JsonObject
        {
            ["path"] = eval.Path,
            ["recorded_sha256"] = eval.RecordedSha256,
            ["current_sha256"] = eval.CurrentSha256,
            ["renamed_to"] = eval.RenamedTo,
            ["other_line_ends"] = eval.OtherLineEnds,
        },
        ["candidate_warnings"] = Shapes.List(state.CandidateWarnings, static warning => JsonValue.Create(warning)),
        ["leaked_episodes"] = Shapes.List(state.LeakedEpisodes, static episode => JsonValue.Create(episode)),
        ["corrections_per_episode"] = Shapes.List(state.CorrectionsPerEpisode, static modelVersion => new JsonObject
        {
            ["model_version"] = modelVersion.ModelVersion,
            ["model"] = modelVersion.Line,
            ["first_seen"] = HistoryShapes.Time(modelVersion.FirstSeen),
            ["answered"] = modelVersion.Answered,
            ["episodes"] = modelVersion.Episodes,
            ["predicted"] = modelVersion.Predicted,
            ["corrections"] = modelVersion.Corrections,
            ["corrections_per_episode"] = modelVersion.CorrectionsPerEpisode,
        }),
        ["regression_detected"] = state.RegressionDetected,
        ["candidate_exports"] = Shapes.List(state.CandidateExports, static export => JsonValue.Create(export)),
        ["corrected_per_week"] = state.CorrectedPerWeek,
        ["labelled_until"] = HistoryShapes.Time(state.LabelledUntil),
    };
}
