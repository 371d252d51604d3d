using System.Globalization;
using HarvestTools.Json;
using HarvestTools.Strings;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>
/// Says what was edited in a task whose labels differ, by the labels of both sides, which are what the label hash covers,
/// and by nothing else. One task at a time; not thread-safe.
/// </summary>
internal sealed class LabelEdits
{
    /// <summary>What to read of a task: a number that is none does not keep the rest from being compared.</summary>
    public const TaskParts Parts = TaskParts.Shapes | TaskParts.Tolerant;

    /// <summary>Members of regions in the order in which differences are told; any that are not here come before the value.</summary>
    private static readonly RegionMember[] s_first =
    [
        RegionMember.Id,
        RegionMember.ParentId,
        RegionMember.Type,
        RegionMember.FromName,
        RegionMember.ToName,
        RegionMember.ItemIndex,
        RegionMember.Origin,
        RegionMember.OriginalWidth,
        RegionMember.OriginalHeight,
        RegionMember.Meta,
    ];

    private static readonly RegionMember[] s_members =
    [
        .. s_first,
        .. Enumerable.Range(1, (int)RegionMember.Count - 1).Select(static member => (RegionMember)member).Except([.. s_first, RegionMember.Value]),
        RegionMember.Value,
    ];

    private readonly List<LabelEdit> _edits = [];
    private readonly LabelTextWriter _texts = new();
    private readonly JsonFieldDiff _fields = new(Members.EntryKey);

    public static IReadOnlyList<LabelEdit> Between(ExportTask before, ExportTask after)
    {
        var edits = new LabelEdits();
        edits.Compare(before, after);
        return edits._edits;
    }

    private void Compare(ExportTask before, ExportTask after)
    {
        IReadOnlyList<string> data = Differing(before.Labels.Data.Memory, after.Labels.Data.Memory, Members.Data);
        if (data.Count > 0)
        {
            _edits.Add(new LabelEdit(LabelEditKind.DataChanged, null, null, null, null, null, string.Join(", ", data), null, null));
        }

        foreach ((Annotation? old, Annotation? made) in LabelPairs.Of(
            before.Labels.Annotations,
            after.Labels.Annotations,
            static annotation => Text(annotation.Id) ?? "",
            annotation => _texts.TextOf(annotation, before.Tokens),
            annotation => _texts.TextOf(annotation, after.Tokens)))
        {
            Compare(old, before.Tokens, made, after.Tokens);
        }
    }

    private void Compare(Annotation? before, TaskTokens beforeTokens, Annotation? after, TaskTokens afterTokens)
    {
        Annotation either = (after ?? before)!;
        LabelEdit In(string kind, string? old, string? made) =>
            new(kind, either.Id, Text(either.AnnotatorId), null, null, old, made, null, null);

        if (before is null || after is null)
        {
            _edits.Add(before is null
                ? In(LabelEditKind.AnnotationAdded, null, Regions(either.Regions.Count))
                : In(LabelEditKind.AnnotationRemoved, Regions(either.Regions.Count), null));
            return;
        }

        if (before.AnnotatorId != after.AnnotatorId)
        {
            _edits.Add(In(LabelEditKind.AnnotatorChanged, Text(before.AnnotatorId), Text(after.AnnotatorId)));
        }

        if (Flags(before) != Flags(after))
        {
            _edits.Add(In(LabelEditKind.FlagChanged, Flags(before), Flags(after)));
        }

        foreach ((Region? old, Region? made) in LabelPairs.Of(
            before.Regions,
            after.Regions,
            static region => region.ItemPlace == 0 ? $"{region.Id}\n{region.Type}\n{region.FromName}" : "",
            region => _texts.TextOf(region, beforeTokens),
            region => _texts.TextOf(region, afterTokens)))
        {
            Compare(after, old, beforeTokens, made, afterTokens);
        }
    }

    private void Compare(Annotation annotation, Region? before, TaskTokens beforeTokens, Region? after, TaskTokens afterTokens)
    {
        Region either = (after ?? before)!;
        string? label = RegionLabel.Of(either, after is null ? beforeTokens : afterTokens);
        LabelEdit In(string kind, string? old = null, string? made = null, double? distance = null, string? unit = null) =>
            new(kind, annotation.Id, Text(annotation.AnnotatorId), either.Id.IsAbsent ? null : either.Id.ToString(), label, old, made, distance, unit)
            {
                Control = Text(either.FromName),
                Type = Text(either.Type),
                ToName = Text(either.ToName),
                ItemIndex = either.ItemIndex,
            };

        if (before is null || after is null)
        {
            _edits.Add(In(before is null ? LabelEditKind.RegionAdded : LabelEditKind.RegionRemoved));
            return;
        }

        string? labelBefore = RegionLabel.Of(before, beforeTokens);
        if (labelBefore != label)
        {
            _edits.Add(In(LabelEditKind.LabelChanged, labelBefore, label));
        }

        RegionMove move = RegionGeometry.Between(before, after);
        bool elsewhere = Medium(before) != Medium(after);
        if (elsewhere)
        {
            _edits.Add(In(LabelEditKind.MediumChanged, Medium(before), Medium(after)));
        }
        else if (move.Distance is { } distance)
        {
            _edits.Add(In(LabelEditKind.RegionMoved, distance: distance, unit: move.Unit));
        }

        List<string> rest =
        [
            .. s_members.SelectMany(member =>
                Differing(beforeTokens.Raw(before.PlaceOf(member)), afterTokens.Raw(after.PlaceOf(member)), Members.TextOf(member)))
                .Where(path => !move.Explains(path) && !RegionLabel.IsLabel(path) && !(elsewhere && (path is Members.ItemIndex or Members.ToName))),
        ];
        if (before.ItemPlace != 0 || after.ItemPlace != 0)
        {
            rest.Add(Members.Result);
        }

        if (rest.Count > 0)
        {
            _edits.Add(In(LabelEditKind.RegionChanged, made: string.Join(", ", rest)));
        }
    }

    /// <summary>The paths in which two values differ; one that is empty is not there.</summary>
    private IReadOnlyList<string> Differing(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, string name) =>
        before.IsEmpty || after.IsEmpty
            ? before.IsEmpty && after.IsEmpty ? [] : [name]
            : [.. _fields.Between(before, after).Select(path => path.Length == 0 ? name : $"{name}.{path}")];

    /// <summary>What the region is on: <c>image</c>, or <c>image[1]</c> where it says which of several.</summary>
    private static string Medium(Region region) =>
        $"{Text(region.ToName) ?? "the task"}{(region.ItemIndex is > 0 and var index ? string.Create(CultureInfo.InvariantCulture, $"[{index}]") : "")}";

    private static string Flags(Annotation annotation) =>
        (annotation.WasCancelled ? "cancelled" : "submitted") + (annotation.GroundTruth ? ", ground truth" : "");

    private static string? Text(Utf8Text text) => text.IsEmptyOrAbsent ? null : text.ToString();

    private static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private static string Regions(int count) => Figures.Count(count, "region");
}
