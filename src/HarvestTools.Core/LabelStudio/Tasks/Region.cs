using System.Runtime.CompilerServices;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>What a result item is, told by its type and by what its value holds.</summary>
internal enum RegionKind
{
    /// <summary>A type that gives no rows (ellipse, brush, text span, …).</summary>
    Unsupported,
    Keypoint,
    Rectangle,
    Polygon,

    /// <summary>A segment of a video timeline, told by <c>value.timelinelabels</c> whatever the type says.</summary>
    Timeline,

    /// <summary>A box tracked through a video (<c>videorectangle</c>).</summary>
    Track,

    /// <summary>
    /// Choices, text, a number or a rating: an attribute of the region that has the same id, or where none has, something that
    /// is said of the whole medium.
    /// </summary>
    Attribute,

    /// <summary>
    /// An item of type <c>labels</c>. Where another item has the same id, it holds the labels of that region (the Labels tag
    /// beside a Rectangle, KeyPoint or VideoRectangle tag, which then has no list of its own); else it is a text span.
    /// </summary>
    Labels,

    /// <summary>A link between two regions; it has no id and no value.</summary>
    Relation,
}

/// <summary>
/// Where the members of one item of <c>result[]</c> are: what the label hash walks. Small, since a task of a hundred
/// thousand regions is hashed too.
/// </summary>
internal class RegionItem
{
    private RegionPlaces _places;
    private MemberPlan? _plan;
    private int _opening;
    private int _textStart;
    private int _textLength;

    /// <summary>Where the item is where it is no object (seen in aggregates of old files); else 0.</summary>
    public int ItemPlace { get; set; }

    // Methods and no properties: these are places, no labels.

    /// <summary>Where the opening brace of the item is; 0 where it is no object.</summary>
    public int GetOpening() => _opening;

    public void SetOpening(int place) => _opening = place;

    /// <summary>Where the text is that was kept of the item, see <see cref="RegionTexts"/>; of length 0 where none was.</summary>
    public (int Start, int Length) GetKeptText() => (_textStart, _textLength);

    public void SetKeptText(int start, int length)
    {
        _textStart = start;
        _textLength = length;
    }

    /// <summary>Where the value of a member is; 0 where it is absent or null.</summary>
    public int PlaceOf(RegionMember member) => _plan is null ? _places[(int)member] : _plan.PlaceOf(member, _opening);

    public void SetPlace(RegionMember member, int place) => _places[(int)member] = place;

    /// <summary>Where the members are of an object of a shape whose tokens are all on the tape: looked up only when asked for.</summary>
    public void SetPlaces(MemberPlan plan) => _plan = plan;

    public void ResetPlaces()
    {
        _places = default;
        _plan = null;
        ItemPlace = 0;
        _opening = 0;
        _textLength = 0;
    }
}

/// <summary>
/// One item of <c>result[]</c> with what its members say. Coordinates are percent of the image; NaN never occurs, absent
/// is null. Every property but the kind, which follows from two of them, is read from one member of <see cref="RegionMember"/>.
/// </summary>
internal sealed class Region : RegionItem
{
    // Made when first asked for: a region is of one kind, a large task has tens of thousands, and a list takes 32 bytes.
    private List<double>? _points;
    private List<FrameRange>? _ranges;
    private List<KeyFrame>? _keyFrames;

    public RegionKind Kind { get; set; }

    public Utf8Text Id { get; set; }

    public Utf8Text ParentId { get; set; }

    /// <summary>The type as the file has it, for messages and for the label hash.</summary>
    public Utf8Text Type { get; set; }

    public Utf8Text FromName { get; set; }

    public Utf8Text ToName { get; set; }

    /// <summary>Which of several media of one tag the region is on, from 0; null where the file has none, which means the first.</summary>
    public int? ItemIndex { get; set; }

    /// <summary>Absent where the file has none.</summary>
    public Utf8Text Origin { get; set; }

    public double? OriginalWidth { get; set; }

    public double? OriginalHeight { get; set; }

    /// <summary>
    /// True where the value holds any list of labels of its kind, even an empty one; tells "no label" from "no list".
    /// </summary>
    public bool HasLabelList { get; set; }

