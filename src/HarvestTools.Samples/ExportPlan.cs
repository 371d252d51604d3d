namespace HarvestTools.Samples;

/// <summary>What a made Label Studio project labels.</summary>
internal enum SampleKind
{
    /// <summary>One task a video: action segments on its timeline (<c>timelinelabels</c>).</summary>
    Actions,

    /// <summary>One task a frame: boxes around hands and objects, 21 keypoints a hand.</summary>
    Hands,

    /// <summary>One task a frame: a box around the person and 33 keypoints of the body.</summary>
    Body,
}

/// <summary>How the exporter spaces and escapes its JSON.</summary>
internal enum ExportStyle
{
    /// <summary>The export button: no spaces, <c>/</c> written <c>\/</c>.</summary>
    UserInterface,

    /// <summary>An export snapshot: <c>", "</c> and <c>": "</c>, no escaped slash.</summary>
    Snapshot,

    /// <summary>The button's file as an editor re-saves it: two spaces a level and a last newline.</summary>
    Indented,
}

/// <summary>In which order keys are in <c>data</c>, in result items and in prediction copies.</summary>
internal enum KeyOrder
{
    /// <summary>As the labeling editor sent them (SQLite keeps the text).</summary>
    Editor,

    /// <summary>By length, then by bytes: what PostgreSQL's jsonb makes of them.</summary>
    Postgres,
}

/// <summary>How predictions are in a task.</summary>
internal enum PredictionForm
{
    /// <summary>Ids alone, as the export button writes them.</summary>
    Ids,

    /// <summary>Whole objects with model version, score and result.</summary>
    Objects,
}

/// <summary>
/// Episodes that were imported together, pre-annotated by one model and labelled in one go; a week of work.
/// A batch decides everything about its tasks, so that adding a batch leaves the tasks of earlier ones as they are.
/// </summary>
internal sealed record EpisodeBatch
{
    public required int Episodes { get; init; }

    /// <summary>Where the episodes come from, drawn evenly; a name that is there twice is drawn twice as often.</summary>
    public IReadOnlyList<string> TaskSubdirs { get; init; } = SampleVocabulary.TaskSubdirs;

    public DateTime ImportedAt { get; init; } = new(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>Version of the model that pre-annotated the batch.</summary>
    public string ModelVersion { get; init; } = "v1";

    /// <summary>Share of the tasks that came with a prediction, 0 to 1.</summary>
    public double PredictedShare { get; init; }

    /// <summary>Share of the predicted regions that the labeler moved or renamed (<c>prediction-changed</c>).</summary>
    public double CorrectedShare { get; init; } = 0.35;

    /// <summary>Share of the predicted regions that the labeler deleted; boxes that have points stay.</summary>
    public double DeletedShare { get; init; } = 0.03;

    /// <summary>Share of the regions that the model did not find, so that the labeler drew them.</summary>
    public double MissedShare { get; init; } = 0.03;
}

/// <summary>
/// All that determines the bytes of a made export. Equal plans give equal bytes on every machine. Shares are from
/// 0 to 1 and are met on average, not exactly. A task's labels depend on seed, project, kind, its batch and its
/// position alone: neither the number of tasks nor order, style and export round touches them.
/// </summary>
internal sealed record ExportPlan
{
    public required SampleKind Kind { get; init; }

    public required IReadOnlyList<EpisodeBatch> Batches { get; init; }

    public ulong Seed { get; init; } = 1;

    /// <summary>Label Studio's id of the project.</summary>
    public int ProjectId { get; init; } = 11;

    public long FirstTaskId { get; init; } = 1;

    public long FirstAnnotationId { get; init; } = 1;

    /// <summary>Tasks an episode has in a project that labels frames; the action project has one.</summary>
    public int FramesPerEpisode { get; init; } = 20;

    /// <summary>At most so many tasks, from the first on; null for all.</summary>
    public int? TaskLimit { get; init; }

    /// <summary>User ids of the labelers; a second annotation is by another one, so two at least.</summary>
    public IReadOnlyList<int> Annotators { get; init; } = [1, 2, 3];

