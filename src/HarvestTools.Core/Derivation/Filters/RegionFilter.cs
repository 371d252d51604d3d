using System.Runtime.InteropServices;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Filters;

/// <summary>Step 3: which regions of an annotation can give rows; each of their labels becomes a candidate.</summary>
internal sealed class RegionFilter(HarvestRules rules, Rejections rejections, RegionAttributes attributes, TaskMedia media, LabelConfig? config, TextArena arena)
{
    private readonly LabelSet _labels = new();
    private readonly RepeatedItems _repeated = new();
    private TaskPlace _place;
    private long? _lastFrame;

    // Of equal texts the same piece is taken: candidates and rows are compared by it, mostly without a look at its bytes.
    private Utf8Text _control;
    private Region? _lastFrameOf;

    /// <param name="place">The task's, for messages.</param>
    public void Begin(in TaskPlace place)
    {
        _place = place;
        _lastFrameOf = null;
        _control = default;
    }

    public void Apply(LabelTask task, Annotation annotation, int index, Tally tally, List<Candidate> candidates)
    {
        int from = candidates.Count;
        _repeated.Begin(annotation);
        foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
        {
            if (RegionAttributes.Is(region))
            {
                continue;
            }

            RegionAttributes.ItemRange ofRegion = attributes.Any ? attributes.Of(index, region) : default;
            if (Add(task, annotation, region, index, ofRegion, tally, candidates) is { } reason)
            {
                attributes.MarkDropped(ofRegion, reason);
            }
        }

        _repeated.Merge(candidates, from);
    }

    private DropReason? Add(
        LabelTask task, Annotation annotation, Region region, int index, RegionAttributes.ItemRange ofRegion, Tally tally, List<Candidate> candidates)
    {
        if (!region.IsShape)
        {
            return Drop(DropReason.UnsupportedType, annotation, region, "this type gives no rows"u8);
        }

        if (media.IsExcluded(region, rules.Exclude))
        {
            return Drop(DropReason.Excluded, annotation, region, "the episode is left out"u8);
        }

        _labels.Clear();
        _labels.Add(region);
        if (ofRegion.Start != ofRegion.End)
        {
            attributes.AddLabels(ofRegion, _labels);
        }

        if (_labels.Count == 0)
        {
            // The other item's candidates stand for the region.
            return _repeated.IsLabelledElsewhere(region) ? null : Drop(
                DropReason.NoLabel,
                annotation,
                region,
                region.Labels.Count > 0 ? "the label is empty"u8 : region.HasLabelList ? "empty list of labels"u8 : "no list of labels"u8);
        }

        // Candidates are large and many: what is most of them is filled where it is kept.
        int place = candidates.Count;
        ref Candidate candidate = ref TaskRows.Add(candidates);
        candidate.Annotation = index;
        candidate.Region = region;
        candidate.Kind = region.Kind;
        candidate.Medium = media.IndexOf(region);
        ReadOnlySpan<byte> missing = Geometry(region, ref candidate);
        if (missing.Length > 0)
        {
            candidates.RemoveAt(place);
            return Drop(DropReason.NoGeometry, annotation, region, missing);
        }

        // Only the origin tells: predictions may be absent from an export that has the same labels.
        if (!rules.AcceptUntouched && region.Origin.Is("prediction"u8))
        {
            candidates.RemoveAt(place);
            return Drop(DropReason.UntouchedPrediction, annotation, region, "origin=prediction"u8);
        }

        if (config is not null)
        {
            CheckLabels(config, tally);
        }

        if (ofRegion.Start != ofRegion.End)
        {
            candidate.Attributes = Attributes(region, ofRegion);
        }

        CountOddities(region, tally);
        if (region.Kind != RegionKind.Timeline)
        {
            SetLabels(place, candidates);
            return null;
        }

        Candidate segment = candidate;
        candidates.RemoveAt(place);
        return AddRanges(task, annotation, segment, candidates);
    }

    private DropReason? AddRanges(LabelTask task, Annotation annotation, Candidate segment, List<Candidate> candidates)
    {
        DropReason? dropped = null;
        foreach (FrameRange range in segment.Region.Ranges)
        {
            // The earliest reason, not that of the last range.
            dropped = AddRange(task, annotation, segment.Region, range, segment, candidates) is { } reason && !(dropped <= reason) ? reason : dropped;
        }

        return dropped;
    }

    /// <summary>Counts labels that the labeling configuration does not have: renamed since, or from another project.</summary>
    private void CheckLabels(LabelConfig known, Tally tally)
    {
        for (int i = 0; i < _labels.Count; i++)
        {
            (Utf8Text control, Utf8Text label) = _labels[i];
            if (known.Knows(control.Span, label.Span) is LabelKnowledge.Unknown or LabelKnowledge.NoSuchControl)
            {
                tally.AddUnknownLabel(control.Span, label.Span);
            }
        }
    }

    private Utf8Text Attributes(Region region, RegionAttributes.ItemRange ofRegion)
    {
        try
        {
            return attributes.Attributes(ofRegion, arena);
        }
        catch (CanonicalJsonException e)
        {
            throw RowErrors.AttributeUnusable(_place, region.Id.ToString(), e.Message);
        }
    }