    /// <summary>The labels in the file's order; several labels give one row each.</summary>
    public List<Utf8Text> Labels { get; } = [];

    public double? X { get; set; }

    public double? Y { get; set; }

    public double? Width { get; set; }

    public double? Height { get; set; }

    public double? Rotation { get; set; }

    /// <summary>The vertices of a polygon: x0, y0, x1, y1, ….</summary>
    public List<double> Points => _points ??= [];

    /// <summary>Whether a polygon's last vertex is joined with its first; null where the file does not say it.</summary>
    public bool? Closed { get; set; }

    /// <summary>Timeline segments, in the file's order (Label Studio writes one a region).</summary>
    public List<FrameRange> Ranges => _ranges ??= [];

    /// <summary>Key frames of a track, in the file's order.</summary>
    public List<KeyFrame> KeyFrames => _keyFrames ??= [];

    /// <summary>The video's last frame as Label Studio counted it; null where absent.</summary>
    public long? FramesCount { get; set; }

    public double? Duration { get; set; }

    /// <summary>The raw JSON of <c>value</c>; absent where the key is missing or null.</summary>
    public Utf8Text Value { get; set; }

    /// <summary>Whether it is an item of a kind that can give rows, which are rows of a medium; a relation is on none.</summary>
    public bool HasMedium
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsShape || (Kind == RegionKind.Attribute && !ToName.IsAbsent);
    }

    /// <summary>Whether the value has vertices, segments or key frames.</summary>
    public bool HasGeometryList => _points?.Count > 0 || _ranges?.Count > 0 || _keyFrames?.Count > 0;

    /// <summary>Whether it is drawn: a point, a box, a polygon, a segment or a track.</summary>
    public bool IsShape => Kind is RegionKind.Keypoint or RegionKind.Rectangle or RegionKind.Polygon or RegionKind.Timeline or RegionKind.Track;

    /// <summary>Whether both are on one image, page, camera or video of the task.</summary>
    public bool IsOnMediumOf(Region other) => ToName == other.ToName && (ItemIndex ?? 0) == (other.ItemIndex ?? 0);

    public void Reset()
    {
        ResetPlaces();
        Kind = RegionKind.Unsupported;
        Id = default;
        ParentId = default;
        Type = default;
        FromName = default;
        ToName = default;
        ItemIndex = null;
        Origin = default;
        OriginalWidth = null;
        OriginalHeight = null;
        ClearValue();
    }

    /// <summary>Takes the members that are the same in all regions of a shape; the others are absent there.</summary>
    public void SetConstants(Region constants)
    {
        Id = constants.Id;
        ParentId = constants.ParentId;
        Type = constants.Type;
        FromName = constants.FromName;
        ToName = constants.ToName;
        Origin = constants.Origin;
        OriginalWidth = constants.OriginalWidth;
        OriginalHeight = constants.OriginalHeight;
        X = constants.X;
        Y = constants.Y;
        Width = constants.Width;
        Height = constants.Height;
        Rotation = constants.Rotation;
    }

    /// <summary>Forgets what is in <c>value</c>: of a repeated key the last counts.</summary>
    public void ClearValue()
    {
        HasLabelList = false;
        Labels.Clear();
        X = null;
        Y = null;
        Width = null;
        Height = null;
        Rotation = null;
        _points?.Clear();
        Closed = null;
        _ranges?.Clear();
        _keyFrames?.Clear();
        FramesCount = null;
        Duration = null;
        Value = default;
    }
}

/// <summary>A timeline segment, 1-based and inclusive at both ends; a null end is open.</summary>
internal readonly record struct FrameRange(long? Start, long? End);

/// <summary>One entry of a track's <c>sequence</c>; null where the file leaves a field out.</summary>
internal record struct KeyFrame(
    long Frame, bool? Enabled, double? X, double? Y, double? Width, double? Height, double? Rotation, double? Time, bool Auto = false)
{
    public readonly bool HasGeometry => X is not null && Y is not null && Width is not null && Height is not null;
}
