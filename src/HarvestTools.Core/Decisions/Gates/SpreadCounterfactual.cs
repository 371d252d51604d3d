using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>
/// The fewest more corrected episodes, and the tasks they belong in, that let a batch pass both spread gates. Giving
/// every next episode to the task with the fewest lowers the Gini coefficient most (the transfer principle).
/// </summary>
internal sealed class SpreadCounterfactual
{
    private const int NamesShown = 6;

    private readonly string[] _tasks;
    private readonly int[] _counts;

    private readonly IReadOnlyDictionary<string, int>? _corpus;

    private SpreadCounterfactual(IReadOnlyDictionary<string, int> counts, IReadOnlyDictionary<string, int>? corpus)
    {
        _corpus = corpus;
        _tasks = [.. counts.Keys.Order(StringComparer.Ordinal)];
        _counts = [.. _tasks.Select(task => counts[task])];
    }

    /// <summary>A sentence that names number and tasks; null where the gates already pass.</summary>
    public static string? Describe(IReadOnlyDictionary<string, int> counts, IReadOnlyDictionary<string, int>? corpus, RetrainThresholds thresholds)
    {
        var flip = new SpreadCounterfactual(counts, corpus);
        int added = flip.Fewest(thresholds);
        return added == 0 ? null : flip.Sentence(added);
    }

    /// <summary>The fewest that pass: found by doubling, then by halving, and checked at the end.</summary>
    private int Fewest(RetrainThresholds thresholds)
    {
        if (Passes(0, thresholds))
        {
            return 0;
        }

        int enough = 1;
        while (!Passes(enough, thresholds))
        {
            enough *= 2;
        }

        int tooFew = enough / 2;
        while (enough - tooFew > 1)
        {
            int middle = tooFew + ((enough - tooFew) / 2);
            if (Passes(middle, thresholds))
            {
                enough = middle;
            }
            else
            {
                tooFew = middle;
            }
        }

        return enough;
    }

    private bool Passes(int added, RetrainThresholds thresholds)
    {
        int[] counts = Filled(added);
        SpreadStatistics spread = SpreadStatistics.Of(_tasks.Zip(counts).ToDictionary(pair => pair.First, pair => pair.Second), _corpus)!;
        return SpreadGates.GiniPasses(spread, thresholds) && SpreadGates.SharePasses(spread, thresholds);
    }

    private int[] Filled(int added)
    {
        int[] counts = [.. _counts];
        var poorest = new PriorityQueue<int, (int Count, int Task)>(counts.Select((count, task) => (task, (count, task))));
        for (; added > 0; added--)
        {
            int task = poorest.Dequeue();
            counts[task]++;
            poorest.Enqueue(task, (counts[task], task));
        }

        return counts;
    }

    private string Sentence(int added)
    {
        const string Passed = "would pass the spread gates.";
        int[] given = [.. Filled(added).Zip(_counts, (after, before) => after - before)];
        string more = Figures.Count(added, "more corrected episode");
        int[] receivers = [.. Enumerable.Range(0, _tasks.Length).Where(task => given[task] > 0)];
        int level = _counts[receivers[0]];
        if (!Array.TrueForAll(receivers, task => given[task] == 1 && _counts[task] == level))
        {
            return $"{more} ({Named([.. receivers.Select(task => $"{given[task]} in {SpreadGates.TaskName(_tasks[task])}")], "and")}) {Passed}";
        }

        string[] candidates = [.. Enumerable.Range(0, _tasks.Length).Where(task => _counts[task] == level).Select(task => SpreadGates.TaskName(_tasks[task]))];
        if (added == 1)
        {
            return $"{more} in {Named(candidates, "or")} {Passed}";
        }

        return candidates.Length == added
            ? $"{more}, one each in {Named(candidates, "and")}, {Passed}"
            : $"{more}, each in another one of {Named(candidates, "or")}, {Passed}";
    }

    private static string Named(string[] names, string conjunction) => Figures.List(names, conjunction, NamesShown);
}
