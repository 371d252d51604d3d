using System.Globalization;

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

    private static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";
}
