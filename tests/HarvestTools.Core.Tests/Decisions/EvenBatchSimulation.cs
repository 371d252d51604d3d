using HarvestTools.Decisions;
using HarvestTools.Decisions.States;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Decisions;

/// <summary>How often the spread gates object to batches that fall evenly on the tasks: their false-alarm rates.</summary>
internal static class EvenBatchSimulation
{
    /// <summary>False-alarm rates on batches of so many episodes over so many tasks.</summary>
    /// <param name="Episodes">Episodes of a batch.</param>
    /// <param name="Tasks">Tasks.</param>
    /// <param name="PlainGini">Share of batches with a Gini above the threshold.</param>
    /// <param name="Gini">Share that the calibrated Gini gate fails.</param>
    /// <param name="PlainShare">Share of batches whose largest task exceeds the threshold.</param>
    /// <param name="Share">Share that the calibrated gate of the largest task fails.</param>
    public sealed record Rates(int Episodes, int Tasks, double PlainGini, double Gini, double PlainShare, double Share);

    public static Rates Run(int episodes, int tasks, int batches, ulong seed)
    {
        RetrainThresholds calibrated = RetrainThresholds.Default;
        RetrainThresholds plain = calibrated with { Gini = GiniRule.Plain };
        // The gates see only the Gini's numerator and the largest count; equal ones get the decision made before.
        var judged = new Dictionary<(long, int), (bool PlainGini, bool Gini, bool PlainShare, bool Share)>();
        var random = new SplitMix(seed);
        int[] counts = new int[tasks];
        int[] failed = new int[4];
        for (int batch = 0; batch < batches; batch++)
        {
            // One episode after the other, unlike the engine's own draw, so that a fault there would show here.
            Array.Clear(counts);
            for (int episode = 0; episode < episodes; episode++)
            {
                counts[(int)(random.NextDouble() * tasks)]++;
            }

            int largest = counts.Max();
            long numerator = Concentration.Numerator(counts, episodes);
            // Within both thresholds neither rule objects, whatever the p-values, which take their time.
            if ((double)numerator / ((double)episodes * tasks) <= plain.MaxGini && (double)largest / episodes <= plain.MaxTaskShare)
            {
                continue;
            }

            var key = (numerator, largest);
            if (!judged.TryGetValue(key, out var verdict))
            {
                RetrainState state = new()
                {
                    CorrectedEpisodes = episodes,
                    Corpus = episodes,
                    TaskSubdirCounts = counts.Select((count, i) => (i, count)).ToDictionary(pair => $"task_{pair.i}", pair => pair.count),
                };
                verdict = (
                    Fails(state, plain, RetrainGateNames.Gini),
                    Fails(state, calibrated, RetrainGateNames.Gini),
                    Fails(state, plain, RetrainGateNames.TopTaskShare),
                    Fails(state, calibrated, RetrainGateNames.TopTaskShare));
                judged.Add(key, verdict);
            }

            failed[0] += verdict.PlainGini ? 1 : 0;
            failed[1] += verdict.Gini ? 1 : 0;
            failed[2] += verdict.PlainShare ? 1 : 0;
            failed[3] += verdict.Share ? 1 : 0;
        }

        double Rate(int gate) => (double)failed[gate] / batches;
        return new Rates(episodes, tasks, Rate(0), Rate(1), Rate(2), Rate(3));
    }

    /// <summary>How often the Gini gate fails batches that fall on the tasks with the corpus's shares: under an even draw and under the corpus's.</summary>
    public static (double Even, double Corpus) RunSkewed(int[] corpus, int episodes, int batches, ulong seed)
    {
        var judged = new Dictionary<long, (bool Even, bool Corpus)>();
        var random = new SplitMix(seed);
        int sum = corpus.Sum();
        (int even, int own) = (0, 0);
        for (int batch = 0; batch < batches; batch++)
        {
            int[] counts = new int[corpus.Length];
            for (int episode = 0; episode < episodes; episode++)
            {
                int left = (int)(random.NextDouble() * sum);
                int task = 0;
                for (; left >= corpus[task]; task++)
                {
                    left -= corpus[task];
                }

                counts[task]++;
            }

            long numerator = Concentration.Numerator(counts, episodes);
            if (!judged.TryGetValue(numerator, out (bool Even, bool Corpus) verdict))
            {
                RetrainState state = new()
                {
                    CorrectedEpisodes = episodes,
                    Corpus = sum,
                    TaskSubdirCounts = counts.Select((count, i) => (i, count)).ToDictionary(pair => $"task_{pair.i}", pair => pair.count),
                    CorpusCounts = corpus.Select((count, i) => (i, count)).ToDictionary(pair => $"task_{pair.i}", pair => pair.count),
                };
                judged[numerator] = verdict = (
                    Fails(state, RetrainThresholds.Default with { Reference = SpreadReference.Even }, RetrainGateNames.Gini),
                    Fails(state, RetrainThresholds.Default, RetrainGateNames.Gini));
            }

            even += verdict.Even ? 1 : 0;
            own += verdict.Corpus ? 1 : 0;
        }

        return ((double)even / batches, (double)own / batches);
    }

    private static bool Fails(RetrainState state, RetrainThresholds thresholds, string gate) =>
        RetrainDecider.Decide(state, thresholds).Gates.Single(found => found.Name == gate).Passed == false;
}
