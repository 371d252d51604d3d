using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.States;

/// <summary>The errors of the retrain decision; each factory's name is the error's id.</summary>
internal static class DecisionErrors
{
    /// <summary>A figure of the state cannot be: a negative count, a Gini coefficient above 1.</summary>
    public static HarvestException RetrainStateOutOfRange(string property, double? value, string range) => new(
        nameof(RetrainStateOutOfRange),
        HarvestFault.Usage,
        $"{property} is {Number(value)}; it must be {range}.",
        $"Give {property} a value {range}, or take the figures from {new RemedyAction.ShowRetrainState()}.",
        property);

    /// <summary>Exports that the decision compares are not on this machine; without them every figure would be wrong.</summary>
    /// <param name="missing">The exports: hash, project and path.</param>
    /// <param name="outside">How many of them were added from outside the repository, so that no path of it is theirs.</param>
    /// <param name="archive">Where the archive is, or would be.</param>
    public static HarvestException StateNotReadable(IReadOnlyList<string> missing, int outside, string archive) => new(
        nameof(StateNotReadable),
        HarvestFault.NotFound,
        $"Whether to retrain cannot be said on this machine: neither the archive ({archive}) nor a recorded path has {Figures.List(missing)}.",
        outside == 0 ? (Remedy)$"Copy {archive} from a machine that has it, put these files at their paths, or archive them with {new RemedyAction.AddExport()}."
            : outside == missing.Count ? (Remedy)$"Copy {archive} from a machine that has it, or archive these files again with {new RemedyAction.AddExport()}."
            : $"Copy {archive} from a machine that has it, or archive these files again with {new RemedyAction.AddExport()}; those with a path may be put there instead.",
        archive);

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}
