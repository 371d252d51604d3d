using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Filters;

/// <summary>Steps 1 and 2: which annotations of a task count at all.</summary>
internal static class AnnotationFilter
{
    /// <summary>
    /// Whether an annotation is one of those before it once more. One with the same id has the same content: the label hash is
    /// not taken of an export in which it has another.
    /// </summary>
    /// <param name="annotation">The next of the task.</param>
    /// <param name="met">Ids of those before it.</param>
    public static bool IsRepeated(Annotation annotation, HashSet<long> met) => annotation.Id is { } id && !met.Add(id);

    /// <summary>Adds to <paramref name="kept"/> what remains; the others get a rejected row each.</summary>
    public static void Apply(LabelTask task, HarvestRules rules, Rejections rejections, Tally tally, HashSet<long> met, List<Annotation> kept)
    {
        bool truth = false;
        met.Clear();
        foreach (Annotation annotation in task.Annotations)
        {
            if (IsRepeated(annotation, met))
            {
                tally.RepeatedAnnotations++;
                continue;
            }

            tally.Annotations++;
            tally.Regions += annotation.Regions.Count;

            if (rules.Exclude.HasAnnotator(annotation.AnnotatorId))
            {
                rejections.Add(DropReason.Excluded, annotation);
                continue;
            }

            // A skipped task can still carry the regions that stood on the screen; they were not submitted as labels.
            if (annotation.WasCancelled)
            {
                rejections.Add(DropReason.Cancelled, annotation);
            }
            else if (annotation.Regions.Count == 0)
            {
                rejections.Add(DropReason.Empty, annotation);
            }
            else
            {
                kept.Add(annotation);
                truth |= annotation.GroundTruth;
            }
        }

        if (!truth || !rules.PreferGroundTruth)
        {
            return;
        }

        int next = 0;
        for (int i = 0; i < kept.Count; i++)
        {
            if (kept[i].GroundTruth)
            {
                kept[next++] = kept[i];
            }
            else
            {
                rejections.Add(DropReason.Superseded, kept[i]);
            }
        }

        kept.RemoveRange(next, kept.Count - next);
    }
}
