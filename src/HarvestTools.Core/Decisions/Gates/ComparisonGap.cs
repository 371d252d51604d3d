using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Decisions.Gates;

/// <summary>Why later model versions cannot be compared with earlier ones.</summary>
/// <param name="Status"><see cref="CorrectionTrendStatus.LabelersChanged"/> or <see cref="CorrectionTrendStatus.TaskMixChanged"/>.</param>
/// <param name="Unmatched">Episodes of the later ones without a counterpart.</param>
/// <param name="Episodes">Episodes of the later ones.</param>
/// <param name="Names">The new annotators or tasks; empty where known people merely have other tasks or work in other groups.</param>
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
    private const int MostBridging = 200;

    /// <summary>Whether half of the later episodes or more are by new people, or of new tasks; not merely of new pairs of both.</summary>
    public bool IsOfOthers { get; private init; }

    /// <summary>What keeps half of the later episodes or more from being compared; null where more than half can be.</summary>
    /// <param name="modelVersions">Of one model, in order.</param>
    /// <param name="start">Where the rise may have begun, by the plain figures.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="limit">The limit of the test.</param>
    public static ComparisonGap? Find(VersionCorrections[] modelVersions, RiseCandidate start, CorrectionTrendSettings settings, double limit)
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

        HashSet<long?> people = [.. before.SelectMany(static units => units.Annotators)];
        HashSet<string> tasks = [.. before.Select(static units => units.TaskSubdir)];
        CorrectionUnits[] byPeople = [.. unmatched.Where(units => units.Annotators.Any(annotator => !people.Contains(annotator)))];
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
            BridgeOf(before, start.Dispersion, settings, limit))
        {
            IsOfOthers = 2 * (labelers ? byPeople : byTask).Sum(static units => units.Episodes) >= episodes,
        };
    }

    /// <summary>
    /// How many episodes of the latest model version, labelled by those who labelled before and in the tasks that they had, would
    /// show a rise of the size looked for in nine cases of ten.
    /// </summary>
    private static ComparisonBridge? BridgeOf(CorrectionUnits[] before, Dispersion dispersion, CorrectionTrendSettings settings, double limit)
    {
        double known = before.Sum(static units => units.Episodes);
        double corrections = before.Sum(static units => units.Corrections);
        for (int episodes = settings.MinEpisodes; corrections > 0 && episodes <= MostBridging; episodes++)
        {
            double all = corrections + (settings.Ratio * corrections / known * episodes);
            if (RiseCandidate.CanTell(RiseEvidence.ExpectedOf(all, known, episodes, settings.Ratio, dispersion.Limit), dispersion, limit))
            {
                return new ComparisonBridge(episodes, [.. before.SelectMany(static units => units.Annotators).Distinct().Order()]);
            }
        }

        return null;
    }

    private static CorrectionUnits[] Worked(IEnumerable<VersionCorrections> modelVersions) =>
        [.. modelVersions.SelectMany(static version => version.Work).Where(static units => units.Episodes > 0)];
}

/// <summary>What would make model versions comparable that no one labelled under both.</summary>
/// <param name="Episodes">How many episodes.</param>
/// <param name="Annotators">By whom, in the tasks that they had before.</param>
internal sealed record ComparisonBridge(int Episodes, IReadOnlyList<long?> Annotators);
