using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Keeps a slice from being made with what its eval set has, and says what it shares with the eval sets that came before it.</summary>
internal static class NewSliceLeaks
{
    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice, derived and not yet written.</param>
    /// <param name="sideOf">What the slice has.</param>
    /// <param name="allow">Whether what it shares with its own eval set is a notice too.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">EvalSetLeaks.</exception>
    public static IReadOnlyList<ExportNotice> Find(
        Repository repository, SliceManifest slice, Func<LeakCheck, TrainingSide> sideOf, bool allow, WorkContext context)
    {
        // Without any eval set nothing can leak into one, and of manifests with a thousand exports each nothing else is asked here.
        if (slice.EvalSet is null && repository.Settings.EvalSet is null && !repository.Slices.MayMention("\"eval_set\""u8, context.Cancellation))
        {
            return [];
        }

        using var check = new LeakCheck(repository, context);
        SliceManifest[] all = slice.EvalSet is null && slice.Parents.Count == 0 ? [] : [.. repository.Slices.LoadAll(context.Cancellation).Select(static entry => entry.Manifest).OfType<SliceManifest>()];
        IReadOnlyList<(string Path, IReadOnlyList<string> Versions)> sets = check.EvalSets(slice, all);
        if (sets.Count == 0)
        {
            return [];
        }

        var notices = new List<ExportNotice>();
        TrainingSide side = sideOf(check);
        foreach (LeakResult result in check.Run(slice.Version, sets, side))
        {
            if (result.Problem is null && !result.Leak.IsEmpty && result.Own && !allow)
            {
                throw LeakErrors.EvalSetLeaks(slice.Version, result.Path, LeakErrors.What(result.Leak.Episodes, result.Leak.Media, result.Leak.Copies));
            }

            notices.AddRange(Notices(slice.Version, result));
        }

        if (side.Lacking.Count > 0)
        {
            notices.Add(Notice(LeakFindings.ColumnsLacking(slice.Version, side.Lacking)));
        }

        return notices;
    }

    /// <summary>In the words of the check.</summary>
    internal static IEnumerable<ExportNotice> Notices(string version, LeakResult result) =>
        SliceLeaks.FindingsOf(version, result).Select(Notice);

    private static ExportNotice Notice(DriftFinding finding) => new(nameof(LeakErrors.EvalSetLeaks), finding.Message, finding.Fix);
}
