using System.Globalization;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>What happened to a task between two exports.</summary>
public static class TaskChangeKind
{
    /// <summary>Only the second export has it.</summary>
    public const string Added = nameof(Added);

    /// <summary>Only the first export has it.</summary>
    public const string Removed = nameof(Removed);

    /// <summary>Its labels differ: what can change a row.</summary>
    public const string Relabelled = nameof(Relabelled);

    /// <summary>Its labels are the same; only what Label Studio changes by itself differs.</summary>
    public const string VolatileOnly = nameof(VolatileOnly);

    /// <summary>Nothing differs but spelling: spacing, escapes, order of keys.</summary>
    public const string Identical = nameof(Identical);
}

/// <summary>One task of two exports.</summary>
/// <param name="Change">What happened.</param>
/// <param name="TaskId">Its id; null where it has none.</param>
/// <param name="Edits">What was relabelled; empty otherwise.</param>
/// <param name="Fields">Paths of the volatile fields that differ, for example <c>drafts.created_ago</c>; empty otherwise.</param>
public sealed record TaskChange(string Change, long? TaskId, IReadOnlyList<LabelEdit> Edits, IReadOnlyList<string> Fields);

/// <summary>How a label was edited.</summary>
public static class LabelEditKind
{
    /// <summary>Only the later export has the annotation.</summary>
    public const string AnnotationAdded = nameof(AnnotationAdded);

    /// <summary>Only the earlier export has the annotation.</summary>
    public const string AnnotationRemoved = nameof(AnnotationRemoved);

    /// <summary>Another person stands as its author.</summary>
    public const string AnnotatorChanged = nameof(AnnotatorChanged);

    /// <summary>It was skipped, marked as ground truth, or either was undone.</summary>
    public const string FlagChanged = nameof(FlagChanged);

    /// <summary>Only the later export has the region.</summary>
    public const string RegionAdded = nameof(RegionAdded);

    /// <summary>Only the earlier export has the region.</summary>
    public const string RegionRemoved = nameof(RegionRemoved);

    /// <summary>The region has another label.</summary>
    public const string LabelChanged = nameof(LabelChanged);

    /// <summary>The region lies elsewhere, by <see cref="LabelEdit.Distance"/>.</summary>
    public const string RegionMoved = nameof(RegionMoved);

    /// <summary>The region is on another image, page, camera or video, where its place says nothing of how far it moved.</summary>
    public const string MediumChanged = nameof(MediumChanged);

    /// <summary>Something else of the region differs.</summary>
    public const string RegionChanged = nameof(RegionChanged);

    /// <summary>The task's data differs, from which task_subdir, episode and frame may come.</summary>
    public const string DataChanged = nameof(DataChanged);
}

/// <summary>One edit of a relabelled task.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="AnnotationId">In which annotation; null for the task's data and for annotations without an id.</param>
/// <param name="Annotator">Who stands as its author now, as text; null where nobody is named.</param>
/// <param name="RegionId">The region; null where it has no id or none is concerned.</param>
/// <param name="Label">The region's label now; null where it has none.</param>
/// <param name="Before">What stood there: the label, the annotator, the flag, or the names of fields.</param>
/// <param name="After">What stands there now.</param>
/// <param name="Distance">How far the region moved: the farthest of its corners or ends.</param>
/// <param name="Unit"><c>px</c>, <c>frames</c>, or <c>%</c> of the image where its size is not known.</param>
public sealed record LabelEdit(
    string Kind,
    long? AnnotationId,
    string? Annotator,
    string? RegionId,
    string? Label,
    string? Before,
    string? After,
    double? Distance,
    string? Unit)
{
    /// <summary>The control tag that the region is made with; null where none is concerned or the region names none.</summary>
    public string? Control { get; init; }

    /// <summary>The type of the region's item, for example <c>rectanglelabels</c>; null where none is concerned.</summary>
    public string? Type { get; init; }

    /// <summary>The object tag that the region is drawn on now; null where none is concerned or the region names none.</summary>
    public string? ToName { get; init; }

    /// <summary>Which of several media of that tag, from 0; null where the region does not say.</summary>
    public int? ItemIndex { get; init; }

    /// <summary>The edit in a line, as lists show it.</summary>
    public override string ToString()
    {
        string where = AnnotationId is null ? "" : string.Create(CultureInfo.InvariantCulture, $"annotation {AnnotationId}");
        where += Annotator is null || Kind == LabelEditKind.AnnotatorChanged ? "" : $" by {Annotator}";
        where += RegionId is null ? "" : $", region {RegionId}";
        where += ToName is null ? "" : $" on {ToName}{(ItemIndex is { } index ? string.Create(CultureInfo.InvariantCulture, $"[{index}]") : "")}";
        where += Control is null ? "" : $", {Control}{(Type is null ? "" : $" ({Type})")}";
        where += Label is null || Kind == LabelEditKind.LabelChanged ? "" : $", {Label}";
        string what = Kind switch
        {
            LabelEditKind.AnnotationAdded => $"added ({After})",
            LabelEditKind.AnnotationRemoved => $"removed ({Before})",
            LabelEditKind.AnnotatorChanged => $"annotator {Before ?? "none"} → {After ?? "none"}",
            LabelEditKind.FlagChanged => $"{Before} → {After}",
            LabelEditKind.RegionAdded => "region added",
            LabelEditKind.RegionRemoved => "region removed",
            LabelEditKind.LabelChanged => $"label {Before ?? "none"} → {After ?? "none"}",
            LabelEditKind.RegionMoved => string.Create(CultureInfo.InvariantCulture, $"moved by {Distance:0.##} {Unit}"),
            LabelEditKind.MediumChanged => $"moved from {Before} to {After}",
            LabelEditKind.RegionChanged => $"changed in {After}",
            _ => $"data changed in {After}",
        };
        return where.Length == 0 ? what : $"{where}: {what}";
    }
}
