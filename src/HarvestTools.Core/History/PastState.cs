using HarvestTools.Manifests;

namespace HarvestTools.History;

/// <summary>What a slice was at an earlier time, as far as its record dates it.</summary>
internal static class PastState
{
    /// <summary>
    /// The slice with the trainings until then; null where it was made later. One that was trained on was there, also where its record
    /// was made afterwards.
    /// </summary>
    /// <param name="slice">The slice as it is now.</param>
    /// <param name="asOf">The time; null for now.</param>
    public static SliceManifest? Of(SliceManifest slice, DateTimeOffset? asOf)
    {
        if (asOf is not { } time)
        {
            return slice;
        }

        SliceManifest then = slice with
        {
            TrainedAt = slice.TrainedAt is { } trained && trained.Instant > time ? null : slice.TrainedAt,
            Runs = [.. slice.Runs.Where(run => run.TrainedAt is not { } at || at.Instant <= time)],
        };
        bool trainedLater = LastTraining.Of(slice) is not null;
        bool there = LastTraining.Of(then) is not null || (slice.CreatedAt is { } made ? made.Instant <= time : !trainedLater);
        return there ? then : null;
    }
}
