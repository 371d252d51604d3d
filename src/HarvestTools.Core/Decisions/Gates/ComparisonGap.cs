using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Decisions.Gates;

/// <summary>Why later model versions cannot be compared with earlier ones.</summary>
/// <param name="Status"><see cref="CorrectionTrendStatus.LabelersChanged"/> or <see cref="CorrectionTrendStatus.TaskMixChanged"/>.</param>
/// <param name="Unmatched">Episodes of the later ones without a counterpart.</param>
/// <param name="Episodes">Episodes of the later ones.</param>
/// <param name="Names">The new annotators or tasks; empty where known people work in other groups, or merely have other tasks.</param>
/// <param name="Before">The earlier model versions.</param>
/// <param name="After">The later ones.</param>
/// <param name="Rise">How much the plain figures rose; null where the earlier ones have no correction.</param>
/// <param name="Bridge">What would settle it; null where no reasonable number of episodes would.</param>
internal sealed record ComparisonGap(
    string Status,
    long Unmatched,
    long Episodes,
    IReadOnlyList<string> Names,
    IReadOnlyList<string> Before,
    IReadOnlyList<string> After,
    double? Rise,
    ComparisonBridge? Bridge)
{
    private const int StepBridging = 5;
    private const int MostBridging = 100;

    /// <summary>Whether half of the later episodes or more are by new people or groups of people, or of new tasks; not merely of new pairs of both.</summary>
    public bool IsOfOthers { get; private init; }

    /// <summary>Whether it is known people who label episodes together, or alone, as they did not before.</summary>
    public bool Regrouped { get; private init; }

    /// <summary>What keeps half of the later episodes or more from being compared; null where more than half can be.</summary>
    /// <param name="modelVersions">Of one model, in order.</param>
    /// <param name="start">Where the rise may have begun, by the plain figures.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="lines">How many models are tested.</param>
    public static ComparisonGap? Find(VersionCorrections[] modelVersions, RiseCandidate start, CorrectionTrendSettings settings, int lines)
    {
        CorrectionUnits[] before = Worked(modelVersions[start.Baseline]);
        CorrectionUnits[] after = Worked(modelVersions[start.Tested]);
        HashSet<(string, string)> cells = [.. before.Select(static units => (units.TaskSubdir, units.People))];
        CorrectionUnits[] unmatched = [.. after.Where(units => !cells.Contains((units.TaskSubdir, units.People)))];
        long episodes = after.Sum(static units => units.Episodes);
        long alone = unmatched.Sum(static units => units.Episodes);
        if (alone * 2 < episodes)
        {
            return null;
        }

        HashSet<string> groups = [.. before.Select(static units => units.People)];
        HashSet<long?> people = [.. before.SelectMany(static units => units.Annotators)];
        HashSet<string> tasks = [.. before.Select(static units => units.TaskSubdir)];
        CorrectionUnits[] byPeople = [.. unmatched.Where(units => !groups.Contains(units.People))];
        CorrectionUnits[] byTask = [.. unmatched.Where(units => !tasks.Contains(units.TaskSubdir))];
        bool labelers = byPeople.Sum(static units => units.Episodes) >= byTask.Sum(static units => units.Episodes);
        IEnumerable<string> names = labelers
            ? byPeople.SelectMany(static units => units.Annotators).Where(annotator => !people.Contains(annotator)).Distinct().Order().Select(CorrectionTrendText.AnnotatorName)
            : byTask.Select(static units => units.TaskSubdir).Distinct().Order(StringComparer.Ordinal).Select(SpreadGates.TaskName);
        return new ComparisonGap(
            labelers ? CorrectionTrendStatus.LabelersChanged : CorrectionTrendStatus.TaskMixChanged,
            alone,
            episodes,
            [.. names],
            [.. modelVersions[start.Baseline].Select(static version => version.ModelVersion)],
            [.. modelVersions[start.Tested].Select(static version => version.ModelVersion)],
            start.Evidence.Rise,
            BridgeOf(modelVersions, start, before, settings, lines))
        {
            Regrouped = labelers && byPeople.Length > 0 && !names.Any(),
            IsOfOthers = 2 * (labelers ? byPeople : byTask).Sum(static units => units.Episodes) >= episodes,
        };
    }

    /// <summary>
    /// How many episodes of each of the latest cycles, labelled by those who labelled before and in the tasks that they had, would make
    /// a rise of the size looked for visible: tried on the figures themselves.
    /// </summary>
    private static ComparisonBridge? BridgeOf(VersionCorrections[] modelVersions, RiseCandidate start, CorrectionUnits[] before, CorrectionTrendSettings settings, int lines)
    {
        long known = before.Sum(static units => units.Episodes);
        int latest = Math.Max(start.Tested.Start.Value, modelVersions.Length - settings.Cycles);
        for (int episodes = StepBridging; known > 0 && episodes <= MostBridging; episodes += StepBridging)
        {
            CorrectionUnits[] added = [.. before
                .GroupBy(static units => (units.TaskSubdir, units.People))
                .Select(cell => Share(cell, (double)episodes / known, start.Dispersion.Value))
                .Where(static units => units.Episodes > 0)];
            VersionCorrections[] tried = [.. modelVersions.Select((version, i) => i < latest ? version : version with { Units = [.. version.Work, .. added] })];
            if (new CorrectionTrendTest(tried, settings, lines).CanCompare(start.Tested.Start.Value))
            {
                return new ComparisonBridge(
                    episodes, [.. modelVersions[latest..].Select(static version => version.ModelVersion)], [.. before.SelectMany(static units => units.Annotators).Distinct().Order()])
                {
                    Groups = before.Any(static units => units.Annotators.Count > 1),
                };
            }
        }

        return null;
    }

    /// <summary>A share of a cell's episodes with the corrections that they needed before.</summary>
    private static CorrectionUnits Share(IEnumerable<CorrectionUnits> cell, double share, double dispersion)
    {
        CorrectionUnits[] units = [.. cell];
        double episodes = units.Sum(static one => one.Episodes);
        double mean = units.Sum(static one => one.Corrections) / episodes;
        long given = (long)Math.Round(episodes * share);
        return new CorrectionUnits(units[0].TaskSubdir, units[0].Annotators, given, (long)Math.Round(given * mean), given * ((mean * mean) + (dispersion * mean)));
    }

    private static CorrectionUnits[] Worked(IEnumerable<VersionCorrections> modelVersions) =>
        [.. modelVersions.SelectMany(static version => version.Work).Where(static units => units.Episodes > 0)];
}

/// <summary>What would make model versions comparable that no one labelled under both.</summary>
/// <param name="Episodes">How many episodes.</param>
/// <param name="Versions">Of each of which model versions.</param>
/// <param name="Annotators">By whom, in the tasks that they had before.</param>
internal sealed record ComparisonBridge(int Episodes, IReadOnlyList<string> Versions, IReadOnlyList<long?> Annotators)
{
    /// <summary>Whether some of them labelled episodes together.</summary>
    public bool Groups { get; init; }
}
