using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation;

/// <summary>
/// Refuses tasks that no rules and no field mapping could make rows of, so that an export is refused when it is archived and
/// not weeks later when a slice is to be made of it. Values of a wrong kind the parser refuses by itself.
/// </summary>
internal static class Derivability
{
    /// <param name="task">Read with <see cref="TaskParts.Shapes"/>.</param>
    /// <param name="place">For messages.</param>
    /// <exception cref="HarvestException">As the derivation refuses it, at the same place.</exception>
    public static void Require(LabelTask task, TaskPlace place)
    {
        if (task.Annotations.Count == 0)
        {
            return;
        }

        if (task.Id is null)
        {
            throw RowErrors.TaskWithoutId(place);
        }

        RequireLength(task, place);
    }

    /// <summary>
    /// Only what counts under every rule: of annotations those marked as ground truth where there are any, segments that
    /// someone drew, and of these the ones whose ends are both written.
    /// </summary>
    private static void RequireLength(LabelTask task, in TaskPlace place)
    {
        bool groundTruth = task.Annotations.Any(static annotation => annotation is { GroundTruth: true, WasCancelled: false });
        long most = DerivationVersion.Current.Limits.TaskFramesMax;
        long frames = 0;
        foreach (Annotation annotation in task.Annotations)
        {
            if (annotation.WasCancelled || (groundTruth && !annotation.GroundTruth))
            {
                continue;
            }

            foreach (Region region in annotation.Regions)
            {
                if (region.Kind != RegionKind.Timeline || region.Origin.Is("prediction"u8) || region.Labels.Count == 0)
                {
                    continue;
                }

                foreach (FrameRange range in region.Ranges)
                {
                    if (range is { Start: { } start, End: { } end } && end >= start)
                    {
                        frames = FrameCount.AddRange(frames, start, end);
                    }
                }

                if (frames > most)
                {
                    throw RowErrors.TooManyFrames(place, region.Id.ToString(), frames, most);
                }
            }
        }
    }
}
