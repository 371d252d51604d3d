using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.History;

/// <summary>When a slice was trained on last, and which of its models says so.</summary>
/// <param name="At">The date.</param>
/// <param name="Model">The model; null where the date is slice.json's own.</param>
internal sealed record LastTraining(Timestamp At, string? Model)
{
    /// <summary>Null where no model was trained on it, as far as is known.</summary>
    public static LastTraining? Of(SliceManifest slice) => slice.Runs
        .Where(static run => run.TrainedAt is not null)
        .Select(static run => new LastTraining(run.TrainedAt!.Value, run.Name))
        .Concat(slice.TrainedAt is { } own ? [new LastTraining(own, null)] : [])
        .MaxBy(static training => training.At.Instant);

    /// <summary>The slice on which a model was trained last; null before the first training.</summary>
    public static SliceManifest? Latest(IEnumerable<SliceManifest> slices) => slices
        .Select(static slice => (Slice: slice, Training: Of(slice)))
        .Where(static entry => entry.Training is not null)
        .OrderBy(static entry => entry.Training!.At.Instant)
        .LastOrDefault().Slice;
}
