using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Decisions.States;

/// <summary>What a training, and the corrections still missing, would cost by the settings.</summary>
/// <param name="GpuHours">GPU hours of one training; null if not set.</param>
/// <param name="Price">What they cost; null if not set.</param>
/// <param name="Currency">The price's currency.</param>
/// <param name="AnnotationHours">Hours of annotation until the delta gate passes; null if not set or nothing is missing.</param>
/// <param name="Explanation">The same in words.</param>
public sealed record RetrainCosts(double? GpuHours, double? Price, string? Currency, double? AnnotationHours, string Explanation)
{
    /// <summary>Works out what the settings allow to be said.</summary>
    /// <param name="thresholds">The settings with the costs.</param>
    /// <param name="missing">How many more corrected episodes the delta gate needs.</param>
    internal static RetrainCosts Of(RetrainThresholds thresholds, long missing)
    {
        CostSettings costs = thresholds.Costs;
        double? price = costs.GpuHours * costs.PricePerGpuHour;
        double? hours = missing > 0 ? missing * costs.AnnotationHoursPerEpisode : null;
        var sentences = new List<string>();
        if (costs.GpuHours is { } gpu)
        {
            string money = price is null ? "the price of one is not set" : $"{Figures.Number(price.Value)} {costs.Currency}".TrimEnd();
            sentences.Add($"One training takes {Figures.Number(gpu)} GPU hours: {money}.");
        }

        if (hours is not null)
        {
            sentences.Add($"The {Figures.Count(missing, "episode")} still missing take {Figures.Number(hours.Value, 1)} hours of annotation.");
        }

        return new RetrainCosts(
            costs.GpuHours,
            price,
            costs.Currency,
            hours,
            sentences.Count == 0 ? "Not known: retrain.costs in harvest.json sets none that applies." : string.Join(" ", sentences));
    }
}
