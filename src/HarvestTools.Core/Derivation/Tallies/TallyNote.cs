using HarvestTools.Strings;

namespace HarvestTools.Derivation.Tallies;

/// <summary>What a note of a tally is about.</summary>
public static class TallyNoteKind
{
    /// <summary>Nothing says which key of the data an object tag shows.</summary>
    public const string UnknownMedia = nameof(UnknownMedia);

    /// <summary>The labeling configuration does not have labels of the export.</summary>
    public const string UnknownLabels = nameof(UnknownLabels);

    /// <summary>Tasks have one frame key by guesses from their paths.</summary>
    public const string SharedFrames = nameof(SharedFrames);

    /// <summary>Annotators have different sizes of one image.</summary>
    public const string SizeConflicts = nameof(SizeConflicts);

    /// <summary>Tasks are in the export twice.</summary>
    public const string RepeatedTasks = nameof(RepeatedTasks);

    /// <summary>Annotations are in a task twice.</summary>
    public const string RepeatedAnnotations = nameof(RepeatedAnnotations);

    /// <summary>Coordinates are outside the image.</summary>
    public const string OutOfRange = nameof(OutOfRange);

    /// <summary>The size of the image is not known.</summary>
    public const string UnknownSizes = nameof(UnknownSizes);
}

/// <summary>Something about what was derived that a reader of the rows wants to know.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Count">How often.</param>
/// <param name="Message">What it is, in a clause without a full stop.</param>
/// <param name="Remedy">What to do about it; <see cref="Remedy.None"/> where nothing need be done.</param>
public sealed record TallyNote(string Kind, long Count, string Message, Remedy Remedy)
{
    /// <summary>Whether rows are probably not what the user means, and something can be done about it.</summary>
    public bool IsWarning => Kind is TallyNoteKind.UnknownMedia or TallyNoteKind.UnknownLabels or TallyNoteKind.SharedFrames or TallyNoteKind.SizeConflicts;

    internal static IEnumerable<TallyNote> Of(Tally tally)
    {
        if (tally.UnknownMedia > 0)
        {
            yield return new TallyNote(
                TallyNoteKind.UnknownMedia,
                tally.UnknownMedia,
                $"{Figures.Count(tally.UnknownMedia, "medium", "media")} of tasks with several {(tally.UnknownMedia == 1 ? "is" : "are")} not known by the object tag, so the column media is null there",
                $"Add the export again with its project's labeling configuration, {new RemedyAction.AddExport() { LabelConfig = RemedyAction.AnyConfig }}, or map each object tag to its key of data. {new RemedyAction.EditSetting("harvest.fields.objects", "{ \"TAG\": \"data.KEY\" }")}.");
        }

        if (tally.UnknownLabels > 0)
        {
            yield return new TallyNote(
                TallyNoteKind.UnknownLabels,
                tally.UnknownLabels,
                $"{Figures.Count(tally.UnknownLabels, "label")} of regions {(tally.UnknownLabels == 1 ? "is" : "are")} not in the labeling configuration, for example {tally.UnknownLabel}",
                $"Add the export again with the configuration that its project has now, {new RemedyAction.AddExport() { LabelConfig = RemedyAction.AnyConfig }}.");
        }

        if (tally.SharedFrame is { } shared)
        {
            yield return new TallyNote(
                TallyNoteKind.SharedFrames,
                tally.SharedFrames,
                $"{Figures.Count(tally.SharedFrames, "task")} share task_subdir, episode and frame by their paths, for example tasks {shared.FirstTask} and {shared.SecondTask} with \"{shared.TaskSubdir}\", \"{shared.Episode}\", frame {shared.Frame}",
                $"Map the fields to what distinguishes the tasks. {new RemedyAction.EditSetting("harvest.fields.episode", "{ \"from\": \"data.KEY\" }")}.");
        }

        if (tally.SizeConflicts > 0)
        {
            yield return new TallyNote(
                TallyNoteKind.SizeConflicts,
                tally.SizeConflicts,
                $"annotators have different sizes of {Figures.Count(tally.SizeConflicts, "image")}, which their regions cannot be compared by",
                "Look whether browsers turn the image by its EXIF rotation, and label it once more.");
        }

        if (tally.RepeatedTasks > 0)
        {
            yield return Plain(TallyNoteKind.RepeatedTasks, tally.RepeatedTasks, $"{Figures.Count(tally.RepeatedTasks, "task")} in the export twice, counted once with the labels that {(tally.RepeatedTasks == 1 ? "it has" : "they have")}");
        }

        if (tally.RepeatedAnnotations > 0)
        {
            yield return Plain(TallyNoteKind.RepeatedAnnotations, tally.RepeatedAnnotations, $"{Figures.Count(tally.RepeatedAnnotations, "annotation")} in a task twice, counted once");
        }

        if (tally.OutOfRange > 0)
        {
            yield return Plain(TallyNoteKind.OutOfRange, tally.OutOfRange, $"{Figures.Count(tally.OutOfRange, "region")} out of range, kept as they are");
        }

        if (tally.UnknownSizes > 0)
        {
            yield return Plain(TallyNoteKind.UnknownSizes, tally.UnknownSizes, $"{Figures.Count(tally.UnknownSizes, "region")} without an original size, whose pixel columns are null");
        }
    }

    private static TallyNote Plain(string kind, long count, string message) => new(kind, count, message, Remedy.None);
}
