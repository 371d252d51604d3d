namespace HarvestTools.Decisions.Statistics;

/// <summary>
/// What chance alone does: the Gini coefficient of n episodes that fall independently and evenly on k tasks
/// (a multinomial draw). Exact where the partitions of n can be enumerated, seeded Monte Carlo beyond.
/// </summary>
internal readonly record struct NullDistribution
{
    /// <summary>Draws of the Monte Carlo: the standard error of a p-value near 0.05 is then 0.002.</summary>
    public const int Draws = 9999;

    /// <summary>Above so many partitions the Monte Carlo is quicker; 50,000 take a few milliseconds.</summary>
    private const int MaxPartitions = 50_000;

    /// <summary>Beyond, a tenth of the draws must do: such batches are far from the threshold unless they are far above chance.</summary>
    private const int ManyEpisodes = 100_000;

    private const int MaxExactEpisodes = 60;
    private const int MaxExactTasks = 1000;

    /// <summary>The Gini coefficient to be expected.</summary>
    public required double ExpectedGini { get; init; }

    /// <summary>Probability that an even draw is at least as concentrated as the batch.</summary>
    public required double PValue { get; init; }

    /// <summary>Whether the two are exact.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Compares a batch with even draws of its size.</summary>
    /// <param name="episodes">n, at least 1.</param>
    /// <param name="tasks">k, at least 1.</param>
    /// <param name="numerator">The batch's <see cref="Concentration.Numerator"/>.</param>
    public static NullDistribution Compare(int episodes, int tasks, long numerator)
    {
        if (tasks == 1)
        {
            return new NullDistribution { ExpectedGini = 0, PValue = 1, IsExact = true };
        }

        return CanEnumerate(episodes, tasks)
            ? new Enumeration(episodes, tasks, numerator).Run()
            : Simulate(episodes, tasks, numerator, episodes <= ManyEpisodes ? Draws : Draws / 10);
    }

    /// <summary>Compares a batch with draws of its size in which tasks have shares of their own.</summary>
    /// <param name="episodes">n, at least 1.</param>
    /// <param name="weights">For each task how many episodes of the reference it has; not all 0.</param>
    /// <param name="numerator">The batch's <see cref="Concentration.Numerator"/>.</param>
    public static NullDistribution Compare(int episodes, ReadOnlySpan<int> weights, long numerator) =>
        weights.IndexOfAnyExcept(weights[0]) < 0
            ? Compare(episodes, weights.Length, numerator)
            : Simulate(episodes, weights.Length, numerator, episodes <= ManyEpisodes ? Draws : Draws / 10, weights);

    /// <summary>Monte Carlo with p = (1 + draws at least as concentrated) / (1 + draws), which never claims too much (Phipson and Smyth 2010).</summary>
    internal static NullDistribution Simulate(int episodes, int tasks, long numerator, int draws, ReadOnlySpan<int> weights = default)
    {
        // One fixed seed: the same batch gets the same answer today, tomorrow and on another machine.
        var random = new SplitMix(0x4841525645535431);
        int[] counts = new int[tasks];
        long atLeast = 0;
        double sum = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            if (weights.IsEmpty)
            {
                Fill(ref random, counts, episodes);
            }
            else
            {
                Fill(ref random, counts, weights, Sum(weights), episodes);
            }

            long drawn = Concentration.NumeratorInPlace(counts, episodes);
            sum += drawn;
            atLeast += drawn >= numerator ? 1 : 0;
        }

        return new NullDistribution
        {
            ExpectedGini = sum / draws / ((double)episodes * tasks),
            PValue = (1.0 + atLeast) / (1.0 + draws),
            IsExact = false,
        };
    }

    /// <summary>Draws the counts by halving: how many episodes fall on the first half of the tasks, and so on within each half.</summary>
    internal static void Fill(ref SplitMix random, Span<int> counts, int episodes)
    {
        while (counts.Length > 1)
        {
            if (episodes == 0)
            {
                counts.Clear();
                return;
            }

            int half = counts.Length / 2;
            int first = random.Binomial(episodes, half, counts.Length);
            Fill(ref random, counts[..half], first);
            counts = counts[half..];
            episodes -= first;
        }

        counts[0] = episodes;
    }

    /// <summary>The same with weights: the first half is as likely as its part of them.</summary>
    private static void Fill(ref SplitMix random, Span<int> counts, ReadOnlySpan<int> weights, int sum, int episodes)
    {
        while (counts.Length > 1)
        {
            if (episodes == 0)
            {
                counts.Clear();
                return;
            }

            int half = counts.Length / 2;
            int weight = Sum(weights[..half]);
            int first = weight == 0 ? 0 : random.Binomial(episodes, weight, sum);
            Fill(ref random, counts[..half], weights[..half], weight, first);
            counts = counts[half..];
            weights = weights[half..];
            sum -= weight;
            episodes -= first;
        }

        counts[0] = episodes;
    }

    private static int Sum(ReadOnlySpan<int> weights)
    {
        int sum = 0;
        foreach (int weight in weights)
        {
            sum = checked(sum + weight);
        }

        return sum;
    }

    /// <summary>Counts the partitions of n into at most k parts, as far as the limit.</summary>
    private static bool CanEnumerate(int episodes, int tasks)
    {
        if (episodes > MaxExactEpisodes || tasks > MaxExactTasks)
        {
            return false;
        }

        // Partitions into at most k parts are as many as partitions into parts of at most k (conjugation).
        var ways = new long[episodes + 1];
        ways[0] = 1;
        for (int part = 1; part <= Math.Min(tasks, episodes); part++)
        {
            for (int total = part; total <= episodes; total++)
            {
                ways[total] += ways[total - part];
            }
        }

        return ways[episodes] <= MaxPartitions;
    }

    /// <summary>
    /// Visits every multiset of counts once, largest first. A group of m tasks with v episodes each weighs
    /// C(tasks left, m) * (ways to choose their episodes) / k^(vm): products only, no logarithm, so the result does not
    /// depend on a platform's mathematical library.
    /// </summary>
    private sealed class Enumeration(int episodes, int tasks, long numerator)
    {
        private double _mean;
        private double _atLeast;

        public NullDistribution Run()
        {
            Visit(episodes, tasks, episodes, 1, 0);
            return new NullDistribution
            {
                ExpectedGini = _mean / ((double)episodes * tasks),
                PValue = Math.Min(1, _atLeast),
                IsExact = true,
            };
        }

        private void Visit(int largest, int tasksLeft, int episodesLeft, double weight, long rankSum)
        {
            if (episodesLeft == 0)
            {
                long found = (2 * rankSum) - ((tasks + 1L) * episodes);
                _mean += weight * found;
                _atLeast += found >= numerator ? weight : 0;
                return;
            }

            for (int value = Math.Min(largest, episodesLeft); value > 0 && (long)value * tasksLeft >= episodesLeft; value--)
            {
                double grouped = weight;
                long ranks = rankSum;
                for (int members = 1; members <= tasksLeft && members * value <= episodesLeft; members++)
                {
                    int taken = (members - 1) * value;
                    grouped *= (double)(tasksLeft - members + 1) / members * Choose(episodesLeft - taken, value);
                    ranks += (long)value * (tasksLeft - members + 1);
                    Visit(value - 1, tasksLeft - members, episodesLeft - taken - value, grouped, ranks);
                }
            }
        }

        /// <summary>C(n, v) / k^v.</summary>
        private double Choose(int n, int v)
        {
            double product = 1;
            for (int i = 1; i <= v; i++)
            {
                product *= (double)(n - v + i) / i / tasks;
            }

            return product;
        }
    }
}
