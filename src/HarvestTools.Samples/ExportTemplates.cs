namespace HarvestTools.Samples;

/// <summary>What a template leaves open.</summary>
internal enum Hole : byte
{
    None,
    TaskId, Annotations, Drafts, Predictions, Data, TaskCreatedAt, TaskUpdatedAt, InnerId, TotalAnnotations,
    CancelledAnnotations, TotalPredictions, Comments, UnresolvedComments, LastCommentAt, Project, TaskUpdatedBy, CommentAuthors,
    Subdir, Episode, FrameName, Frame,
    AnnotationId, Annotator, CompletedBy, AnnotationResult, WasCancelled, GroundTruth, CreatedAt, UpdatedAt, DraftCreatedAt,
    LeadTime, PredictionCopy, UniqueId, ParentPrediction,
    PredictionId, ModelVersion, PredictionResult, CopyResult, PredictionScore, PredictedAt, PredictedAgo, CopiedAgo,
    DraftId, DraftUser, DraftedAgo, DraftResult, DraftLeadTime, DraftedAt, DraftAnnotation,
    ImageWidth, ImageHeight, X, Y, BoxWidth, BoxHeight, Rotation, DotWidth, Start, End, Label, Choice, RegionId, ParentId, Origin, Score,
}

/// <summary>
/// The shapes of an export, key by key. Task, annotation and draft keys as in the exports of Label Studio 1.8 to 1.2x;
/// result items as the editor's <c>Result.serialize</c> builds them; predictions as its prediction serializer does.
/// </summary>
internal sealed class ExportTemplates
{
    private const string TaskShape = """
        {"id":"{=TaskId}","annotations":"{=Annotations}","file_upload":null,"drafts":"{=Drafts}","predictions":"{=Predictions}",
        "data":"{=Data}","meta":{},"created_at":"{TaskCreatedAt}","updated_at":"{TaskUpdatedAt}","allow_skip":true,
        "inner_id":"{=InnerId}","total_annotations":"{=TotalAnnotations}","cancelled_annotations":"{=CancelledAnnotations}",
        "total_predictions":"{=TotalPredictions}","comment_count":"{=Comments}","unresolved_comment_count":"{=UnresolvedComments}",
        "last_comment_updated_at":"{=LastCommentAt}","project":"{=Project}","updated_by":"{=TaskUpdatedBy}",
        "comment_authors":"{=CommentAuthors}"}
        """;

    private const string ImageShape = """
        {"image":"/data/local-files/?d={Subdir}/episode_{Episode}/frame_{FrameName}.jpg","task_subdir":"{Subdir}",
        "episode":"episode_{Episode}","frame":"{=Frame}"}
        """;

    private const string VideoShape = """
        {"video":"/data/local-files/?d={Subdir}/episode_{Episode}/front.mp4","task_subdir":"{Subdir}","episode":"episode_{Episode}"}
        """;

    private const string AnnotationShape = """
        {"id":"{=AnnotationId}","completed_by":"{=CompletedBy}","result":"{=AnnotationResult}","was_cancelled":"{=WasCancelled}",
        "ground_truth":"{=GroundTruth}","created_at":"{CreatedAt}","updated_at":"{UpdatedAt}","draft_created_at":"{=DraftCreatedAt}",
        "lead_time":"{=LeadTime}","prediction":"{=PredictionCopy}","result_count":0,"unique_id":"{UniqueId}","import_id":null,
        "last_action":null,"bulk_created":false,"task":"{=TaskId}","project":"{=Project}","updated_by":"{=Annotator}",
        "parent_prediction":"{=ParentPrediction}","parent_annotation":null,"last_created_by":null}
        """;

    private const string AnnotatorShape = """
        {"id":"{=Annotator}","email":"annotator{Annotator}@example.com","first_name":"","last_name":""}
        """;

    private const string PredictionShape = """
        {"id":"{=PredictionId}","result":"{=PredictionResult}","model_version":"{ModelVersion}","created_ago":"{PredictedAgo}",
        "score":"{=PredictionScore}","cluster":null,"neighbors":null,"mislabeling":0.0,"created_at":"{PredictedAt}",
        "updated_at":"{PredictedAt}","model":null,"model_run":null,"task":"{=TaskId}","project":"{=Project}"}
        """;

    private const string DraftShape = """
        {"id":"{=DraftId}","user":"annotator{DraftUser}@example.com","created_username":"annotator{DraftUser}@example.com, {DraftUser}",
        "created_ago":"{DraftedAgo}","result":"{=DraftResult}","lead_time":"{=DraftLeadTime}","was_postponed":false,"import_id":null,
        "created_at":"{DraftedAt}","updated_at":"{DraftedAt}","task":"{=TaskId}","annotation":"{=DraftAnnotation}"}
        """;

    private const string RegionTail = """
        "parentID":"{ParentId}","id":"{RegionId}","from_name":"FROM","to_name":"TO","type":"TYPE","origin":"{Origin}","score":"{=Score}"}
        """;

