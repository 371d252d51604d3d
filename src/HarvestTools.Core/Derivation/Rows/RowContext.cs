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

    /// <summary>
    /// The common columns of a row that a group gives; <paramref name="frame"/> is the frame of the row, which for videos is
    /// not the task's.
    /// </summary>
    public RowKey Key(in Group group, long frame)
    {
        ref readonly Candidate lead = ref CollectionsMarshal.AsSpan(Candidates)[group.Members[0]];
        Medium medium = Media.All[lead.Medium];
        ImageSize? size = ImageSize.Of(lead.Region);
        return new RowKey
        {
            TaskSubdir = medium.Fields.TaskSubdir,
            Episode = medium.Fields.Episode,
            Frame = frame,
            TaskId = TaskId,
            AnnotationId = Annotations[lead.Annotation].Id,
            RegionId = lead.Region.Id,
            Label = lead.Label,
            Origin = Origin(lead.Region),
            Annotators = group.Annotators,
            AnnotatorIds = _ids.Of(group, Candidates, Annotations),
            Agreement = group.Agreement,
            Weight = 1,
            Media = medium.Link,
            ToName = OrEmpty(lead.Region.ToName),
            ItemIndex = medium.ItemIndexOf(lead.Region),
            FromName = OrEmpty(lead.Control),
            ImageWidth = Whole(size?.Width),
            ImageHeight = Whole(size?.Height),
        };
    }

    private static Utf8Text OrEmpty(Utf8Text text) => text.IsAbsent ? Utf8Text.Empty : text;

    // The parser refuses sizes that do not fit.
    private static int? Whole(double? size) => size is { } known ? (int)Math.Round(known, MidpointRounding.AwayFromZero) : null;

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
