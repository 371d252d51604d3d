using HarvestTools.Tests.Tables;
using System.Globalization;
using HarvestTools.Derivation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>Builds label tasks by hand, in the words of a labeling UI.</summary>
internal sealed class TaskBuilder
{
    public const string DefaultData = """{"task_subdir":"t","episode":"e","frame":7}""";

    public TaskBuilder(long? id = 1, string data = DefaultData)
    {
        Task.Labels.Id = id;
        Task.Labels.Data = Utf8Text.From(data);
        At(ordinal: 1);
    }

    public ExportTask Task { get; } = new();

    /// <summary>Says where the task is in its file.</summary>
    public TaskBuilder At(long ordinal, long line = 1, long byteOffset = 0)
    {
        Task.Place = new TaskPlace("", ordinal, byteOffset, line, Task.Labels.Id);
        return this;
    }

    public AnnotationBuilder By(long? annotator, long? id = null)
    {
        Annotation annotation = Task.AddAnnotation(out AnnotationExtras extras);
        annotation.Id = id ?? 100 + Task.Labels.Annotations.Count;
        annotation.AnnotatorId = annotator;
        return new AnnotationBuilder(annotation, extras);
    }

    public Derived Derive(HarvestRules? rules = null, FieldMapping? fields = null, Tally? tally = null)
    {
        var derived = new Derived(tally ?? new Tally());
        new TaskDeriver(rules ?? HarvestRules.Default, fields ?? FieldMapping.Default, DerivationVersion.Current).Derive(Task, derived.Rows, derived.Tally);
        return derived;
    }
}

/// <summary>The sorted rows of one derivation and its tally.</summary>
internal sealed record Derived(Tally Tally)
{
    public TaskRows Rows { get; } = new();

    public List<KeypointRow> Keypoints => Sorted<KeypointRow, KeypointTable>();

    public List<BoxRow> Boxes => Sorted<BoxRow, BoxTable>();

    public List<ActionRow> Actions => Sorted<ActionRow, ActionTable>();

    public List<PolygonRow> Polygons => Sorted<PolygonRow, PolygonTable>();

    public List<ChoiceRow> Choices => Sorted<ChoiceRow, ChoiceTable>();

    public List<RejectedRow> Rejected => Sorted<RejectedRow, RejectedTable>();

    public string[] Reasons => [.. Rejected.Select(static r => r.Reason.ToString()).Order(StringComparer.Ordinal)];

    private List<TRow> Sorted<TRow, TTable>()
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        List<TRow> rows = TaskTables.ToList(Rows.Of<TRow, TTable>());
        rows.Sort(static (a, b) => TTable.Compare(a, b));
        return rows;
    }

    /// <summary>Every column of every row as text, so that two derivations compare whole.</summary>
    public string[] Print() =>
    [
        .. Keypoints.Select(static r => Invariant($"keypoint {Key(r.Key)} parent={r.ParentId} {r.X} {r.Y} {r.XPct} {r.YPct} {r.Attributes}")),
        .. Boxes.Select(static r => Invariant($"box {Key(r.Key)} {r.X} {r.Y} {r.Width} {r.Height} {r.XPct} {r.YPct} {r.WidthPct} {r.HeightPct} {r.Rotation} {r.Interpolated} {r.Attributes}")),
        .. Actions.Select(static r => Invariant($"action {Key(r.Key)} {r.Start} {r.End} {r.Boundary} {r.Attributes}")),
        .. Polygons.Select(static r => Invariant($"polygon {Key(r.Key)} {List(r.Points)} {List(r.PointsPct)} {r.Closed} {r.Attributes}")),
        .. Choices.Select(static r => Invariant($"choice {Key(r.Key)} {r.Value} {r.Attributes}")),
        .. Rejected.Select(static r => Invariant($"rejected {r.TaskId} {r.AnnotationId} {r.RegionId} {r.Reason} {r.Detail}")),
    ];

    private static string Key(in RowKey k) =>
        Invariant($"{k.TaskSubdir}/{k.Episode}/{k.Frame} {k.TaskId} {k.AnnotationId} {k.RegionId} {k.Label} {k.Origin} n={k.Annotators} by={k.AnnotatorIds} d={k.Agreement} w={k.Weight} media={k.Media} to_name={k.ToName} item_index={k.ItemIndex} from_name={k.FromName} {k.ImageWidth}x{k.ImageHeight}");

    private static string List(DoubleList list) =>
        string.Join(',', Enumerable.Range(0, list.Count).Select(i => list[i].ToString(CultureInfo.InvariantCulture)));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Adds regions to one annotation; sizes default to a 1000 x 500 image.</summary>
