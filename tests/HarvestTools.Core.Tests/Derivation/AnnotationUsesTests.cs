using HarvestTools.Derivation;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.Derivation;

/// <summary>What each annotation of a task counts for among the corrections of a model.</summary>
public sealed class AnnotationUsesTests
{
    private static readonly DateTime s_day = new(2026, 5, 4, 8, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void An_emptied_annotation_says_of_everything_predicted_that_it_is_not_there()
    {
        // Beside ground truth what others emptied says nothing any more, and what gives no row has labels alone.
        Assert.Equal([AnnotationUse.Corrections], Uses(Task(("e", null))));
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Corrections], Uses(Task(("k", null), ("e", null))));
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.LabelsOnly, AnnotationUse.LabelsOnly], Uses(Task(("kg", null), ("e", null), ("", null))));
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Corrections], Uses(Task(("kg", null), ("eg", null))));
        Assert.Equal([AnnotationUse.LabelsOnly, AnnotationUse.Corrections], Uses(Task(("", null), ("k", null))));
        Assert.Equal([AnnotationUse.None, AnnotationUse.Corrections], Uses(Task(("ec", null), ("k", null))));
    }

    [Fact]
    public void One_that_revises_another_is_found_whatever_else_names_a_parent()
    {
        // The first names one that the task does not have, so that each of them names one.
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Revision], Uses(Task(("k", 5), ("k", 10))));
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Corrections, AnnotationUse.Revision], Uses(Task(("k", null), ("k", null), ("k", 11))));
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Revision, AnnotationUse.Revision], Uses(Task(("k", null), ("k", 10), ("k", 11))));

        // What a reviewer supersedes counts for what the model needed; a revision that has labels alone changes nothing.
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Revision], Uses(Task(("", null), ("kg", 10))));
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.LabelsOnly], Uses(Task(("k", null), ("", 10))));

        // One that names itself, or a later one, revises nothing.
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Corrections], Uses(Task(("k", 10), ("k", null))));
        Assert.Equal([AnnotationUse.Corrections, AnnotationUse.Corrections], Uses(Task(("k", 11), ("k", null))));
    }

    [Fact]
    public void The_last_revision_has_its_time_and_a_task_nothing_of_the_one_before()
    {
        var uses = new AnnotationUses();
        (ExportTask revised, List<Annotation> kept) = Task(("k", null), ("k", 10), ("k", 10), ("k", 10));
        revised.Extras.Annotations[1].CreatedAt = s_day.AddDays(3);
        revised.Extras.Annotations[2].CreatedAt = s_day.AddDays(1);
        revised.Extras.Annotations[3].UpdatedAt = s_day.AddDays(2);
        uses.Find(revised, kept);
        Assert.Equal((s_day.AddDays(3), null), (uses.RevisedAt(0), uses.RevisedAt(1)));

        // Created before updated, and a revision without any time is none that is later.
        (revised, kept) = Task(("k", null), ("k", 10), ("k", 10));
        (revised.Extras.Annotations[1].CreatedAt, revised.Extras.Annotations[1].UpdatedAt) = (s_day, s_day.AddDays(9));
        uses.Find(revised, kept);
        Assert.Equal(s_day, uses.RevisedAt(0));

        (ExportTask plain, List<Annotation> plainKept) = Task(("", null), ("k", null));
        uses.Find(plain, plainKept);
        Assert.Equal((AnnotationUse.LabelsOnly, AnnotationUse.Corrections), (uses[0], uses[1]));
        Assert.Equal((null, null), (uses.RevisedAt(0), uses.RevisedAt(1)));
    }

    private static AnnotationUse[] Uses((ExportTask Task, List<Annotation> Kept) of)
    {
        var uses = new AnnotationUses();
        uses.Find(of.Task, of.Kept);
        return [.. Enumerable.Range(0, of.Task.Labels.Annotations.Count).Select(i => uses[i])];
    }

    /// <summary>Annotations 10, 11 and so on: <c>k</c>ept, <c>e</c>mptied, <c>g</c>round truth, <c>c</c>ancelled; each with its parent.</summary>
    private static (ExportTask Task, List<Annotation> Kept) Task(params (string Kind, long? Parent)[] annotations)
    {
        var task = new TaskBuilder();
        var kept = new List<Annotation>();
        for (int i = 0; i < annotations.Length; i++)
        {
            (string kind, long? parent) = annotations[i];
            AnnotationBuilder annotation = task.By(i, 10 + i);
            annotation.Annotation.GroundTruth = kind.Contains('g', StringComparison.Ordinal);
            annotation.Annotation.WasCancelled = kind.Contains('c', StringComparison.Ordinal);
            annotation.Extras.ParentAnnotation = parent;
            if (!kind.Contains('e', StringComparison.Ordinal))
            {
                annotation.Keypoint("r", "cup", 1, 1);
            }

            if (kind.Contains('k', StringComparison.Ordinal))
            {
                kept.Add(annotation.Annotation);
            }
        }

        return (task.Task, kept);
    }
}
