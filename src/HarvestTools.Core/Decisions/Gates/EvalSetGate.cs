using HarvestTools.Decisions.States;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.Gates;

/// <summary>Would the next model be measured by the same eval set?</summary>
internal static class EvalSetGate
{
    public static RetrainGate Evaluate(RetrainState state)
    {
        bool? changed = state.EvalSet is null ? state.EvalSetChanged : state.EvalSet.Changed ?? state.EvalSetChanged;
        return new RetrainGate(
            RetrainGateNames.EvalSet,
            changed is null ? null : changed.Value ? 1 : 0,
            0,
            changed is null ? null : !changed.Value,
            Explain(state.EvalSet, changed),
            changed is null ? "unknown" : IsGone(state.EvalSet) ? "gone" : changed.Value ? "changed" : "unchanged",
            "unchanged")
        {
            Allowance = state.EvalSet?.RenamedTo is { } renamed ? $"renamed to {renamed}" : null,
        };
    }

    /// <summary>Whether one was recorded and nothing is there any more.</summary>
    public static bool IsGone(EvalSetState? evalSet) => evalSet is { RecordedSha256: not null, CurrentSha256: null };

    private static string Explain(EvalSetState? evalSet, bool? changed)
    {
        if (evalSet is null)
        {
            return changed switch
            {
                null => "No eval set is pinned: nothing will show whether a retrain helped.",
                true => "Figures before and after a change of the eval set cannot be compared.",
                false => "The eval set is the one that the trained slice was measured by.",
            };
        }

        string name = evalSet.Path ?? evalSet.RecordedPath ?? "The eval set";
        if (evalSet.RecordedSha256 is null)
        {
            return evalSet.CurrentSha256 is null
                ? "No eval set is pinned: nothing will show whether a retrain helped."
                : $"No slice that a model was trained on recorded an eval set to compare {name} with.";
        }

        if (evalSet.CurrentSha256 is null)
        {
            return $"{name} is gone, and nothing in the repository was found that has what the slice recorded ({Short(evalSet.RecordedSha256)}).";
        }

        if (evalSet.Changed == true)
        {
            return $"{name} now has {Short(evalSet.CurrentSha256)}; the slice recorded {Short(evalSet.RecordedSha256)}.";
        }

        string same = evalSet.OtherLineEnds ? "the text that the slice recorded, with other line ends" : "the bytes that the slice recorded";
        if (evalSet.RenamedTo is { } now)
        {
            return $"{name} is gone, and {now} has {same} ({Short(evalSet.RecordedSha256)}): set eval_set in harvest.json to \"{now}\".";
        }

        bool renamed = evalSet.RecordedPath is not null && evalSet.Path is not null && evalSet.RecordedPath != evalSet.Path;
        return renamed
            ? $"Renamed from {evalSet.RecordedPath} to {evalSet.Path}, which has {same} ({Short(evalSet.RecordedSha256)})."
            : $"{name} has {same} ({Short(evalSet.RecordedSha256)}).";
    }

    private static string Short(string sha256) => $"sha256 {Figures.ShortHash(sha256)}";
}