internal sealed class AnnotationBuilder(Annotation annotation, AnnotationExtras extras)
{
    public Annotation Annotation { get; } = annotation;

    public AnnotationExtras Extras { get; } = extras;

    public AnnotationBuilder Cancelled()
    {
        Annotation.WasCancelled = true;
        return this;
    }

    public AnnotationBuilder GroundTruth()
    {
        Annotation.GroundTruth = true;
        return this;
    }

    public AnnotationBuilder Keypoint(string? id, string label, double x, double y, Action<Region>? more = null) =>
        Region(RegionKind.Keypoint, "keypointlabels", id, label, r =>
        {
            r.X = x;
            r.Y = y;
            more?.Invoke(r);
        });

    public AnnotationBuilder Box(
        string? id, string label, double x, double y, double width, double height, double rotation = 0, Action<Region>? more = null) =>
        Region(RegionKind.Rectangle, "rectanglelabels", id, label, r =>
        {
            r.X = x;
            r.Y = y;
            r.Width = width;
            r.Height = height;
            r.Rotation = rotation;
            more?.Invoke(r);
        });

    public AnnotationBuilder Segment(string? id, string label, long? start, long? end, Action<Region>? more = null) =>
        Region(RegionKind.Timeline, "timelinelabels", id, label, r =>
        {
            Unsized(r);
            r.Ranges.Add(new FrameRange(start, end));
            more?.Invoke(r);
        });

    public AnnotationBuilder Track(string? id, string label, long? framesCount, KeyFrame[] keys, Action<Region>? more = null) =>
        Region(RegionKind.Track, "videorectangle", id, label, r =>
        {
            Unsized(r);
            r.FramesCount = framesCount;
            r.KeyFrames.AddRange(keys);
            more?.Invoke(r);
        });

    public AnnotationBuilder Item(RegionKind kind, string type, string? id, string value, string fromName = "control", Action<Region>? change = null) =>
        Region(kind, type, id, null, r =>
        {
            r.FromName = Utf8Text.From(fromName);
            r.Value = Utf8Text.From(value);
            change?.Invoke(r);
        });

    public AnnotationBuilder Region(RegionKind kind, string type, string? id, string? label, Action<Region>? more = null)
    {
        Region region = Annotation.AddRegion();
        region.Kind = kind;
        region.Type = Utf8Text.From(type);
        region.Id = Utf8Text.From(id);
        region.FromName = Utf8Text.From("control");
        region.ToName = Utf8Text.From("image");
        region.Origin = Utf8Text.From("manual");
        region.OriginalWidth = 1000;
        region.OriginalHeight = 500;
        if (label is not null)
        {
            region.HasLabelList = true;
            region.Labels.Add(Utf8Text.From(label));
        }

        more?.Invoke(region);
        return this;
    }

    public static KeyFrame Key(long frame, double x, double y, double width = 10, double height = 10, bool? enabled = true, double? rotation = 0) =>
        new(frame, enabled, x, y, width, height, rotation, null);

    private static void Unsized(Region region)
    {
        region.OriginalWidth = null;
        region.OriginalHeight = null;
    }
}