    /// <summary>Share of the labelled tasks that a second person labelled too.</summary>
    public double SecondAnnotatorShare { get; init; } = 0.15;

    /// <summary>
    /// Share of the second person's regions that are beyond 5 px (3 frames) from the first one's; the others are within.
    /// </summary>
    public double DisagreementShare { get; init; } = 0.08;

    public double CancelledShare { get; init; } = 0.05;

    /// <summary>Share of the tasks with an entry in <c>drafts[]</c>.</summary>
    public double DraftShare { get; init; } = 0.02;

    /// <summary>Share of the submitted annotations without a region.</summary>
    public double EmptyShare { get; init; } = 0.012;

    public double GroundTruthShare { get; init; } = 0.01;

    public double UnlabeledShare { get; init; } = 0.03;

    /// <summary>Share of the hand tasks that show the second hand too.</summary>
    public double SecondHandShare { get; init; } = 0.3;

    /// <summary>Share of the hand tasks with an object's box.</summary>
    public double ObjectShare { get; init; } = 0.5;

    /// <summary>Share of the tasks with an object that show a second one.</summary>
    public double SecondObjectShare { get; init; } = 0.25;

    /// <summary>Share of the keypoints that are not visible and therefore absent.</summary>
    public double HiddenPointShare { get; init; } = 0.02;

    /// <summary>Share of the boxes that carry an occlusion choice.</summary>
    public double ChoiceShare { get; init; } = 0.15;

    public ExportStyle Style { get; init; } = ExportStyle.UserInterface;

    public KeyOrder KeyOrder { get; init; } = KeyOrder.Editor;

    public PredictionForm Predictions { get; init; } = PredictionForm.Ids;

    /// <summary>Whether an annotation made from a prediction holds its copy in <c>prediction</c>; else that is <c>{}</c>.</summary>
    public bool PredictionCopies { get; init; }

    /// <summary>Whether users are written as objects with id, e-mail and name, or as ids.</summary>
    public bool AnnotatorObjects { get; init; }

    /// <summary>Whether the keys are there that releases since late 2025 write (<c>allow_skip</c>, <c>bulk_created</c>).</summary>
    public bool NewerKeys { get; init; }

    /// <summary>Null: tasks by id; else an order of its own for each seed.</summary>
    public ulong? OrderSeed { get; init; }

    /// <summary>
    /// 0 for the first export; each further one is taken seven hours later from the same labels: ages of drafts,
    /// comment counters and <c>updated_at</c> of some tasks differ.
    /// </summary>
    public int ExportRound { get; init; }

    /// <summary>Ids of the tasks whose first annotation was edited again; they become labelled if they were not.</summary>
    public IReadOnlyCollection<long> Relabelled { get; init; } = [];

    /// <summary>Distinguishes one edit of the same tasks from another.</summary>
    public int RelabelRound { get; init; } = 1;

    /// <summary>How many tasks the export has.</summary>
    public int Tasks
    {
        get
        {
            long all = Batches.Sum(batch => (long)batch.Episodes) * TasksPerEpisode;
            return (int)Math.Min(all, TaskLimit ?? int.MaxValue);
        }
    }

    public int TasksPerEpisode => Kind == SampleKind.Actions ? 1 : FramesPerEpisode;

    /// <summary>A plan of one batch and exactly <paramref name="tasks"/> tasks.</summary>
    public static ExportPlan ForTasks(SampleKind kind, int tasks, double predictedShare = 0)
    {
        var plan = new ExportPlan { Kind = kind, Batches = [], ProjectId = 11 + (int)kind, TaskLimit = tasks };
        int episodes = (tasks + plan.TasksPerEpisode - 1) / plan.TasksPerEpisode;
        return plan with { Batches = [new EpisodeBatch { Episodes = episodes, PredictedShare = predictedShare }] };
    }

    /// <summary>The same labels, exported again <paramref name="rounds"/> times seven hours later in another task order.</summary>
    public ExportPlan ReExported(int rounds = 1) =>
        this with { ExportRound = ExportRound + rounds, OrderSeed = (OrderSeed ?? 0) + (ulong)rounds };
}
