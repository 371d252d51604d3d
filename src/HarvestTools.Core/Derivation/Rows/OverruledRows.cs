namespace HarvestTools.Derivation.Rows;

/// <summary>
/// Rows whose origin says an accepted prediction, since the annotation with the lowest id took it over, though another annotator
/// who agrees drew or changed the label.
/// </summary>
/// <param name="TaskId">Label Studio's task.</param>
/// <param name="AnnotationId">The first annotation that drew or changed it; null where it has no id.</param>
/// <param name="AnnotatorId">Whose it is; null where the export does not say.</param>
/// <param name="TaskSubdir">The task folder.</param>
/// <param name="Episode">The episode.</param>
/// <param name="Rows">How many rows.</param>
internal readonly record struct OverruledRows(
    long TaskId, long? AnnotationId, long? AnnotatorId, string TaskSubdir, string Episode, long Rows);
