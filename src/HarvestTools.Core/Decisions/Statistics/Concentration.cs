namespace HarvestTools.Decisions.Statistics;

/// <summary>How unevenly counts spread: Gini coefficient, largest share, inverse Simpson index.</summary>
internal static class Concentration
{
    /// <summary>
    /// The Gini coefficient's numerator, an integer: 2 * sum of i * x(i) - (k + 1) * n over the counts in ascending
    /// order, i from 1. G = numerator / (k * n), the population formula. Sorts the counts.
    /// </summary>
    public static long NumeratorInPlace(Span<int> counts, long total)
    {
        counts.Sort();
        long weighted = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            weighted += (i + 1L) * counts[i];
        }

        return (2 * weighted) - ((counts.Length + 1L) * total);
    }

    /// <summary>As <see cref="NumeratorInPlace"/>, leaving the counts as they are.</summary>
    public static long Numerator(IReadOnlyCollection<int> counts, long total) => NumeratorInPlace(counts.ToArray(), total);

    /// <summary>1 / sum of squared shares: as many equally large tasks would be as diverse (Simpson 1949, Hill 1973).</summary>
    public static double EffectiveNumber(IReadOnlyCollection<int> counts, long total)
    {
        double squares = counts.Sum(count => (double)count * count);
        return (double)total * total / squares;
    }

    /// <summary>
    /// Probability that an even draw puts <paramref name="largest"/> or more of n episodes on one of k tasks:
    /// k * P(Binomial(n, 1/k) &gt;= largest). Exact above one half, since two tasks cannot both exceed it; below, an upper
    /// bound (Bonferroni), so the gate can only become slower to object.
    /// </summary>
    public static double LargestShareP(int episodes, int tasks, int largest) =>
        tasks == 1 ? 1 : Math.Min(1, tasks * Tail(episodes, 1.0 / tasks, largest));

    /// <summary>
    /// The same where tasks have shares of their own: k * P(Binomial(n, share of that task) &gt;= largest), so that a task is held
    /// against its own share, and many in one that is rare are not excused by another one that is common.
    /// </summary>
    /// <param name="episodes">n.</param>
    /// <param name="share">The task's share of the reference.</param>
    /// <param name="tasks">k.</param>
    /// <param name="largest">The task's episodes.</param>
    public static double LargestShareP(int episodes, double share, int tasks, int largest) =>
        tasks == 1 || share >= 1 ? 1 : share <= 0 ? 0 : Math.Min(1, tasks * Tail(episodes, share, largest));

    /// <summary>P(Binomial(n, share) &gt;= least), for a share between 0 and 1.</summary>
    private static double Tail(int episodes, double share, int least)
    {
        double tail = 0;
        double hit = Math.Log(share);
        double miss = Math.Log(1 - share);
        for (int count = least; count <= episodes; count++)
        {
            double term = Math.Exp(SpecialFunctions.LogChoose(episodes, count) + (count * hit) + ((episodes - count) * miss));
            tail += term;
            // Above the mean the terms fall ever faster; the rest could not change the sum.
            if (count > share * episodes && term < tail * 1e-18)
            {
                break;
            }
        }

        return tail;
    }
}