    /// <summary>Makes of a candidate one a label; a label listed twice is still one.</summary>
    private void SetLabels(int place, List<Candidate> candidates)
    {
        for (int i = 0; i < _labels.Count; i++)
        {
            if (i > 0)
            {
                candidates.Add(candidates[place]);
            }

            ref readonly (Utf8Text Control, Utf8Text Label) one = ref _labels.All[i];
            if (_control != one.Control)
            {
                _control = one.Control;
            }

            ref Candidate candidate = ref CollectionsMarshal.AsSpan(candidates)[^1];
            candidate.Control = _control;
            candidate.Label = one.Label;
        }
    }

    private DropReason? AddRange(
        LabelTask task, Annotation annotation, Region region, FrameRange range, Candidate candidate, List<Candidate> candidates)
    {
        // As the editor shows them (TimelineRegion.js, rangeToSequence): neither end is no range, only an end is that one
        // frame, and only a start runs to the video's last frame, if anything says which that is.
        if (range is { Start: null, End: null })
        {
            rejections.Add(DropReason.NoGeometry, annotation, region, range, "neither a start nor an end"u8);
            return DropReason.NoGeometry;
        }

        candidate.Start = range.Start ?? range.End!.Value;
        long? end = range.End ?? LastFrame(task, region);
        if (end is null)
        {
            rejections.Add(DropReason.OpenEnd, annotation, region, range, "the video's length is unknown"u8);
            return DropReason.OpenEnd;
        }

        candidate.End = end.Value;
        if (candidate.Start > candidate.End)
        {
            rejections.Add(DropReason.NoGeometry, annotation, region, range, "starts after its end"u8);
            return DropReason.NoGeometry;
        }

        candidates.Add(candidate);
        SetLabels(candidates.Count - 1, candidates);
        return null;
    }

    private DropReason Drop(DropReason reason, Annotation annotation, Region region, ReadOnlySpan<byte> why)
    {
        rejections.Add(reason, annotation, region, why);
        return reason;
    }

    /// <summary>Fills in the geometry, adding 0.0 so that no negative zero reaches a row; tells what is missing.</summary>
    private static ReadOnlySpan<byte> Geometry(Region region, ref Candidate candidate)
    {
        switch (region.Kind)
        {
            case RegionKind.Keypoint:
                if (region.X is not { } x || region.Y is not { } y)
                {
                    return "no x or y"u8;
                }

                candidate.X = x + 0.0;
                candidate.Y = y + 0.0;
                return default;
            case RegionKind.Rectangle:
                if (region.X is not { } left || region.Y is not { } top || region.Width is not { } width || region.Height is not { } height)
                {
                    return "no x, y, width or height"u8;
                }

                candidate.X = left + 0.0;
                candidate.Y = top + 0.0;
                candidate.Width = width + 0.0;
                candidate.Height = height + 0.0;
                candidate.Rotation = (region.Rotation ?? 0) + 0.0;
                return default;
            case RegionKind.Polygon:
                if (region.Points.Count == 0)
                {
                    return "no points"u8;
                }

                PercentBox bounds = Outline.BoundsOf(region.Points);
                (candidate.X, candidate.Y, candidate.Width, candidate.Height) = (bounds.X, bounds.Y, bounds.Width, bounds.Height);
                return default;
            case RegionKind.Timeline:
                return region.Ranges.Count == 0 ? "no ranges"u8 : default;
            default:
                return TrackInterpolation.Prepare(region, ref candidate);
        }
    }

    private static void CountOddities(Region region, Tally tally)
    {
        bool outside = false;
        if (region.Kind == RegionKind.Track)
        {
            foreach (ref readonly KeyFrame key in CollectionsMarshal.AsSpan(region.KeyFrames))
            {
                outside |= IsOutside(key.X, key.Y, key.Width, key.Height);
            }
        }
        else if (region.Kind != RegionKind.Timeline)
        {
            outside = region.Kind == RegionKind.Polygon ? region.Points.Exists(static point => point is < 0 or > 100) : IsOutside(region.X, region.Y, region.Width, region.Height);
            if (!(region.OriginalWidth > 0 && region.OriginalHeight > 0))
            {
                tally.UnknownSizes++;
            }
        }

        if (outside)
        {
            tally.OutOfRange++;
        }
    }

    private static bool IsOutside(double? x, double? y, double? width, double? height) =>
        IsOutside(x) || IsOutside(y) || IsOutside(width) || IsOutside(height);

    // What is absent is 0 here, which is inside.
    private static bool IsOutside(double? percent) => percent.GetValueOrDefault() is < 0 or > 100;

    /// <summary>
    /// The video's last frame: the largest that any region on it or the task's data has. Asked only where a segment
    /// is open, hence not worked out in advance.
    /// </summary>
    private long? LastFrame(LabelTask task, Region region)
    {
        if (_lastFrameOf is null || !region.IsOnMediumOf(_lastFrameOf))
        {
            _lastFrame = VideoLength.Of(task, region);
            _lastFrameOf = region;
        }

        return _lastFrame;
    }
}
