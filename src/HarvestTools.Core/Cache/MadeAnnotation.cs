namespace HarvestTools.Cache;

/// <summary>
/// Who made an annotation. Lists of this type are sorted by code that was compiled ahead of time, lists of tuples by code that each
/// process compiles for itself.
/// </summary>
/// <param name="Task">The task; <see cref="AnnotationIndex.None"/> where it has no id.</param>
/// <param name="Id">The annotation's id; <see cref="AnnotationIndex.None"/> where it has none.</param>
/// <param name="Annotator">The annotator's id; <see cref="AnnotationIndex.None"/> where the export names nobody.</param>
internal readonly record struct MadeAnnotation(long Task, long Id, long Annotator)
{
    /// <summary>Orders by task, then annotation.</summary>
    public static int Compare(MadeAnnotation one, MadeAnnotation other)
    {
        int order = one.Task.CompareTo(other.Task);
        order = order != 0 ? order : one.Id.CompareTo(other.Id);
        return order != 0 ? order : one.Annotator.CompareTo(other.Annotator);
    }
}
