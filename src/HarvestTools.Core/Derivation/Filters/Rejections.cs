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
internal sealed class Rejections(TaskCounts counts, TextArena arena)
{
    private readonly Utf8Builder _detail = new();
    private TaskTable<RejectedRow, RejectedTable> _rows = new();
    private Tally _tally = null!;
    private long _taskId;

    public void Begin(long taskId, TaskRows rows, Tally tally)
    {
        _taskId = taskId;
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
        Separate().Add(why);
        Finish(reason, annotation, null, counts.Subdir(null));
    }

    /// <summary>A result item dropped before its labels were looked at.</summary>
    public void Add(DropReason reason, Annotation annotation, Region region, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        Add(Members.NameOf(RegionMember.Type), region.Type);
        AddPlace(region, region.FromName);
        foreach (Utf8Text label in region.Labels)
        {
            Add("label"u8, label);
        }

        Separate().Add(why);
        Finish(reason, annotation, region, counts.Subdir(region));
    }

    /// <summary>One range of a timeline region.</summary>
    public void Add(DropReason reason, Annotation annotation, Region region, in FrameRange range, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        AddPlace(region, region.FromName);
        foreach (Utf8Text label in region.Labels)
        {
            Add("label"u8, label);
        }

        Separate().Add("start="u8);
        Add(range.Start);
        _detail.Add(" end="u8);
        Add(range.End);
        Separate().Add(why);
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
        Add("label"u8, candidate.Label);
        if (candidate.Kind == RegionKind.Attribute)
        {
            Separate().Add("value="u8).Add(candidate.Value.Span);
        }
        else if (candidate.Kind is RegionKind.Timeline or RegionKind.Track)
        {
            Separate().Add("start="u8).Add(candidate.Start).Add(" end="u8).Add(candidate.End);
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
            Separate().Add(i == 0 ? "annotators have the image as "u8 : "and "u8).Add(sizes[i].Width).Add((byte)'x').Add(sizes[i].Height);
        }

        counts.Label(candidate.Label).CountDropped(reason);
        Finish(reason, annotation, candidate.Region, counts.Subdir(candidate.Medium));
    }

    /// <summary>What the region is drawn on, and the control tag that offers its label.</summary>
    private void AddPlace(Region region, Utf8Text control)
    {
        Add(Members.NameOf(RegionMember.ToName), region.ToName);
        if (region.ItemIndex is { } index)
        {
            Separate().Add(Members.NameOf(RegionMember.ItemIndex)).Add((byte)'=').Add(index);
        }

        Add(Members.NameOf(RegionMember.FromName), control);
    }

    private Utf8Builder Separate() => _detail.Length > 0 ? _detail.Add((byte)' ') : _detail;

    private void Add(ReadOnlySpan<byte> name, Utf8Text value)
    {
        if (!value.IsAbsent)
        {
            _detail.AddField(name, value.Span);
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
        var row = new RejectedRow
        {
            TaskId = _taskId,
            AnnotationId = annotation.Id,
            RegionId = region?.Id ?? default,
            Reason = DropReasons.Text(reason),
            Detail = _detail.ToText(arena),
        };
        _rows.Add(row);
        _tally.Total.CountDropped(reason);
        counts.Annotator(annotation.AnnotatorId).CountDropped(reason);
        subdir.CountDropped(reason);
    }
}
