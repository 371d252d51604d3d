using System.Runtime.InteropServices;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Filters;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Rows;

/// <summary>
/// The derivation of one task's labels: annotations are filtered, then regions, then annotators are compared, and what
/// remains becomes rows (docs/derivation.md). It is given what the label hash covers and nothing else, so that equal label
/// hashes give equal rows. One a worker: it reuses its lists from task to task.
/// </summary>
internal sealed class LabelDeriver
{
    private readonly long _framesMax;
    private readonly RowContext _context;
    private readonly TaskMedia _media;
    private readonly TextArena _arena = new();
    private readonly TaskCounts _counts;
    private readonly Rejections _rejections;
    private readonly RegionAttributes _attributes;
    private readonly RegionFilter _regions;
    private readonly ChoiceFilter _choices;
    private readonly TrackRows _tracks = new();
    private readonly PolygonRows _polygons;
    private readonly Agreement _agreement;
    private readonly List<int> _members = [];
    private readonly HashSet<long> _met = [];
    private RowTables? _tables;

    /// <param name="rules">The rules in force.</param>
    /// <param name="fields">Where key columns and media come from.</param>
    /// <param name="derivation">What the rules mean.</param>
    /// <param name="config">The labeling configuration that was archived with the export; null where none was.</param>
    public LabelDeriver(HarvestRules rules, FieldMapping fields, DerivationVersion derivation, LabelConfig? config)
    {
        _framesMax = derivation.Limits.TaskFramesMax;
        _media = new TaskMedia(fields, config, _arena);
        _context = new RowContext(rules, _media, _arena);
        _counts = new TaskCounts(_media);
        _rejections = new Rejections(_counts);
        _attributes = new RegionAttributes(_rejections);
        _regions = new RegionFilter(rules, _rejections, _attributes, _media, config, _arena);
        _polygons = new PolygonRows(_arena);
        _choices = new ChoiceFilter(rules, _rejections, _attributes, _media, config, _arena);
        _agreement = new Agreement(rules, derivation.Limits);
    }

    /// <summary>The annotations of the task derived last that count; empty where it has none.</summary>
    public List<Annotation> Kept => _context.Annotations;

    /// <summary>Receives rows that <see cref="OverruledRows"/> is about; null where nobody asks.</summary>
    public OverruledList? Overruled { get; init; }

    /// <summary>The media of the task derived last, with its key columns.</summary>
    public TaskMedia Media => _media;

    /// <summary>
    /// Adds the rows of <paramref name="task"/> to <paramref name="rows"/> in no particular order and counts them. The
    /// texts in the rows live as long as the task's buffers, and until the next task.
    /// </summary>
    /// <param name="task">The labels.</param>
    /// <param name="place">For messages.</param>
    /// <param name="rows">Receives the rows.</param>
    /// <param name="tally">Receives the counts.</param>
    /// <exception cref="HarvestException">The task has no id, a frame that is no integer, or covers too many frames.</exception>
    public void Derive(LabelTask task, in TaskPlace place, TaskRows rows, Tally tally)
    {
        _arena.Clear();
        _context.Annotations.Clear();
        tally.Tasks++;
        if (task.Annotations.Count == 0)
        {
            tally.Unlabeled++;
            return;
        }

        long taskId = task.Id ?? throw RowErrors.TaskWithoutId(place);
        _media.Begin(task, place, tally);
        foreach (Medium medium in _media.All)
        {
            if (medium.HasPath && medium.Fields.Origins.IsGuessed)
            {
                tally.Guessed.Add(taskId, medium.Fields.TaskSubdir, medium.Fields.Episode, medium.Fields.Frame, medium.ToName, medium.Index);
            }
        }

        _tables = _tables?.Rows == rows ? _tables : new RowTables(rows);
        _context.Begin(taskId);
        _rejections.Begin(taskId, rows, tally);
        AnnotationFilter.Apply(task, _context.Rules, _rejections, tally, _met, _context.Annotations);
        _context.Annotators.Clear();
        foreach (Annotation annotation in _context.Annotations)
        {
            _context.Annotators.Add(tally.Annotator(annotation.AnnotatorId));
        }

        _attributes.Begin(_context.Annotations);
        _regions.Begin(place);
        for (int i = 0; i < _context.Annotations.Count; i++)
        {
            _regions.Apply(task, _context.Annotations[i], i, tally, _context.Candidates);
        }

        _choices.Apply(_context.Annotations, place, _context.Candidates, tally);
        CheckLength(place);
        Keep(tally);
        _attributes.Finish(_context.Annotations, tally);
        tally.CountRows(rows);
    }

    /// <summary>
    /// Rejects the annotations of a task that stands in another export of the slice too, which wins; nothing of it
    /// becomes a row, so that no region counts twice.
    /// </summary>
    /// <exception cref="HarvestException">The frame is no integer.</exception>
    public void Yield(LabelTask task, in TaskPlace place, long taskId, TaskRows rows, Tally tally)
    {
        _arena.Clear();
        tally.Tasks++;
        _media.Begin(task, place, tally);
        _rejections.Begin(taskId, rows, tally);
        _met.Clear();
        foreach (Annotation annotation in task.Annotations)
        {
            if (AnnotationFilter.IsRepeated(annotation, _met))
            {
                tally.RepeatedAnnotations++;
                continue;
            }

            tally.Annotations++;
            tally.Regions += annotation.Regions.Count;
            _rejections.Add(DropReason.Superseded, annotation, "another export of the slice has the task, and wins"u8);
        }

        tally.CountRows(rows);
    }

