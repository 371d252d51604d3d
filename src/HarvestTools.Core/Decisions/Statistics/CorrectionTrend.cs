namespace HarvestTools.Decisions.Statistics;

/// <summary>What the corrections by model version say about the pre-annotation.</summary>
public static class CorrectionTrendStatus
{
    /// <summary>There is too little to decide either way.</summary>
    public const string NotEnoughEpisodes = nameof(NotEnoughEpisodes);

    /// <summary>The latest model versions were corrected by other labelers than the earlier ones, so the two cannot be separated.</summary>
    public const string LabelersChanged = nameof(LabelersChanged);

    /// <summary>The latest model versions were corrected on other tasks than the earlier ones.</summary>
    public const string TaskMixChanged = nameof(TaskMixChanged);

    /// <summary>It cannot be said which model some versions are versions of.</summary>
    public const string ModelUnknown = nameof(ModelUnknown);

    /// <summary>Versions of one model cannot be put in order, since they have no dates.</summary>
    public const string OrderUnknown = nameof(OrderUnknown);

    /// <summary>A rise was sustained, and a training on its corrections has answered it; no later model version was corrected yet.</summary>
    public const string Answered = nameof(Answered);

    /// <summary>A rise of the size looked for would have shown, and did not.</summary>
    public const string NoRegression = nameof(NoRegression);

    /// <summary>Sustained: the last cycles agree, and the evidence passed the limit.</summary>
    public const string Regressed = nameof(Regressed);
}

/// <summary>The regression test's result.</summary>
public sealed record CorrectionTrend
{
    /// <summary>Whether the corrections rose, or why that is not known.</summary>
    public required string Status { get; init; }

    /// <summary>What was found, in a sentence or two.</summary>
    public required string Explanation { get; init; }

    /// <summary>The model whose versions these are; null where all versions are of one.</summary>
    public string? Line { get; init; }

    /// <summary>Where there are several models, what was found of each; what is beside it is that of the one that decides.</summary>
    public IReadOnlyList<CorrectionTrend> Lines { get; init; } = [];

    /// <summary>The CUSUM: the largest log likelihood ratio of a sustained rise; 0 or more.</summary>
    public double? Statistic { get; init; }

    /// <summary>The limit that the CUSUM must reach: ln of <see cref="FalseAlarmCycles"/> times the number of models, which share the error rate.</summary>
    public double? Limit { get; init; }

    /// <summary>Least expected number of cycles until a false alarm.</summary>
    public int? FalseAlarmCycles { get; init; }

    /// <summary>Corrections an episode of the tested model versions over those of the baseline, within task and annotator (Mantel-Haenszel).</summary>
    public double? Rise { get; init; }

    /// <summary>Corrections an episode in the comparable part of the baseline.</summary>
    public double? BaselinePerEpisode { get; init; }

    /// <summary>Variance over mean of the corrections of an episode, as the test used it; 1 is Poisson.</summary>
    public double? Dispersion { get; init; }

    /// <summary>Episodes of the tested model versions whose task and annotator the baseline knows.</summary>
    public long ComparableEpisodes { get; init; }

    /// <summary>Episodes of the tested model versions.</summary>
    public long TestedEpisodes { get; init; }

    /// <summary>The model versions that served as the baseline.</summary>
    public IReadOnlyList<string> BaselineVersions { get; init; } = [];

    /// <summary>The model versions held against it.</summary>
    public IReadOnlyList<string> TestedVersions { get; init; } = [];

    /// <summary>What explains a rise of the plain figures that is not the model's: <c>labelers</c>, <c>task mix</c> or <c>labelers and task mix</c>.</summary>
    public string? ExplainedBy { get; init; }

    /// <summary>The figures, in order of model version.</summary>
    public IReadOnlyList<VersionFigures> ModelVersions { get; init; } = [];

    /// <summary>Whether so many cycles show how they scatter that <see cref="FalseAlarmCycles"/> can be promised.</summary>
    public bool KeepsRunLength { get; init; }
}

/// <summary>The corrections of one model version with what is behind them.</summary>
/// <param name="ModelVersion">The model version.</param>
/// <param name="Episodes">Episodes.</param>
/// <param name="Annotators">Annotators.</param>
/// <param name="Predicted">Regions predicted.</param>
/// <param name="Drawn">Regions drawn.</param>
/// <param name="Corrected">Regions corrected.</param>
/// <param name="Deleted">Regions deleted.</param>
/// <param name="CorrectionsPerEpisode">All three over the episodes; null without an episode.</param>
/// <param name="CorrectionRate">All three over the predicted regions; null without one.</param>
public sealed record VersionFigures(
    string ModelVersion,
    long Episodes,
    int Annotators,
    long Predicted,
    long Drawn,
    long Corrected,
    long Deleted,
    double? CorrectionsPerEpisode,
    double? CorrectionRate)
{
    /// <summary>The model that it is a version of; null where all are of one.</summary>
    public string? Line { get; init; }

    internal static VersionFigures Of(VersionCorrections modelVersion) => new(
        modelVersion.ModelVersion,
        modelVersion.Episodes,
        modelVersion.Annotators,
        modelVersion.Predicted,
        modelVersion.Strata.Sum(stratum => stratum.Drawn),
        modelVersion.Strata.Sum(stratum => stratum.Corrected),
        modelVersion.Strata.Sum(stratum => stratum.Deleted),
        modelVersion.CorrectionsPerEpisode,
        modelVersion.CorrectionRate)
    {
        Line = modelVersion.Line,
    };
}
