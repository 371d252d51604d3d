namespace HarvestTools.Samples;

/// <summary>One export of a week: the project's name in the repository, the file's name and how to write it.</summary>
internal sealed record SampleExport(string Project, string FileName, ExportPlan Plan);

/// <summary>
/// Three projects that label the same episodes (actions on the video, hands and objects a frame, the body a frame)
/// and are exported every week. A week's exports hold all earlier weeks' tasks with the same labels.
/// </summary>
internal sealed record SampleSeries
{
    /// <summary>The batches in their order; week n exports the first n.</summary>
    public required IReadOnlyList<EpisodeBatch> Weeks { get; init; }

    public ulong Seed { get; init; } = 1;

    public int FramesPerEpisode { get; init; } = 6;

    /// <summary>
    /// Four weeks: 60 episodes over all subdirs labelled by hand; 4 more, too few to retrain on; 12 that nearly all
    /// come from one subdir; 24 over all subdirs. From the second week on, a model trained before pre-annotates.
    /// </summary>
    public static SampleSeries FourWeeks { get; } = new()
    {
        Weeks =
        [
            Batch(0, 60, "v0", predicted: 0, SampleVocabulary.TaskSubdirs),
            Batch(1, 4, "v1", predicted: 0.95, SampleVocabulary.TaskSubdirs),
            Batch(2, 12, "v1", predicted: 0.95, ["pour_water"]),
            Batch(3, 24, "v2", predicted: 0.95, SampleVocabulary.TaskSubdirs) with { CorrectedShare = 0.2 },
        ],
    };

    /// <summary>The exports of a week, counted from 1.</summary>
    public IReadOnlyList<SampleExport> Week(int week)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(week, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(week, Weeks.Count);
        EpisodeBatch[] batches = [.. Weeks.Take(week)];
        return
        [
            new SampleExport("a", "project_a_video.json", Plan(SampleKind.Actions, 11, batches)),
            new SampleExport("b", "project_b_handobj.json", Plan(SampleKind.Hands, 12, batches)),
            new SampleExport("c", "project_c_body.json", Plan(SampleKind.Body, 13, batches)),
        ];
    }

    private static EpisodeBatch Batch(int week, int episodes, string model, double predicted, IReadOnlyList<string> subdirs) => new()
    {
        Episodes = episodes,
        ModelVersion = model,
        PredictedShare = predicted,
        TaskSubdirs = subdirs,
        ImportedAt = new DateTime(2026, 4, 13, 8, 0, 0, DateTimeKind.Utc).AddDays(7 * week),
    };

    // The copies say which model pre-annotated; the button's export holds the ids of predictions alone.
    private ExportPlan Plan(SampleKind kind, int projectId, EpisodeBatch[] batches) => new()
    {
        Kind = kind,
        Batches = batches,
        Seed = Seed,
        ProjectId = projectId,
        FirstTaskId = 1 + (100_000L * (int)kind),
        FirstAnnotationId = 1 + (200_000L * (int)kind),
        FramesPerEpisode = FramesPerEpisode,
        PredictionCopies = true,
    };
}
