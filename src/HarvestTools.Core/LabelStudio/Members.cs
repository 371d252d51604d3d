using System.Text;

namespace HarvestTools.LabelStudio;

/// <summary>Members of a task, and those by which something else is told from a task.</summary>
internal enum TaskMember
{
    None,
    Id,
    Data,
    Annotations,

    /// <summary>What annotations were called before Label Studio 1.0.</summary>
    Completions,
    Drafts,
    Predictions,
    Project,

    /// <summary>How many annotations Label Studio has of the task, whether or not the file has them.</summary>
    TotalAnnotations,

    /// <summary>When the task, or an annotation, was changed last.</summary>
    UpdatedAt,

    /// <summary>Only a prediction or an annotation has its result at the top.</summary>
    Result,

    /// <summary>Only JSON-MIN has an annotation's members at the top.</summary>
    AnnotationField,
}

/// <summary>Members of an annotation; old names are the same member.</summary>
internal enum AnnotationMember
{
    None,
    Id,
    CompletedBy,
    Result,
    WasCancelled,
    GroundTruth,
    Project,
    ParentPrediction,
    ParentAnnotation,
    Prediction,
    CreatedAt,
    UpdatedAt,
}

/// <summary>
/// Members of a result item, in the order of the canonical text (RFC 8785). The label hash covers every one of this list
/// and no other: what a region is read from is what its hash sees.
/// </summary>
internal enum RegionMember
{
    None,
    FromName,
    Id,
    ItemIndex,
    Meta,
    Origin,
    OriginalHeight,
    OriginalWidth,
    ParentId,
    ToName,
    Type,
    Value,

    /// <summary>One more than the last.</summary>
    Count,
}

/// <summary>Members of a prediction.</summary>
internal enum PredictionMember
{
    None,
    Id,
    ModelVersion,
    Result,
}

/// <summary>Members of a region's value, of its key frames and of its ranges.</summary>
internal enum ValueMember
{
    None,
    X,
    Y,
    Width,
    Height,
    Rotation,
    Labels,
    KeypointLabels,
    RectangleLabels,
    TimelineLabels,
    PolygonLabels,
    Points,
    Closed,
    Sequence,
    Ranges,
    FramesCount,
    Duration,
    Frame,
    Enabled,
    Auto,
    Time,
    Start,
    End,

    /// <summary>One more than the last.</summary>
    Count,
}

/// <summary>
/// The names of all members of Label Studio's JSON that mean something here, and the only place where they are spelled.
/// Lengths are looked at first, because most members of an export are none of these.
/// </summary>
internal static class Members
{
    public const string Id = "id";
    public const string Type = "type";
    public const string Data = "data";
    public const string Annotations = "annotations";
    public const string Completions = "completions";
    public const string Predictions = "predictions";
    public const string CompletedBy = "completed_by";
    public const string Project = "project";
    public const string Result = "result";
    public const string WasCancelled = "was_cancelled";
    public const string GroundTruth = "ground_truth";
    public const string ItemIndex = "item_index";
    public const string ToName = "to_name";
    public const string Drafts = "drafts";
    public const string Meta = "meta";

    /// <summary>What skipped annotations were marked by before Label Studio 1.0.</summary>
    public const string Skipped = "skipped";
    public const string FromId = "from_id";
    public const string ToId = "to_id";
    public const string OriginalWidth = "original_width";
    public const string OriginalHeight = "original_height";
    public const string Value = "value";
    public const string X = "x";
    public const string Y = "y";
    public const string Width = "width";
    public const string Height = "height";
    public const string Rotation = "rotation";
    public const string Points = "points";
    public const string Closed = "closed";
    public const string Sequence = "sequence";
    public const string Ranges = "ranges";
    public const string FramesCount = "framesCount";
    public const string Duration = "duration";
    public const string Frame = "frame";
    public const string Enabled = "enabled";
    public const string Auto = "auto";
    public const string Time = "time";
    public const string Start = "start";
    public const string End = "end";

    /// <summary>What tells the entries of a list apart: a region's attributes repeat its id, and only the type differs.</summary>
    public static IReadOnlyList<string> EntryKey { get; } = [Id, Type];

    public static TaskMember OfTask(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => TaskMember.Id,
        4 when name.SequenceEqual("data"u8) => TaskMember.Data,
        6 when name.SequenceEqual("drafts"u8) => TaskMember.Drafts,
        6 when name.SequenceEqual("result"u8) => TaskMember.Result,
        7 when name.SequenceEqual("project"u8) => TaskMember.Project,
        9 when name.SequenceEqual("annotator"u8) || name.SequenceEqual("lead_time"u8) => TaskMember.AnnotationField,
        10 when name.SequenceEqual("updated_at"u8) => TaskMember.UpdatedAt,
        11 when name.SequenceEqual("annotations"u8) => TaskMember.Annotations,
        11 when name.SequenceEqual("completions"u8) => TaskMember.Completions,
        11 when name.SequenceEqual("predictions"u8) => TaskMember.Predictions,
        13 when name.SequenceEqual("annotation_id"u8) => TaskMember.AnnotationField,
        17 when name.SequenceEqual("total_annotations"u8) => TaskMember.TotalAnnotations,
        _ => TaskMember.None,
    };

