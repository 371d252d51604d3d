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
internal sealed class Rejections(TextArena arena)
{
    private readonly Utf8Builder _detail = new();
    private TaskRows _rows = null!;
    private Tally _tally = null!;
    private RegionCounts _subdir = null!;
    private long _taskId;

    public void Begin(long taskId, TaskRows rows, Tally tally, RegionCounts subdir)
    {
        _taskId = taskId;
        _rows = rows;
        _tally = tally;
        _subdir = subdir;
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

        Finish(reason, annotation, default, null);
    }

    /// <summary>An annotation dropped whole for a reason that needs words.</summary>
    public void Add(DropReason reason, Annotation annotation, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        _detail.Add("regions="u8).Add(annotation.Regions.Count);
        Separate().Add(why);
        Finish(reason, annotation, default, null);
    }

    /// <summary>A result item dropped before its labels were looked at.</summary>
    public void Add(DropReason reason, Annotation annotation, Region region, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        Add(Members.NameOf(RegionMember.Type), region.Type);
        Add(Members.NameOf(RegionMember.FromName), region.FromName);
        foreach (Utf8Text label in region.Labels)
        {
            Add("label"u8, label);
        }

        Separate().Add(why);
        Finish(reason, annotation, region.Id, null);
    }

    /// <summary>One range of a timeline region.</summary>
    public void Add(DropReason reason, Annotation annotation, Region region, in FrameRange range, ReadOnlySpan<byte> why)
    {
        _detail.Clear();
        Add(Members.NameOf(RegionMember.FromName), region.FromName);
        foreach (Utf8Text label in region.Labels)
        {
            Add("label"u8, label);
        }

        Separate().Add("start="u8);
        Add(range.Start);
        _detail.Add(" end="u8);
        Add(range.End);
        Separate().Add(why);
        Finish(reason, annotation, region.Id, null);
    }

    /// <summary>
    /// A label of a region that the agreement dropped; <paramref name="nearest"/> is the distance to the nearest region
    /// of another annotator that it could have agreed with, null where there is none.
    /// </summary>
    public void Add(DropReason reason, Annotation annotation, in Candidate candidate, double? nearest, ReadOnlySpan<byte> unit)
    {
        _detail.Clear();
        Add(Members.NameOf(RegionMember.FromName), candidate.Region.FromName);
        Add("label"u8, candidate.Label);
        if (candidate.Kind is RegionKind.Timeline or RegionKind.Track)
        {
            Separate().Add("start="u8).Add(candidate.Start).Add(" end="u8).Add(candidate.End);
        }
        else
        {
            Separate().Add("x="u8).Add(candidate.X).Add("% y="u8).Add(candidate.Y).Add((byte)'%');
            if (candidate.Kind == RegionKind.Rectangle)
            {
                _detail.Add(" width="u8).Add(candidate.Width).Add("% height="u8).Add(candidate.Height).Add((byte)'%');
            }
        }

        if (nearest is { } distance)
        {
            // Three decimals tell all a reader wants; the last bits would only be noise.
            Separate().Add("nearest="u8).Add(Math.Round(distance, 3)).Add(unit);
        }

        Finish(reason, annotation, candidate.Region.Id, _tally.Label(candidate.Label.Span));
    }

    private Utf8Builder Separate() => _detail.Length > 0 ? _detail.Add((byte)' ') : _detail;

    private void Add(ReadOnlySpan<byte> name, Utf8Text value)
    {
        if (!value.IsAbsent)
        {
            Separate().Add(name).Add((byte)'=').Add(value.Span);
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

    private void Finish(DropReason reason, Annotation annotation, Utf8Text regionId, RegionCounts? label)
    {
        _rows.Of<RejectedRow, RejectedTable>().Add(new RejectedRow
        {
            TaskId = _taskId,
            AnnotationId = annotation.Id,
            RegionId = regionId,
            Reason = DropReasons.Text(reason),
            Detail = _detail.ToText(arena),
        });
        _tally.Total.CountDropped(reason);
        _tally.Annotator(annotation.AnnotatorId).CountDropped(reason);
        _subdir.CountDropped(reason);
        label?.CountDropped(reason);
    }
}
