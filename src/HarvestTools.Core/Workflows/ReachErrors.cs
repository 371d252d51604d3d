using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of tracing what reached which slices; each factory's name is the error's id.</summary>
internal static class ReachErrors
{
    public static HarvestException EpisodeUnknown(string episode, IReadOnlyCollection<string> known, string place = "No slice") => new(
        nameof(EpisodeUnknown),
        HarvestFault.NotFound,
        $"{place} has rows of an episode '{episode}'.{NearestName.Question(episode, known)}",
        known.Count == 0
            ? (Remedy)$"No slice has rows of any episode; {new RemedyAction.ListSlices()} lists the slices."
            : (Remedy)$"Write an episode or task_subdir/episode as in the tables' columns, for example {known.First()}; {new RemedyAction.ListSlices()} lists the slices.",
        episode);

    public static HarvestException TaskUnknown(string task, string place = "No slice") => new(
        nameof(TaskUnknown),
        HarvestFault.NotFound,
        $"{place} has a labelled task {task}.",
        $"Write the id as in the column task_id; {new RemedyAction.ListSlices()} lists the slices.",
        task);

    public static HarvestException AnnotationUnknown(string annotation, string place = "No slice") => new(
        nameof(AnnotationUnknown),
        HarvestFault.NotFound,
        $"{place} has an annotation {annotation}.",
        $"Write the id as in the column annotation_id; {new RemedyAction.ListSlices()} lists the slices.",
        annotation);

    public static HarvestException AnnotatorUnknown(string annotator, IReadOnlyCollection<string> known, string place = "No slice") => new(
        nameof(AnnotatorUnknown),
        HarvestFault.NotFound,
        $"{place} has an annotation by annotator {annotator}.",
        known.Count == 0
            ? (Remedy)$"The exports name no annotator; {new RemedyAction.ListSlices()} lists the slices."
            : (Remedy)$"Write the id of one of the annotators there are: {Figures.List([.. known])}; {new RemedyAction.ListSlices()} lists the slices.",
        annotator);

    public static HarvestException MediumUnknown(string medium, IReadOnlyCollection<string> known, string place = "No slice") => new(
        nameof(MediumUnknown),
        HarvestFault.NotFound,
        $"{place} has rows of a medium '{medium}'.",
        known.Count == 0
            ? (Remedy)$"No slice has rows that name a medium; {new RemedyAction.ListSlices()} lists the slices."
            : (Remedy)$"Write the link as in the column media, for example {known.First()}, or its last part, or the SHA-256 that a slice's list of media has; {new RemedyAction.ListSlices()} lists the slices.",
        medium);

    public static HarvestException ExportNotInSlices(string export, IReadOnlyCollection<string> known) => new(
        nameof(ExportNotInSlices),
        HarvestFault.NotFound,
        $"No slice names an export '{export}'.{NearestName.Question(export, known)}",
        $"Write its SHA-256 or the first digits of it, its recorded path, or a file with its bytes; {new RemedyAction.ListExports()} lists what is archived.",
        export);

    /// <param name="what">What is looked for.</param>
    /// <param name="slices">The slices that have an export that is not on this machine.</param>
    /// <param name="archive">Where the archive is, or would be.</param>
    public static HarvestException SourceNotTraceable(string what, IReadOnlyList<string> slices, string archive) => new(
        nameof(SourceNotTraceable),
        HarvestFault.NotFound,
        $"Whether {Figures.List(slices, "or")} has something of {what} is not known here: {(slices.Count == 1 ? "it has" : "they have")} exports that are neither in the archive ({archive}) nor at their recorded paths.",
        $"Copy {archive} from a machine that has it, or put the exports at their recorded paths; {new RemedyAction.CheckSlice(slices[0])} names what is not here.",
        what);

    /// <param name="version">The slice.</param>
    /// <param name="rows">Which rows were asked for, in words.</param>
    public static HarvestException RowUnknown(string version, string rows) => new(
        nameof(RowUnknown),
        HarvestFault.NotFound,
        $"Slice {version} has no row of {rows}.",
        $"Write episode, frame and label as in the tables' columns; {new RemedyAction.TraceRows(version)} lists the slice's rows.",
        rows);
}