    private const string ImageHead = """
        {"original_width":"{=ImageWidth}","original_height":"{=ImageHeight}","image_rotation":0,
        """;

    private const string KeypointShape = ImageHead + """
        "value":{"x":"{=X}","y":"{=Y}","width":"{=DotWidth}","keypointlabels":["{Label}"]},
        """ + RegionTail;

    private const string RectangleShape = ImageHead + """
        "value":{"x":"{=X}","y":"{=Y}","width":"{=BoxWidth}","height":"{=BoxHeight}","rotation":"{=Rotation}","rectanglelabels":["{Label}"]},
        """ + RegionTail;

    private const string ChoiceShape = ImageHead + """
        "value":{"x":"{=X}","y":"{=Y}","width":"{=BoxWidth}","height":"{=BoxHeight}","rotation":"{=Rotation}","choices":["{Choice}"]},
        """ + RegionTail;

    private const string TimelineShape = """
        {"value":{"ranges":[{"start":"{=Start}","end":"{=End}"}],"timelinelabels":["{Label}"]},
        """ + RegionTail;

    /// <summary>Level of the items of a result list; one deeper inside a prediction copy.</summary>
    public const int ResultLevel = 5;

    /// <summary>Level of the entries of annotations, drafts and predictions.</summary>
    public const int EntryLevel = 3;

    private readonly JsonTemplate[] _regions = new JsonTemplate[64];

    public ExportTemplates(ExportPlan plan)
    {
        var layout = new JsonLayout(plan.Style);
        bool sorted = plan.KeyOrder == KeyOrder.Postgres;
        string[] newer = plan.NewerKeys ? [] : ["allow_skip", "bulk_created"];
        Layout = layout;
        Task = JsonTemplate.Compile(TaskShape, layout, 1, omitted: newer);
        Data = JsonTemplate.Compile(plan.Kind == SampleKind.Actions ? VideoShape : ImageShape, layout, 2, sorted);
        Annotation = JsonTemplate.Compile(AnnotationShape, layout, EntryLevel, omitted: newer);
        Annotator = JsonTemplate.Compile(AnnotatorShape, layout, EntryLevel + 1);
        Prediction = JsonTemplate.Compile(PredictionShape, layout, EntryLevel);

        // A copy was made once, at submission; its age stays as it was then.
        string copy = PredictionShape.Replace("{=PredictionResult}", "{=CopyResult}", StringComparison.Ordinal)
            .Replace("{PredictedAgo}", "{CopiedAgo}", StringComparison.Ordinal);
        PredictionCopy = JsonTemplate.Compile(copy, layout, EntryLevel + 1, sorted);
        Draft = JsonTemplate.Compile(DraftShape, layout, EntryLevel);
        for (int i = 0; i < _regions.Length; i++)
        {
            _regions[i] = CompileRegion(plan.Kind, i, layout, sorted);
        }
    }

    public JsonLayout Layout { get; }

    public JsonTemplate Task { get; }

    public JsonTemplate Data { get; }

    public JsonTemplate Annotation { get; }

    public JsonTemplate Annotator { get; }

    public JsonTemplate Prediction { get; }

    public JsonTemplate PredictionCopy { get; }

    public JsonTemplate Draft { get; }

    /// <summary>The template for an item of a result list; a model's items have no origin.</summary>
    public JsonTemplate Region(in SampleRegion region, bool choice, bool predicted, bool copied) =>
        _regions[(choice ? 3 : (int)region.Kind) | (region.Parent != 0 ? 4 : 0) | (region.Score >= 0 ? 8 : 0) | (predicted ? 16 : 0) | (copied ? 32 : 0)];

    private static JsonTemplate CompileRegion(SampleKind project, int variant, JsonLayout layout, bool sorted)
    {
        var kind = (SampleRegionKind)(variant & 3);
        (string shape, string from, string type) = (variant & 3) switch
        {
            (int)SampleRegionKind.Keypoint => (KeypointShape, "keypoints", SampleVocabulary.TypeName(kind)),
            (int)SampleRegionKind.Rectangle => (RectangleShape, "boxes", SampleVocabulary.TypeName(kind)),
            (int)SampleRegionKind.Timeline => (TimelineShape, "actions", SampleVocabulary.TypeName(kind)),
            _ => (ChoiceShape, "occlusion", "choices"),
        };
        shape = shape.Replace("FROM", from, StringComparison.Ordinal)
            .Replace("TO\"", (project == SampleKind.Actions ? "video" : "image") + "\"", StringComparison.Ordinal)
            .Replace("TYPE", type, StringComparison.Ordinal);
        var omitted = new List<string>();
        if ((variant & 4) == 0)
        {
            omitted.Add("parentID");
        }

        if ((variant & 8) == 0)
        {
            omitted.Add("score");
        }

        if ((variant & 16) != 0)
        {
            omitted.Add("origin");
        }

        return JsonTemplate.Compile(shape, layout, (variant & 32) != 0 ? ResultLevel + 1 : ResultLevel, sorted, [.. omitted]);
    }
}
