using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// One task of an export as the derivation needs it. The object and its lists are reused from task to task
/// by one worker; nothing in it outlives the call that receives it.
/// </summary>
internal sealed class LabelTask
{
    private readonly Pool<Annotation> _annotations = new(static () => new Annotation(), static a => a.Reset());
    private readonly Pool<Prediction> _predictions = new(static () => new Prediction(), static p => p.Reset());

    /// <summary>The export's name or path, for messages.</summary>
    public string FileName { get; set; } = "";

    /// <summary>Position of the task in the export, from 1.</summary>
    public long Ordinal { get; set; }

    /// <summary>Where the task's opening brace stands in the file, in bytes from 0.</summary>
    public long ByteOffset { get; set; }

    /// <summary>The line of the task's opening brace, from 1.</summary>
    public long Line { get; set; }

    /// <summary>Null where the file has none (an import file, not an export).</summary>
    public long? Id { get; set; }

    /// <summary>Label Studio's own project id, where the export has it.</summary>
    public long? ProjectId { get; set; }

    /// <summary>The raw JSON of <c>data</c>; absent where the key is missing.</summary>
    public Utf8Text Data { get; set; }

    /// <summary>How many entries stand in <c>drafts[]</c>.</summary>
    public int Drafts { get; set; }

    public IReadOnlyList<Annotation> Annotations => _annotations.Items;

    public IReadOnlyList<Prediction> Predictions => _predictions.Items;

    /// <summary>Texts that do not stand in the file as they are (unescaped strings, attributes) live here.</summary>
    public TextArena Arena { get; } = new();

    /// <summary>The tokens of the task that was read last, for whoever reads it again.</summary>
    public JsonTape Tape { get; } = new();

    public Annotation AddAnnotation() => _annotations.Add();

    public Prediction AddPrediction() => _predictions.Add();

    /// <summary>Forgets the annotations read so far: of a key that stands twice, the last counts.</summary>
    public void ClearAnnotations() => _annotations.Clear();

    /// <summary>Forgets the predictions read so far.</summary>
    public void ClearPredictions() => _predictions.Clear();

    public void Reset()
    {
        FileName = "";
        Ordinal = 0;
        ByteOffset = 0;
        Line = 0;
        Id = null;
        ProjectId = null;
        Data = default;
        Drafts = 0;
        _annotations.Clear();
        _predictions.Clear();
        Arena.Clear();
    }
}

/// <summary>One entry of <c>annotations[]</c>: what one labeler submitted (or skipped) for a task.</summary>
internal sealed class Annotation
{
    private readonly Pool<Region> _regions = new(static () => new Region(), static r => r.Reset());
    private Prediction? _copy;

    public long? Id { get; set; }

    /// <summary>From <c>completed_by</c>, a number or an object with an id; null where unknown.</summary>
    public long? AnnotatorId { get; set; }

    public bool WasCancelled { get; set; }

    public bool GroundTruth { get; set; }

    /// <summary>The prediction that this annotation started from, where Label Studio recorded it.</summary>
    public long? ParentPrediction { get; set; }

    /// <summary>The copy of the prediction at submission; null where the export has none (<c>{}</c> or only an id).</summary>
    public Prediction? PredictionCopy { get; set; }

    /// <summary>The prediction's id where <c>prediction</c> holds only a number.</summary>
    public long? PredictionId { get; set; }

    /// <summary>Every item of <c>result[]</c>, relations included, in the file's order.</summary>
    public IReadOnlyList<Region> Regions => _regions.Items;

    public Region AddRegion() => _regions.Add();

    /// <summary>Forgets the regions read so far: of a key that stands twice, the last counts.</summary>
    public void ClearRegions() => _regions.Clear();

    /// <summary>Gives the annotation an empty <see cref="PredictionCopy"/>, reusing the object of an earlier task.</summary>
    public Prediction StartPredictionCopy()
    {
        PredictionCopy = _copy ??= new Prediction();
        PredictionCopy.Reset();
        return PredictionCopy;
    }

    public void Reset()
    {
        Id = null;
        AnnotatorId = null;
        WasCancelled = false;
        GroundTruth = false;
        ParentPrediction = null;
        PredictionCopy = null;
        PredictionId = null;
        _regions.Clear();
    }
}

/// <summary>A model's prediction, kept only as far as it tells what the labeler accepted, corrected or deleted.</summary>
internal sealed class Prediction
{
    public long? Id { get; set; }

    public Utf8Text ModelVersion { get; set; }

    /// <summary>False where the export holds only the prediction's id.</summary>
    public bool HasResult { get; set; }

    /// <summary>
    /// The distinct region ids of <c>result[]</c> in ordinal order (items of one region repeat its id), relations left out.
    /// </summary>
    public List<Utf8Text> RegionIds { get; } = [];

    /// <summary>How many items of <c>result[]</c> carry no id.</summary>
    public int RegionsWithoutId { get; set; }

    public void Reset()
    {
        Id = null;
        ModelVersion = default;
        HasResult = false;
        RegionIds.Clear();
        RegionsWithoutId = 0;
    }
}