    private void Keep(Tally tally)
    {
        _agreement.Begin(_context.Annotations);
        if (_agreement.Annotators > 1)
        {
            KeepAgreed(tally);
            return;
        }

        for (int i = 0; i < _context.Candidates.Count; i++)
        {
            KeepAlone(i, tally);
        }
    }

    private void KeepAgreed(Tally tally)
    {
        _agreement.Match(_context.Annotations, _context.Candidates);
        tally.SizeConflicts += _agreement.SizeConflicts;
        for (int position = 0; position < _agreement.Count; position++)
        {
            switch (_agreement.VerdictOf(position))
            {
                case Verdict.Alone:
                    KeepAlone(_agreement.Candidate(position), tally);
                    break;
                case Verdict.Disagreed:
                    Reject(
                        DropReason.Disagreement,
                        _agreement.Candidate(position),
                        _agreement.NearestOf(position),
                        _agreement.UnitOf(position),
                        _agreement.SizesOf(position));
                    break;
                case Verdict.Agreed when _agreement.IsLead(position):
                    _members.Clear();
                    _agreement.Members(position, _members);
                    (int annotators, double? distance) = _agreement.Summary(position);
                    Emit(new Group(CollectionsMarshal.AsSpan(_members), annotators, distance), tally);
                    break;
            }
        }
    }

    /// <summary>What one person alone labelled counts, unless the rules ask for two.</summary>
    private void KeepAlone(int candidate, Tally tally)
    {
        if (_context.Rules.RequireTwoAnnotators)
        {
            Reject(DropReason.SingleAnnotator, candidate, null, default, default);
        }
        else
        {
            Emit(new Group([candidate], 1, null), tally);
        }
    }

    private void Reject(DropReason reason, int index, double? nearest, ReadOnlySpan<byte> unit, ReadOnlySpan<ImageSize> sizes)
    {
        ref readonly Candidate candidate = ref CollectionsMarshal.AsSpan(_context.Candidates)[index];
        _rejections.Add(reason, _context.Annotations[candidate.Annotation], candidate, nearest, unit, sizes);
        if (_attributes.Any)
        {
            _attributes.MarkDropped(_attributes.Of(candidate.Annotation, candidate.Region), reason);
        }
    }

    private void Emit(Group group, Tally tally)
    {
        Span<Candidate> candidates = CollectionsMarshal.AsSpan(_context.Candidates);
        ref Candidate lead = ref candidates[group.Members[0]];
        long added = lead.Kind switch
        {
            RegionKind.Keypoint => KeypointRows.Add(_context, group, _tables!.Keypoints),
            RegionKind.Timeline => ActionRows.Add(_context, group, _tables!.Actions),
            RegionKind.Track => _tracks.Add(_context, group, _tables!.Boxes),
            RegionKind.Polygon => _polygons.Add(_context, group, _tables!.Polygons),
            RegionKind.Attribute => ChoiceRows.Add(_context, group, _tables!.Choices),
            _ => BoxRows.Add(_context, group, _tables!.Boxes),
        };
        RegionCounts label = _counts.Label(lead.Label);
        RegionCounts subdir = _counts.Subdir(lead.Medium);
        label.Rows += added;
        label.Kept += group.Members.Length;
        subdir.Rows += added;
        subdir.Kept += group.Members.Length;
        tally.Total.Rows += added;
        tally.Total.Kept += group.Members.Length;
        _context.Annotators[lead.Annotation].Rows += added;
        if (group.Members.Length > 1 && lead.Region.Origin.Is("prediction"u8))
        {
            CountOverruled(group, added);
        }

        foreach (int member in group.Members)
        {
            ref Candidate kept = ref candidates[member];
            _context.Annotators[kept.Annotation].Kept++;
            if (_attributes.Any)
            {
                _attributes.MarkKept(_attributes.Of(kept.Annotation, kept.Region));
            }
        }
    }

    /// <summary>A row has the origin of its lead, though the labels of all who agree are in it.</summary>
    private void CountOverruled(Group group, long rows)
    {
        Span<Candidate> candidates = CollectionsMarshal.AsSpan(_context.Candidates);
        foreach (int member in group.Members)
        {
            ref Candidate other = ref candidates[member];
            if (!other.Region.Origin.Is("prediction"u8))
            {
                int medium = candidates[group.Members[0]].Medium;
                _counts.Episode(medium).AddOverruled(rows);
                Overruled?.Add(_context.TaskId, _context.Annotations[other.Annotation], _media.All[medium].Fields, rows);
                return;
            }
        }
    }

    private void CheckLength(in TaskPlace place)
    {
        long frames = 0;
        foreach (ref readonly Candidate candidate in CollectionsMarshal.AsSpan(_context.Candidates))
        {
            if (candidate.Kind == RegionKind.Timeline)
            {
                frames = FrameCount.AddRange(frames, candidate.Start, candidate.End);
            }
            else if (candidate.Kind == RegionKind.Track)
            {
                frames = FrameCount.Add(
                    frames,
                    _context.Rules.InterpolateTracks ? TrackInterpolation.CountVisible(candidate.Region) : candidate.Region.KeyFrames.Count);
            }

            if (frames > _framesMax)
            {
                throw RowErrors.TooManyFrames(place, candidate.Region.Id.ToString(), frames, _framesMax);
            }
        }
    }
}
