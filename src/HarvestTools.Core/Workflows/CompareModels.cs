using System.Globalization;
using HarvestTools.Decisions.Statistics;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Which models to compare, and by what.</summary>
/// <param name="Metric">The metric's name, as it was registered.</param>
public sealed record ModelComparisonQuery(string Metric)
{
    /// <summary>A name, with <c>*</c> and <c>?</c> for any; null for all that have the metric.</summary>
    public string? Model { get; init; }

    /// <summary>True for metrics such as an error.</summary>
    public bool LowerIsBetter { get; init; }

    /// <summary>Standard deviation of the metric from run to run on one slice; null estimates it from slices with several runs.</summary>
    public double? Spread { get; init; }
}

/// <summary>The metric on one slice.</summary>
/// <param name="Version">The slice.</param>
/// <param name="Models">The models and runs that have the metric.</param>
/// <param name="Value">Mean over them.</param>
/// <param name="Lowest">The lowest of them.</param>
/// <param name="Highest">The highest of them.</param>
/// <param name="ToBest">The value minus that of the best slice.</param>
public sealed record RankedSlice(string Version, IReadOnlyList<string> Models, double Value, double Lowest, double Highest, double ToBest)
{
    /// <summary>Whether the difference to the best slice is one that runs on the same data have; null where that cannot be said.</summary>
    public bool? WithinNoise { get; init; }

    /// <summary>Exports that only this slice or the best one has.</summary>
    public IReadOnlyList<ExportChange> Exports { get; init; } = [];

    /// <summary>Recorded rows minus those of the best slice; null where either recorded none.</summary>
    public long? RowsToBest { get; init; }

    /// <summary>Whether the harvest rules are those of the best slice.</summary>
    public bool SameRules { get; init; }

    /// <summary><c>v3 0.94</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version} {Value}");
}

/// <summary>Slices by a metric of their models, the best first.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="LowerIsBetter">Whether a low value is good.</param>
/// <param name="Spread">Standard deviation from run to run; null where it is not known.</param>
/// <param name="SpreadRuns">How many runs it was estimated from; null where it was given, or is not known.</param>
/// <param name="Slices">The best first; of equal ones the older first.</param>
public sealed record ModelComparison(string Metric, bool LowerIsBetter, double? Spread, int? SpreadRuns, IReadOnlyList<RankedSlice> Slices)
{
    /// <summary>How sure it is that one slice is better than another, in a sentence.</summary>
    public string Noise => Spread is not { } spread
            ? "Whether a difference is more than runs on the same data differ by is not known: register several runs on a slice, or give the spread."
        : SpreadRuns is { } runs
            ? $"Runs on the same data differ by {Figures.Number(spread, 4)} (standard deviation, from {Figures.Count(runs, "run")}); a difference that such runs have in 19 of 20 cases is noise."
        : $"Runs on the same data differ by {Figures.Number(spread, 4)} (standard deviation, as given); a difference that such runs have in 19 of 20 cases is noise.";
}

/// <summary>
/// Ranks slices by a metric of their models. Several runs on a slice count by their mean. A difference is noise while it is less than
/// t · s · √(1/n₁ + 1/n₂), where s is the pooled standard deviation of runs on one slice and t the two-sided 95 % quantile of Student's
/// distribution with as many degrees of freedom as s has; of a spread that was given, of the normal distribution.
/// </summary>
public static class CompareModels
{
    private const double Confidence = 0.95;
    private const double NormalQuantile = 1.959963984540054;

    /// <exception cref="HarvestException">MetricUnknown, ModelNotRegistered, SpreadInvalid.</exception>
    public static ModelComparison Run(Repository repository, ModelComparisonQuery query, WorkContext context)
    {
        if (query.Spread is { } asked && !(double.IsFinite(asked) && asked >= 0))
        {
            throw BisectErrors.SpreadInvalid(asked);
        }

        // The best of those that can be read is not known to be the best.
        ListModels.RequireAll(repository, [], context);
        SliceManifest[] slices = [.. ListModels.Readable(repository, context)];
        RegisteredModel[] models = [.. slices.SelectMany(RegisteredModels.Of).Where(model => ListModels.Matches(model.Name, query.Model))];
        if (models.Length == 0 && query.Model is not null)
        {
            throw BisectErrors.ModelNotRegistered(query.Model, [.. slices.SelectMany(RegisteredModels.Of).Select(static model => model.Name).Distinct(StringComparer.Ordinal)]);
        }

        (SliceManifest Slice, RegisteredModel[] Models, double[] Values)[] measured =
        [
            .. slices.Select(slice => (slice, models.Where(model => model.Version == slice.Version && model.Metrics.ContainsKey(query.Metric)).ToArray()))
                .Where(static one => one.Item2.Length > 0)
                .Select(one => (one.slice, one.Item2, one.Item2.Select(model => model.Metrics[query.Metric]).ToArray())),
        ];
        if (measured.Length == 0)
        {
            throw BisectErrors.MetricUnknown(query.Metric, query.Model, null, [.. models.SelectMany(static model => model.Metrics.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        }

        (double? spread, int freedom, int? runs) = query.Spread is { } given ? (given, 0, null) : Pooled([.. measured.Select(static one => one.Values)]);
        double sign = query.LowerIsBetter ? 1 : -1;
        (SliceManifest Slice, RegisteredModel[] Models, double[] Values)[] ranked = [.. measured.OrderBy(one => sign * one.Values.Average())];
        (SliceManifest best, _, double[] top) = ranked[0];
        SliceManifest bestNow = SliceInputs.UnderPresentNames(repository, best);
        return new ModelComparison(query.Metric, query.LowerIsBetter, spread, runs,
        [
            .. ranked.Select(one =>
            {
                double difference = Subtract(one.Values.Average(), top.Average());
                double? limit = spread is null ? null
                    : (runs is null ? NormalQuantile : StudentT.TwoSided(Confidence, freedom)) * spread * Math.Sqrt((1.0 / one.Values.Length) + (1.0 / top.Length));
                bool isBest = one.Slice.Version == best.Version;
                return new RankedSlice(one.Slice.Version, [.. one.Models.Select(static model => model.Name)], one.Values.Average(), one.Values.Min(), one.Values.Max(), difference)
                {
                    WithinNoise = isBest || limit is null ? null : Math.Abs(difference) <= limit,
                    Exports = isBest ? [] : ExportChange.Between(bestNow, SliceInputs.UnderPresentNames(repository, one.Slice)),
                    RowsToBest = SliceHistory.RowsOf(one.Slice) - SliceHistory.RowsOf(best),
                    SameRules = one.Slice.HarvestSha256 == best.HarvestSha256 && System.Text.Json.Nodes.JsonNode.DeepEquals(one.Slice.FilterOverrides, best.FilterOverrides),
                };
            }),
        ]);
    }

    // Subtracted in decimal where it can be: 0.91 - 0.90 is 0.01 for whoever reads it.
    private static double Subtract(double value, double from)
    {
        const double Exact = 1e12;
        return Math.Abs(value) < Exact && Math.Abs(from) < Exact ? (double)((decimal)value - (decimal)from) : value - from;
    }

    private static (double? Spread, int Freedom, int? Runs) Pooled(double[][] values)
    {
        double[][] repeated = [.. values.Where(static runs => runs.Length > 1)];
        int freedom = repeated.Sum(static runs => runs.Length - 1);
        return freedom == 0
            ? (null, 0, null)
            : (Math.Sqrt(repeated.Sum(static runs => runs.Sum(value => Math.Pow(value - runs.Average(), 2))) / freedom), freedom, repeated.Sum(static runs => runs.Length));
    }
}
