using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Tables;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>
/// Writes the rejected rows of one task and counts them. A detail says enough to find the region in Label Studio, and
/// nothing that the label hash is blind to (no ordinals, no byte offsets), since it is part of a slice's bytes.
/// </summary>
internal sealed class Rejections(TaskCounts counts)
{
    private readonly Utf8Builder _detail = new();

    // What a region is drawn on and which control offers its label, in words, which is mostly that of the region before.
    private readonly Utf8Builder _place = new();
    private (Utf8Text ToName, int? ItemIndex, Utf8Text Control) _placeOf;
    private TaskTable<RejectedRow, RejectedTable> _rows = new();
    private Tally _tally = null!;
    private long _taskId;

    public void Begin(long taskId, TaskRows rows, Tally tally)
    {
        _taskId = taskId;

        // Of no place there are no words; and the texts of the task before are gone.
        _place.Clear();
        _placeOf = default;
        _rows = rows.Of<RejectedRow, RejectedTable>();
        _tally = tally;
        counts.Begin(tally);
    }

    /// <summary>An annotation dropped whole: one row, without a region.</summary>
    public void Add(DropReason reason, Annotation annotation)
    {
        _detail.Clear();
        if (annotation.Regions.Count > 0)
        {
            _detail.Add("regions="u8).Add(annotation.Regions.Count);
        }
        else
        {
            _detail.Add("no regions"u8);
        }

        Finish(reason, annotation, null, counts.Subdir(null));
    }

    /// <summary>An annotation dropped whole for a reason that needs words.</summary>
    public void Add(DropReason reason, Annotation annotation, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        _detail.Add("regions="u8).Add(annotation.Regions.Count);
        Separate(_detail).Add(why);
        Finish(reason, annotation, null, counts.Subdir(null));
    }

    /// <summary>A result item dropped before its labels were looked at.</summary>
    public void Add(DropReason reason, Annotation annotation, Region region, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        Add(_detail, Members.NameOf(RegionMember.Type), region.Type);
        AddPlace(region, region.FromName);
        foreach (Utf8Text label in region.Labels)
        {
            Add(_detail, "label"u8, label);
        }

        Separate(_detail).Add(why);
        Finish(reason, annotation, region, counts.Subdir(region));
    }

    /// <summary>One range of a timeline region.</summary>
    public void Add(DropReason reason, Annotation annotation, Region region, in FrameRange range, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        AddPlace(region, region.FromName);
        foreach (Utf8Text label in region.Labels)
        {
            Add(_detail, "label"u8, label);
        }

        Separate(_detail).Add("start="u8);
        Add(range.Start);
        _detail.Add(" end="u8);
        Add(range.End);
        Separate(_detail).Add(why);
        Finish(reason, annotation, region, counts.Subdir(region));
    }

    /// <summary>
    /// A label of a region that the agreement dropped; <paramref name="nearest"/> is the distance to the nearest region
    /// of another annotator that it could have agreed with, null where there is none.
    /// </summary>
    /// <param name="reason">Why.</param>
    /// <param name="annotation">The region's.</param>
    /// <param name="candidate">The label of the region.</param>
    /// <param name="nearest">In units of <paramref name="unit"/>.</param>
    /// <param name="unit">As the text has it.</param>
    /// <param name="sizes">The sizes that annotators have of the medium where they differ; empty otherwise.</param>
    public void Add(DropReason reason, Annotation annotation, in Candidate candidate, double? nearest, ReadOnlySpan<byte> unit, ReadOnlySpan<ImageSize> sizes)
    {
        _detail.Clear();
        AddPlace(candidate.Region, candidate.Control);
        Add(_detail, "label"u8, candidate.Label);
        if (candidate.Kind == RegionKind.Attribute)
        {
            Separate(_detail).Add("value="u8).Add(candidate.Value.Span);
        }
        else if (candidate.Kind is RegionKind.Timeline or RegionKind.Track)
        {
            Separate(_detail).Add("start="u8).Add(candidate.Start).Add(" end="u8).Add(candidate.End);
        }
        else
        {
            _detail.Add(" x="u8).Add(candidate.X).Add("% y="u8).Add(candidate.Y).Add((byte)'%');
            if (candidate.Kind is RegionKind.Rectangle or RegionKind.Polygon)
            {
                _detail.Add(" width="u8).Add(candidate.Width).Add("% height="u8).Add(candidate.Height).Add((byte)'%');
            }
        }

        if (nearest is { } distance)
        {
            // Three decimals tell all a reader wants; the last bits would only be noise.
            _detail.Add(" nearest="u8).Add(Math.Round(distance, 3)).Add(unit);
        }

        for (int i = 0; i < sizes.Length; i++)
        {
            Separate(_detail).Add(i == 0 ? "annotators have the image as "u8 : "and "u8).Add(sizes[i].Width).Add((byte)'x').Add(sizes[i].Height);
        }

        counts.Label(candidate.Label).CountDropped(reason);
        Finish(reason, annotation, candidate.Region, counts.Subdir(candidate.Medium));
    }

    /// <summary>What the region is drawn on, and the control tag that offers its label.</summary>
    private void AddPlace(Region region, Utf8Text control)
    {
        if (region.ToName != _placeOf.ToName || region.ItemIndex != _placeOf.ItemIndex || control != _placeOf.Control)
        {
            _placeOf = (region.ToName, region.ItemIndex, control);
            _place.Clear();
            Add(_place, Members.NameOf(RegionMember.ToName), region.ToName);
            if (region.ItemIndex is { } index)
            {
                Separate(_place).Add(Members.NameOf(RegionMember.ItemIndex)).Add((byte)'=').Add(index);
            }

            Add(_place, Members.NameOf(RegionMember.FromName), control);
        }

        if (_place.Length > 0)
        {
            Separate(_detail).Add(_place.Written);
        }
    }

    private static Utf8Builder Separate(Utf8Builder text) => text.Length > 0 ? text.Add((byte)' ') : text;

    private static void Add(Utf8Builder text, ReadOnlySpan<byte> name, Utf8Text value)
    {
        if (!value.IsAbsent)
        {
            text.AddField(name, value.Span);
        }
    }

    private void Add(long? frame)
    {
        if (frame is { } known)
        {
            _detail.Add(known);
        }
        else
        {
            _detail.Add("null"u8);
        }
    }

    private void Finish(DropReason reason, Annotation annotation, Region? region, RegionCounts subdir)
    {
        // The row is written at once, so that its detail can be where it was put together.
        var row = new RejectedRow
        {
            TaskId = _taskId,
            AnnotationId = annotation.Id,
            RegionId = region?.Id ?? default,
            Reason = DropReasons.Text(reason),
            Detail = _detail.AsText(),
        };
        _rows.Add(row);
        _tally.Total.CountDropped(reason);
        counts.Annotator(annotation.AnnotatorId).CountDropped(reason);
        subdir.CountDropped(reason);
    }
}
