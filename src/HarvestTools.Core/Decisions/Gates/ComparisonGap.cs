using HarvestTools.Decisions.Statistics;
using HarvestTools.Manifests;

namespace HarvestTools.Decisions.Gates;

/// <summary>Why the latest model versions cannot be compared with the earlier ones.</summary>
/// <param name="Status"><see cref="CorrectionTrendStatus.LabelersChanged"/> or <see cref="CorrectionTrendStatus.TaskMixChanged"/>.</param>
/// <param name="Unmatched">Episodes of the latest cycles without a counterpart for that reason.</param>
/// <param name="Episodes">Episodes of the latest cycles.</param>
/// <param name="Names">The new annotators or tasks; empty where known annotators merely swapped known tasks.</param>
/// <param name="Latest">The latest cycles' model versions.</param>
internal sealed record ComparisonGap(
    string Status, long Unmatched, long Episodes, IReadOnlyList<string> Names, IReadOnlyList<string> Latest)
{
    /// <summary>The reason that keeps most episodes of the latest cycles out; null if all of them have a counterpart.</summary>
    public static ComparisonGap? Find(VersionCorrections[] modelVersions, CorrectionTrendSettings settings)
    {
        int start = Math.Max(1, modelVersions.Length - settings.Cycles);
        VersionCorrections[] latest = modelVersions[start..];
        CorrectionStratum[] before = [.. modelVersions[Math.Max(0, start - settings.BaselineVersions)..start].SelectMany(Worked)];
        CorrectionStratum[] after = [.. latest.SelectMany(Worked)];
        HashSet<long?> labelers = [.. before.Select(stratum => stratum.AnnotatorId)];
        HashSet<string> tasks = [.. before.Select(stratum => stratum.TaskSubdir)];
        HashSet<(string, long?)> pairs = [.. before.Select(stratum => (stratum.TaskSubdir, stratum.AnnotatorId))];

        CorrectionStratum[] newLabelers = [.. after.Where(stratum => !labelers.Contains(stratum.AnnotatorId))];
        CorrectionStratum[] newTasks = [.. after.Where(stratum => !tasks.Contains(stratum.TaskSubdir))];
        CorrectionStratum[] unmatched = [.. after.Where(stratum => !pairs.Contains((stratum.TaskSubdir, stratum.AnnotatorId)))];
        if (unmatched.Length == 0)
        {
            return null;
        }

        long byLabeler = newLabelers.Sum(stratum => stratum.Episodes);
        long byTask = newTasks.Sum(stratum => stratum.Episodes);
        long all = unmatched.Sum(stratum => stratum.Episodes);
        bool labelerGap = byLabeler >= byTask;
        bool swapped = Math.Max(byLabeler, byTask) * 2 < all;
        IEnumerable<string> names = labelerGap
            ? newLabelers.Select(stratum => CorrectionTrendText.AnnotatorName(stratum.AnnotatorId))
            : newTasks.Select(stratum => SpreadGates.TaskName(stratum.TaskSubdir));
        return new ComparisonGap(
            labelerGap || swapped ? CorrectionTrendStatus.LabelersChanged : CorrectionTrendStatus.TaskMixChanged,
            swapped ? all : Math.Max(byLabeler, byTask),
            after.Sum(stratum => stratum.Episodes),
            swapped ? [] : [.. names.Distinct().Order(StringComparer.Ordinal)],
            [.. latest.Select(modelVersion => modelVersion.ModelVersion)]);
    }

    private static IEnumerable<CorrectionStratum> Worked(VersionCorrections modelVersion) =>
        modelVersion.Strata.Where(stratum => stratum.Episodes > 0);
}