    public static AnnotationMember OfAnnotation(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => AnnotationMember.Id,
        6 when name.SequenceEqual("result"u8) => AnnotationMember.Result,
        7 when name.SequenceEqual("skipped"u8) => AnnotationMember.WasCancelled,
        7 when name.SequenceEqual("project"u8) => AnnotationMember.Project,
        8 when name.SequenceEqual("honeypot"u8) => AnnotationMember.GroundTruth,
        10 when name.SequenceEqual("prediction"u8) => AnnotationMember.Prediction,
        10 when name.SequenceEqual("updated_at"u8) => AnnotationMember.UpdatedAt,
        10 when name.SequenceEqual("created_at"u8) => AnnotationMember.CreatedAt,
        12 when name.SequenceEqual("completed_by"u8) => AnnotationMember.CompletedBy,
        12 when name.SequenceEqual("ground_truth"u8) => AnnotationMember.GroundTruth,
        13 when name.SequenceEqual("was_cancelled"u8) => AnnotationMember.WasCancelled,
        17 when name.SequenceEqual("parent_prediction"u8) => AnnotationMember.ParentPrediction,
        17 when name.SequenceEqual("parent_annotation"u8) => AnnotationMember.ParentAnnotation,
        _ => AnnotationMember.None,
    };

    public static RegionMember OfRegion(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => RegionMember.Id,
        4 when name.SequenceEqual("type"u8) => RegionMember.Type,
        4 when name.SequenceEqual("meta"u8) => RegionMember.Meta,
        5 when name.SequenceEqual("value"u8) => RegionMember.Value,
        6 when name.SequenceEqual("origin"u8) => RegionMember.Origin,
        7 when name.SequenceEqual("to_name"u8) => RegionMember.ToName,
        8 when name.SequenceEqual("parentID"u8) => RegionMember.ParentId,
        9 when name.SequenceEqual("from_name"u8) => RegionMember.FromName,
        10 when name.SequenceEqual("item_index"u8) => RegionMember.ItemIndex,
        14 when name.SequenceEqual("original_width"u8) => RegionMember.OriginalWidth,
        15 when name.SequenceEqual("original_height"u8) => RegionMember.OriginalHeight,
        _ => RegionMember.None,
    };

    public static PredictionMember OfPrediction(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => PredictionMember.Id,
        6 when name.SequenceEqual("result"u8) => PredictionMember.Result,
        13 when name.SequenceEqual("model_version"u8) => PredictionMember.ModelVersion,
        _ => PredictionMember.None,
    };

    public static ValueMember OfValue(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 when name[0] == 'x' => ValueMember.X,
        1 when name[0] == 'y' => ValueMember.Y,
        3 when name.SequenceEqual("end"u8) => ValueMember.End,
        4 when name.SequenceEqual("auto"u8) => ValueMember.Auto,
        4 when name.SequenceEqual("time"u8) => ValueMember.Time,
        5 when name.SequenceEqual("width"u8) => ValueMember.Width,
        5 when name.SequenceEqual("frame"u8) => ValueMember.Frame,
        5 when name.SequenceEqual("start"u8) => ValueMember.Start,
        6 when name.SequenceEqual("height"u8) => ValueMember.Height,
        6 when name.SequenceEqual("labels"u8) => ValueMember.Labels,
        6 when name.SequenceEqual("points"u8) => ValueMember.Points,
        6 when name.SequenceEqual("closed"u8) => ValueMember.Closed,
        6 when name.SequenceEqual("ranges"u8) => ValueMember.Ranges,
        7 when name.SequenceEqual("enabled"u8) => ValueMember.Enabled,
        8 when name.SequenceEqual("rotation"u8) => ValueMember.Rotation,
        8 when name.SequenceEqual("sequence"u8) => ValueMember.Sequence,
        8 when name.SequenceEqual("duration"u8) => ValueMember.Duration,
        11 when name.SequenceEqual("framesCount"u8) => ValueMember.FramesCount,
        13 when name.SequenceEqual("polygonlabels"u8) => ValueMember.PolygonLabels,
        14 when name.SequenceEqual("keypointlabels"u8) => ValueMember.KeypointLabels,
        14 when name.SequenceEqual("timelinelabels"u8) => ValueMember.TimelineLabels,
        15 when name.SequenceEqual("rectanglelabels"u8) => ValueMember.RectangleLabels,
        _ => ValueMember.None,
    };

    /// <summary>Whether a member of a value is a list of labels of some tag, also of one that gives no rows (brushlabels).</summary>
    public static bool IsLabelList(ReadOnlySpan<byte> name) => name.EndsWith("labels"u8) && !name.Contains((byte)'.');

    /// <summary>The beginning of a region's member as the canonical text has it: the name in quotes and a colon.</summary>
    public static ReadOnlySpan<byte> Opening(RegionMember member) => member switch
    {
        RegionMember.FromName => "\"from_name\":"u8,
        RegionMember.Id => "\"id\":"u8,
        RegionMember.ItemIndex => "\"item_index\":"u8,
        RegionMember.Meta => "\"meta\":"u8,
        RegionMember.Origin => "\"origin\":"u8,
        RegionMember.OriginalHeight => "\"original_height\":"u8,
        RegionMember.OriginalWidth => "\"original_width\":"u8,
        RegionMember.ParentId => "\"parentID\":"u8,
        RegionMember.ToName => "\"to_name\":"u8,
        RegionMember.Type => "\"type\":"u8,
        _ => "\"value\":"u8,
    };

    /// <summary>The name of a region's member without quotes.</summary>
    public static ReadOnlySpan<byte> NameOf(RegionMember member) => Opening(member)[1..^2];

    /// <summary>The name of a region's member, for paths and messages.</summary>
    public static string TextOf(RegionMember member) => Encoding.UTF8.GetString(NameOf(member));
}
