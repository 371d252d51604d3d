namespace HarvestTools.Decisions.Statistics;

/// <summary>How the corrected episodes spread over the tasks, and what a draw of as many would show: with the corpus's shares, or an even one.</summary>
/// <param name="Episodes">n, the corrected episodes.</param>
/// <param name="Tasks">k, the task folders of corpus and candidate.</param>
/// <param name="Gini">Gini coefficient, population formula, zeros included.</param>
/// <param name="ExpectedGini">Mean Gini coefficient of a draw.</param>
/// <param name="GiniP">Probability that a draw is at least as concentrated.</param>
/// <param name="GiniExact">Whether the two are exact; otherwise seeded Monte Carlo.</param>
/// <param name="TopTask">The task with the most corrected episodes, the first by name on a tie.</param>
/// <param name="TopTaskShare">Its share.</param>
/// <param name="TopTaskShareP">Probability that a draw gives one task at least that share.</param>
/// <param name="EffectiveTasks">Inverse Simpson index.</param>
public sealed record SpreadStatistics(
    int Episodes,
    int Tasks,
    double Gini,
    double ExpectedGini,
    double GiniP,
    bool GiniExact,
    string TopTask,
    double TopTaskShare,
    double TopTaskShareP,
    double EffectiveTasks)
{
    /// <summary>How many of the tasks have a corrected episode.</summary>
    public int TasksReached { get; init; }

    /// <summary>Whether every task is as likely as every other in the draw; else it has its share of the corpus.</summary>
    public bool Even { get; init; } = true;

    /// <summary>Computes the statistics; null where no episode was corrected, since nothing has no spread.</summary>
    /// <param name="taskSubdirCounts">Corrected episodes by task, zeros included.</param>
    /// <param name="corpus">Episodes of the corpus by task; null, or none at all, makes the draw even.</param>
    public static SpreadStatistics? Of(IReadOnlyDictionary<string, int>? taskSubdirCounts, IReadOnlyDictionary<string, int>? corpus = null)
    {
        if (taskSubdirCounts is null)
        {
            return null;
        }

        int[] counts = [.. taskSubdirCounts.Values];
        int total = counts.Sum();
        if (total == 0)
        {
            return null;
        }

        long numerator = Concentration.Numerator(counts, total);
        int[] weights = corpus is null ? [] : [.. taskSubdirCounts.Keys.Select(task => corpus.GetValueOrDefault(task))];
        bool even = weights.All(static weight => weight == 0);
        NullDistribution draw = even || counts.Length == 1
            ? NullDistribution.Compare(total, counts.Length, numerator)
            : NullDistribution.Compare(total, weights, numerator);
        int largest = counts.Max();
        return new SpreadStatistics(
            total,
            counts.Length,
            (double)numerator / ((double)total * counts.Length),
            draw.ExpectedGini,
            draw.PValue,
            draw.IsExact,
            taskSubdirCounts.Where(pair => pair.Value == largest).Select(pair => pair.Key).Order(StringComparer.Ordinal).First(),
            (double)largest / total,
            even || counts.Length == 1 ? Concentration.LargestShareP(total, counts.Length, largest) : counts.Zip(weights).Where(task => task.First == largest).Min(task => Concentration.LargestShareP(total, task.Second / weights.Sum(static weight => (double)weight), counts.Length, largest)),
            Concentration.EffectiveNumber(counts, total))
        {
            Even = even,
            TasksReached = counts.Count(static count => count > 0),
        };
    }
}
