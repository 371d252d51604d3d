using HarvestTools.Strings;

namespace HarvestTools.LabelStudio.Tasks;

/// <summary>
/// What an export says of a task beside its labels, as far as it is counted. The label hash is blind to all of it, since
/// Label Studio changes it without a labeler's doing or leaves it out of some exports; so it reaches tallies and records
/// of exports, and never a row.
/// </summary>
internal sealed class TaskExtras
{
    private readonly Pool<AnnotationExtras> _annotations = new(static () => new AnnotationExtras(), static a => a.Reset());
    private readonly Pool<Prediction> _predictions = new(static () => new Prediction(), static p => p.Reset());
    private long? _project;
    private long? _annotationsProject;
    private DateTime? _updated;
    private DateTime? _annotationsUpdated;

    /// <summary>Label Studio's own project id; old exports have it only in annotations. Null where nothing names one.</summary>
    public long? ProjectId => _project ?? _annotationsProject;

    /// <summary>The latest time at which the task or one of its annotations was updated, in UTC; null where it has no such time.</summary>
    public DateTime? UpdatedThrough => Later(_updated, _annotationsUpdated);

    /// <summary>How many entries there are in <c>drafts[]</c>.</summary>
    public int Drafts { get; set; }

    /// <summary>How many annotations Label Studio counts, cancelled ones left out; 0 where the file does not say.</summary>
    public long TotalAnnotations { get; set; }

    public List<Prediction> Predictions => _predictions.Items;

    /// <summary>One for each of <see cref="LabelTask.Annotations"/>, in the same order.</summary>
    public List<AnnotationExtras> Annotations => _annotations.Items;

    public void SetProject(long? id) => _project = id;

    /// <summary>The project that an annotation names; one that names none leaves what another named.</summary>
    public void NoteProject(long? id) => _annotationsProject = id ?? _annotationsProject;

    public void NoteUpdate(DateTime? time) => _updated = time;

    public void NoteAnnotationUpdate(DateTime? time) => _annotationsUpdated = Later(_annotationsUpdated, time);

    public AnnotationExtras AddAnnotation() => _annotations.Add();

    public Prediction AddPrediction() => _predictions.Add();

    /// <summary>Forgets what annotations had, as <see cref="LabelTask.ClearAnnotations"/>.</summary>
    public void ClearAnnotations()
    {
        _annotations.Clear();
        _annotationsProject = null;
        _annotationsUpdated = null;
    }

    /// <summary>Forgets the predictions read so far.</summary>
    public void ClearPredictions() => _predictions.Clear();

    public void Reset()
    {
        _project = null;
        _updated = null;
        Drafts = 0;
        TotalAnnotations = 0;
        ClearAnnotations();
        ClearPredictions();
    }

    private static DateTime? Later(DateTime? one, DateTime? other) => one is null || other > one ? other : one;
}

/// <summary>What an annotation says of the prediction or the annotation that it began from.</summary>
internal sealed class AnnotationExtras
{
    private Prediction? _copy;

    /// <summary>When the annotation was submitted first, UTC; null where the export does not say.</summary>
    public DateTime? CreatedAt { get; set; }

    /// <summary>When the annotation was changed last, UTC; null where the export does not say.</summary>
    public DateTime? UpdatedAt { get; set; }

    /// <summary>The prediction that this annotation started from, where Label Studio recorded it.</summary>
    public long? ParentPrediction { get; set; }

    /// <summary>The annotation that this one was made from, where Label Studio recorded it: it revises that one.</summary>
    public long? ParentAnnotation { get; set; }

    /// <summary>The copy of the prediction at submission; null where the export has none (<c>{}</c> or only an id).</summary>
    public Prediction? PredictionCopy { get; set; }

    /// <summary>The prediction's id where <c>prediction</c> holds only a number.</summary>
    public long? PredictionId { get; set; }

    /// <summary>Gives the annotation an empty <see cref="PredictionCopy"/>, reusing the object of an earlier task.</summary>
    public Prediction StartPredictionCopy()
    {
        PredictionCopy = _copy ??= new Prediction();
        PredictionCopy.Reset();
        return PredictionCopy;
    }

    public void Reset()
    {
        CreatedAt = null;
        UpdatedAt = null;
        ParentPrediction = null;
        ParentAnnotation = null;
        PredictionCopy = null;
        PredictionId = null;
    }
}

/// <summary>A model's prediction, kept only as far as it tells what the labeler accepted, corrected or deleted.</summary>
internal sealed class Prediction
{
    private readonly Pool<Region> _videos = new(static () => new Region(), static region => region.Reset());

    public long? Id { get; set; }

    public Utf8Text ModelVersion { get; set; }

    /// <summary>False where the export holds only the prediction's id.</summary>
    public bool HasResult { get; set; }

    /// <summary>
    /// The distinct region ids of <c>result[]</c> in any order (items of one region repeat its id), relations left out.
    /// </summary>
    public List<Utf8Text> RegionIds { get; } = [];

    /// <summary>How many items of <c>result[]</c> carry no id.</summary>
    public int RegionsWithoutId { get; set; }

    /// <summary>
    /// Its segments and tracks with what their values say, since the editor writes the origins of these unreliably and only a
    /// comparison says what became of them. Nothing is kept of other regions.
    /// </summary>
    public List<Region> Videos => _videos.Items;

    public Region AddVideo() => _videos.Add();

    public void ClearRegions()
    {
        RegionIds.Clear();
        RegionsWithoutId = 0;
        _videos.Clear();
    }

    public void Reset()
    {
        Id = null;
        ModelVersion = default;
        HasResult = false;
        ClearRegions();
    }
}
