using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What the decision would have been at one time, and what followed.</summary>
/// <param name="At">The day on which an export was complete.</param>
/// <param name="Decision">One of <see cref="RetrainVerdict"/>.</param>
/// <param name="Reason">What decided.</param>
/// <param name="CorrectedEpisodes">Newly corrected episodes.</param>
/// <param name="Corpus">Episodes of the corpus.</param>
public sealed record BacktestEntry(DateTimeOffset At, string Decision, string Reason, int CorrectedEpisodes, int Corpus)
{
    /// <summary>The decision in full.</summary>
    public required RetrainDecision Full { get; init; }

    /// <summary>The slice on which a model was trained next; null where none was.</summary>
    public string? NextSlice { get; init; }

    /// <summary>The registered model that was trained then; null where slice.json alone has the date.</summary>
    public string? NextModel { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? NextTrainedAt { get; init; }

    /// <summary>The metric by which models are compared; null where runs share none.</summary>
    public string? Metric { get; init; }

    /// <summary>The metric of the model trained last before.</summary>
    public double? MetricBefore { get; init; }

    /// <summary>The metric of the model trained next.</summary>
    public double? MetricAfter { get; init; }

    /// <summary>Day and decision.</summary>
    public override string ToString() => $"{Figures.Date(At)}: {Decision}";
}

/// <summary>
/// Replays the decision over the history of exports and slices, so that thresholds can be tried on a team's own past: one entry for
/// each day on which an archived export was complete.
/// </summary>
public static class BacktestDecision
{
    /// <param name="repository">The repository.</param>
    /// <param name="thresholds">What is tried.</param>
    /// <param name="context">Progress and cancellation.</param>
    /// <exception cref="HarvestException">As <see cref="RetrainStateReader.Run"/>.</exception>
    public static IEnumerable<BacktestEntry> Run(Repository repository, RetrainThresholds thresholds, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(repository);
        ArgumentNullException.ThrowIfNull(context);
        SliceManifest[] slices = [.. repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>()];
        RegisteredRun[] runs = [.. Runs(slices)];
        string? metric = MetricOf(runs, thresholds.Forecast.Metric);

        // The last export of a day says what the day brought.
        DateTimeOffset[] days =
        [
            .. from record in repository.Archive.List()
               where !repository.Settings.ProjectNames.IsRetired(record.Project)
               let complete = (record.LabelsThrough ?? record.AddedAt).Instant
               group complete by complete.UtcDateTime.Date into day
               orderby day.Key
               select day.Max(),
        ];
        foreach (DateTimeOffset at in days)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            RetrainDecision decision = RetrainDecider.Decide(RetrainStateReader.Run(repository, context, at), thresholds);
            RegisteredRun? next = runs.FirstOrDefault(run => run.TrainedAt > at);
            yield return new BacktestEntry(at, decision.Decision, decision.Reason, decision.CorrectedEpisodes, decision.Corpus)
            {
                Full = decision,
                NextSlice = next?.SliceVersion,
                NextModel = next?.Name.Length > 0 ? next.Name : null,
                NextTrainedAt = next?.TrainedAt,
                Metric = metric,
                MetricBefore = ValueOf(runs.LastOrDefault(run => run.TrainedAt <= at && HasMetric(run, metric)), metric),
                MetricAfter = ValueOf(next, metric),
            };
        }
    }

    /// <summary>Trainings with a date, the earliest first; one that slice.json alone dates has an empty name.</summary>
    private static IEnumerable<RegisteredRun> Runs(SliceManifest[] slices) =>
        slices
            .SelectMany(static slice => slice.Runs.Count > 0
                ? RegisteredModels.Of(slice).Select(run => new RegisteredRun(run.Name, slice.Version, 0, run.TrainedAt, run.Metrics))
                : [new RegisteredRun(string.Empty, slice.Version, 0, slice.TrainedAt?.Instant, new Dictionary<string, double>())])
            .Where(static run => run.TrainedAt is not null)
            .OrderBy(static run => run.TrainedAt);

    private static string? MetricOf(RegisteredRun[] runs, string? chosen)
    {
        if (chosen is not null)
        {
            return chosen;
        }

        string[] shared = [.. runs.Where(static run => run.Metrics.Count > 0).SelectMany(static run => run.Metrics.Keys).GroupBy(static name => name).OrderByDescending(static name => name.Count()).Select(static name => name.Key)];
        return shared.Length == 1 ? shared[0] : null;
    }

    private static bool HasMetric(RegisteredRun run, string? metric) => metric is not null && run.Metrics.ContainsKey(metric);

    private static double? ValueOf(RegisteredRun? run, string? metric) =>
        run is not null && metric is not null && run.Metrics.TryGetValue(metric, out double value) ? value : null;
}
