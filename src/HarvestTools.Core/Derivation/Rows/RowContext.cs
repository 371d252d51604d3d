using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Rows;

/// <summary>What the row writers need of the task at hand.</summary>
internal sealed class RowContext(HarvestRules rules)
{
    private static readonly Utf8Text Manual = Utf8Text.From("manual");

    public HarvestRules Rules { get; } = rules;

    public List<Candidate> Candidates { get; } = [];

    public List<Annotation> Annotations { get; } = [];

    /// <summary>The counters of each annotation's annotator, looked up once.</summary>
    public List<RegionCounts> Annotators { get; } = [];

    public long TaskId { get; set; }

    public TaskFields Fields { get; set; }

    /// <summary>
    /// The key columns of a row that <paramref name="lead"/> stands for; <paramref name="frame"/> is the frame of the row,
    /// which for videos is not the task's.
    /// </summary>
    public RowKey Key(in Candidate lead, long frame, int annotators, double? agreement) => new()
    {
        TaskSubdir = Fields.TaskSubdir,
        Episode = Fields.Episode,
        Frame = frame,
        TaskId = TaskId,
        AnnotationId = Annotations[lead.Annotation].Id,
        RegionId = lead.Region.Id,
        Label = lead.Label,
        Origin = Origin(lead.Region),
        Annotators = annotators,
        Agreement = agreement,
        Weight = 1,
    };

    /// <summary>Files from before origins were recorded hold what a person drew.</summary>
    public static Utf8Text Origin(Region region) => region.Origin.IsEmptyOrAbsent ? Manual : region.Origin;
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
