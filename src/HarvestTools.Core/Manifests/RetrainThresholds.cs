namespace HarvestTools.Manifests;

/// <summary>
/// What the retrain decision is measured against: the <c>retrain</c> object of harvest.json. Every value has a default,
/// so an empty object is valid; <see cref="Parse"/> and <see cref="ToJson"/> translate.
/// </summary>
public sealed partial record RetrainThresholds
{
    /// <summary>Every threshold at its default.</summary>
    public static RetrainThresholds Default { get; } = new();

    /// <summary>Least share of the corpus that must be newly corrected, 0 to 1 (0.1 is 10 %).</summary>
    public double MinDelta { get; init; } = 0.10;

    /// <summary>Largest Gini coefficient of corrected episodes over task folders, 0 to 1.</summary>
    public double MaxGini { get; init; } = 0.5;

    /// <summary>Whether concentration must also be more than chance before it counts against the batch.</summary>
    public GiniRule Gini { get; init; } = GiniRule.Calibrated;

    /// <summary>The p-value at or below which a batch is more concentrated than chance: the largest false-alarm rate of each spread gate.</summary>
    public double GiniP { get; init; } = 0.05;

    /// <summary>Largest share of the corrected episodes that one task may hold, 0 to 1.</summary>
    public double MaxTaskShare { get; init; } = 0.8;

    /// <summary>What a batch's spread over the tasks is held against.</summary>
    public SpreadReference Reference { get; init; } = SpreadReference.Corpus;

    /// <summary>A task without a label for so many weeks is no longer worked on and does not count against a batch.</summary>
    public int TaskWeeks { get; init; } = 8;

    /// <summary>The slice with which the corpus begins, after a reset of the data set; null takes all trained slices of the line.</summary>
    public string? CorpusSince { get; init; }

    /// <summary>The registered model that is in production: its slice is the one trained on last. Null goes by the line of slices.</summary>
    public string? Production { get; init; }

    /// <summary>Whether line ends count in the text files of the eval set.</summary>
    public LineEnds EvalLineEnds { get; init; } = LineEnds.Exact;

    /// <summary>How a regression of the pre-annotation is told from noise.</summary>
    public CorrectionTrendSettings Regression { get; init; } = new();

    /// <summary>Which metric the forecast reads.</summary>
    public ForecastSettings Forecast { get; init; } = new();

    /// <summary>What a training and an episode of annotation cost.</summary>
    public CostSettings Costs { get; init; } = new();
}

/// <summary>How the Gini gate and the largest task's share are judged.</summary>
public enum GiniRule
{
    /// <summary>Above the threshold and more concentrated than an even draw of as many episodes explains.</summary>
    Calibrated,

    /// <summary>Above the threshold, whatever the size of the batch.</summary>
    Plain,
}

/// <summary>What a batch's spread over the tasks is held against.</summary>
public enum SpreadReference
{
    /// <summary>A draw with the shares that the tasks have in the corpus.</summary>
    Corpus,

    /// <summary>A draw in which every task is as likely as every other.</summary>
    Even,
}

/// <summary>Whether line ends are part of a text.</summary>
public enum LineEnds
{
    /// <summary>Every byte counts.</summary>
    Exact,

    /// <summary>A text file is the same with the line ends of another system.</summary>
    Ignore,
}

/// <summary>Which direction of a metric is an improvement.</summary>
public enum MetricGoal
{
    /// <summary>The metric is a score; the forecast reads 1 minus it as the error.</summary>
    Higher,

    /// <summary>The metric is an error.</summary>
    Lower,
}

/// <summary>Settings of the correction trend test.</summary>
public sealed record CorrectionTrendSettings
{
    /// <summary>The rise in corrections an episode that the test is tuned to find, as a factor above 1.</summary>
    public double Ratio { get; init; } = 2;

    /// <summary>How many cycles (model versions) must agree, the latest among them; at least 2.</summary>
    public int Cycles { get; init; } = 2;

    /// <summary>Least expected number of cycles until a false alarm while nothing is wrong.</summary>
    public int FalseAlarmCycles { get; init; } = 100;

    /// <summary>How many model versions before the rise serve as its baseline, at most.</summary>
    public int BaselineVersions { get; init; } = 5;

    /// <summary>Least number of comparable episodes in the baseline, and as many in the cycles held against it.</summary>
    public int MinEpisodes { get; init; } = 10;

    /// <summary>
    /// Which versions are versions of which model: its name and patterns (<c>*</c>, <c>?</c>) of model versions. Empty goes by
    /// registered names, by what names have in common, and by projects.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lines { get; init; } = NoLines;

    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> NoLines { get; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>Settings of the forecast.</summary>
public sealed record ForecastSettings
{
    /// <summary>The metric's name among those of the registered runs; null takes the one that all runs share, if it is one.</summary>
    public string? Metric { get; init; }

    /// <summary>Whether a higher or a lower value of the metric is better.</summary>
    public MetricGoal Better { get; init; } = MetricGoal.Higher;

    /// <summary>Independent items in the eval set; null takes the number of its episodes where that is known.</summary>
    public int? EvalItems { get; init; }
}

/// <summary>Costs; what is null stays unknown in the decision.</summary>
public sealed record CostSettings
{
    /// <summary>GPU hours of one training.</summary>
    public double? GpuHours { get; init; }

    /// <summary>Price of one GPU hour.</summary>
    public double? PricePerGpuHour { get; init; }

    /// <summary>The price's currency as it is to be printed, for example <c>EUR</c>.</summary>
    public string? Currency { get; init; }

    /// <summary>Hours of a labeler's work for one corrected episode.</summary>
    public double? AnnotationHoursPerEpisode { get; init; }
}
