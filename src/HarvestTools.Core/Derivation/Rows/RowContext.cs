using System.Runtime.InteropServices;
using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Rows;

/// <summary>What the row writers need of the task at hand.</summary>
internal sealed class RowContext(HarvestRules rules, TaskMedia media, TextArena arena)
{
    private static readonly Utf8Text s_manual = Utf8Text.From("manual");

    private readonly AnnotatorIds _ids = new(arena);

    public HarvestRules Rules { get; } = rules;

    public TaskMedia Media { get; } = media;

    public List<Candidate> Candidates { get; } = [];

    public List<Annotation> Annotations { get; } = [];

    /// <summary>The counters of each annotation's annotator, looked up once.</summary>
    public List<RegionCounts> Annotators { get; } = [];

    public long TaskId { get; set; }

    public void Begin(long taskId)
    {
        TaskId = taskId;
        Candidates.Clear();
        _ids.Clear();
    }

    /// <summary>The frame of an image that a candidate is on.</summary>
    public long FrameOf(in Candidate candidate) => Media.All[candidate.Medium].Fields.Frame;

    /// <summary>The common columns of a row that a group gives.</summary>
    /// <param name="key">Receives them. Rows are large and many, so they are filled where they are kept.</param>
    /// <param name="group">What the row is of.</param>
    /// <param name="frame">The frame of the row, which for videos is not the task's.</param>
    public void Fill(out RowKey key, in Group group, long frame)
    {
        ref readonly Candidate lead = ref CollectionsMarshal.AsSpan(Candidates)[group.Members[0]];
        Medium medium = Media.All[lead.Medium];
        ImageSize? size = ImageSize.Of(lead.Region);
        key.TaskSubdir = medium.Fields.TaskSubdir;
        key.Episode = medium.Fields.Episode;
        key.Frame = frame;
        key.TaskId = TaskId;
        key.AnnotationId = Annotations[lead.Annotation].Id;
        key.RegionId = lead.Region.Id;
        key.Label = lead.Label;
        key.Origin = Origin(lead.Region);
        key.Annotators = group.Annotators;
        key.AnnotatorIds = _ids.Of(group, Candidates, Annotations);
        key.Agreement = group.Agreement;
        key.Weight = 1;
        key.Media = medium.Link;

        // Of all regions of the medium the same piece, which is equal at a glance where rows are sorted.
        key.ToName = medium.Tag;
        key.ItemIndex = medium.ItemIndexOf(lead.Region);
        key.FromName = lead.Control.IsAbsent ? Utf8Text.Empty : lead.Control;
        key.ImageWidth = Whole(size?.Width);
        key.ImageHeight = Whole(size?.Height);
    }

    // Halves up. The parser refuses sizes that do not fit, and has none between 0 and a half.
    private static int? Whole(double? size) => size is { } known ? (int)(known + 0.5) : null;

    /// <summary>Files from before origins were recorded hold what a person drew.</summary>
    public static Utf8Text Origin(Region region) => region.Origin.IsEmptyOrAbsent ? s_manual : region.Origin;
}

/// <summary>Candidates that become one row (a row a frame): one, or several annotators' that agree, the lead first.</summary>
internal readonly ref struct Group(ReadOnlySpan<int> members, int annotators, double? agreement)
{
    /// <summary>Indices of the candidates; the first belongs to the annotation with the lowest id.</summary>
    public ReadOnlySpan<int> Members { get; } = members;

    public int Annotators { get; } = annotators;

    /// <summary>The largest distance among them; null for one alone or where no distance in pixels can be told.</summary>
    public double? Agreement { get; } = agreement;
}
