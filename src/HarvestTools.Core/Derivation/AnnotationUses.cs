using HarvestTools.Derivation.Filters;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation;

/// <summary>What an annotation counts for among the corrections of a model version.</summary>
internal enum AnnotationUse
{
    /// <summary>Cancelled, or the same as another: nothing of it counts.</summary>
    None,

    /// <summary>Its labels are labels by people, and it says nothing of the model.</summary>
    LabelsOnly,

    /// <summary>It revises one that counts, and is work of its day.</summary>
    Revision,

    /// <summary>It says what the model's prediction needed.</summary>
    Corrections,
}

/// <summary>
/// What each annotation of a task counts for. One that revises another, as a reviewer's does who fixes and accepts, begins from what
/// the labeler made of the prediction and holds it once more, so that what the model needed is in the first one alone, and the
/// labeler's. Whoever reviews, and how much, changes neither the count nor whose it is. One a worker.
/// </summary>
internal sealed class AnnotationUses
{
    private readonly HashSet<long> _met = [];
    private readonly List<AnnotationUse> _uses = [];
    private readonly List<DateTime?> _revisedAt = [];

    /// <summary>What one of the task's annotations counts for.</summary>
    public AnnotationUse this[int annotation] => _uses[annotation];

    /// <summary>When an annotation was revised last; null where it was not.</summary>
    public DateTime? RevisedAt(int annotation) => _revisedAt.Count == 0 ? null : _revisedAt[annotation];

    /// <param name="task">The task.</param>
    /// <param name="kept">Those of its annotations that give rows, in their order.</param>
    public void Find(ExportTask task, List<Annotation> kept)
    {
        List<Annotation> all = task.Labels.Annotations;
        bool superseding = kept.Exists(static annotation => annotation.GroundTruth);
        int next = 0;
        _met.Clear();
        _uses.Clear();
        _revisedAt.Clear();
        for (int i = 0; i < all.Count; i++)
        {
            bool keeps = next < kept.Count && ReferenceEquals(all[i], kept[next]);
            next += keeps ? 1 : 0;
            bool repeated = AnnotationFilter.IsRepeated(all[i], _met);

            // Emptied by its labeler it gives no row, and says of everything that was predicted that it is not there.
            bool emptied = all[i].Regions.Count == 0 && (all[i].GroundTruth || !superseding);
            _uses.Add(all[i].WasCancelled || repeated ? AnnotationUse.None : keeps || emptied ? AnnotationUse.Corrections : AnnotationUse.LabelsOnly);
        }

        if (all.Count > 1 && AnyHasParent(task.Extras.Annotations))
        {
            CountOfFirst(task);
        }
    }

    private void CountOfFirst(ExportTask task)
    {
        List<AnnotationExtras> extras = task.Extras.Annotations;
        foreach (AnnotationUse _ in _uses)
        {
            _revisedAt.Add(null);
        }

        for (int i = 0; i < _uses.Count; i++)
        {
            if (_uses[i] == AnnotationUse.None || FirstOf(task, i) is var first && first == i)
            {
                continue;
            }

            DateTime? at = extras[i].CreatedAt ?? extras[i].UpdatedAt;
            if (_uses[i] == AnnotationUse.Corrections)
            {
                // Of a labeler's annotation that the revision supersedes, as ground truth does, the corrections are what was needed still.
                (_uses[first], _uses[i]) = (AnnotationUse.Corrections, AnnotationUse.Revision);
                _revisedAt[first] = _revisedAt[first] is { } known && !(at > known) ? known : at;
            }
        }
    }

    private static bool AnyHasParent(List<AnnotationExtras> extras)
    {
        for (int i = 0; i < extras.Count; i++)
        {
            if (extras[i].ParentAnnotation is not null)
            {
                return true;
            }
        }

        return false;
    }

    private int FirstOf(ExportTask task, int annotation)
    {
        int first = annotation;
        while (ParentOf(task, first) is { } parent)
        {
            first = parent;
        }

        return first;
    }

    /// <summary>A revision is made after what it revises and has a higher id, so that no chain of them comes back to itself.</summary>
    private int? ParentOf(ExportTask task, int annotation)
    {
        if (task.Extras.Annotations[annotation].ParentAnnotation is not { } parent)
        {
            return null;
        }

        List<Annotation> all = task.Labels.Annotations;
        for (int i = 0; i < all.Count; i++)
        {
            if (_uses[i] != AnnotationUse.None && all[i].Id == parent && parent < all[annotation].Id)
            {
                return i;
            }
        }

        return null;
    }
}
