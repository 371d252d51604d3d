using System.Globalization;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of the search for the slice in which a metric fell; each factory's name is the error's id.</summary>
internal static class BisectErrors
{
    public static HarvestException MetricUnknown(string metric, string? model, string? good, IReadOnlyList<string> known) => new(
        nameof(MetricUnknown),
        HarvestFault.NotFound,
        $"No slice{(good is null ? "" : $" from '{good}' on")} has a{(model is null ? "" : $" model '{model}' with a")} metric '{metric}'."
            + NearestName.Question(metric, known.Where(name => name != metric)),
        known.Count == 0
            ? (Remedy)$"Register models with their metrics: {new RemedyAction.RegisterModel(Metric: metric)}."
            : (Remedy)$"The registered metrics are {string.Join(", ", known)}; {new RemedyAction.ShowHistory()} shows them.",
        metric);

    public static HarvestException ModelNotRegistered(string model, IReadOnlyList<string> known) => new(
        nameof(ModelNotRegistered),
        HarvestFault.NotFound,
        $"No slice has a model '{model}'.{NearestName.Question(model, known)}",
        known.Count == 0
            ? (Remedy)$"Register models with their metrics: {new RemedyAction.RegisterModel()}."
            : (Remedy)$"The registered models are {Figures.List(known)}; {new RemedyAction.ShowHistory()} shows them.",
        model);

    public static HarvestException MetricTooRare(string metric, int slices, string first, string last) => new(
        nameof(MetricTooRare),
        HarvestFault.NotFound,
        $"Of the slices from {first} to {last}, {Figures.Count(slices)} {Figures.Plural(slices, "has", "have")} the metric '{metric}'; a fall needs two.",
        $"Register the metric on more slices of the line: {new RemedyAction.RegisterModel(Metric: metric)}.",
        metric);

    public static HarvestException NotAnAncestor(string good, string bad) => new(
        nameof(NotAnAncestor),
        HarvestFault.Usage,
        $"Slice {good} is not among those that slice {bad} descends from.",
        $"Name two slices of one line; {new RemedyAction.ShowHistory()} shows which slice descends from which.",
        good);

    public static HarvestException ToleranceInvalid(double tolerance) => new(
        nameof(ToleranceInvalid),
        HarvestFault.Usage,
        string.Create(CultureInfo.InvariantCulture, $"The tolerance {tolerance} is not a difference that a metric can have."),
        "Give 0 or a positive number, in the metric's own unit, for example 0.01.",
        tolerance);

    public static HarvestException SpreadInvalid(double spread) => new(
        nameof(SpreadInvalid),
        HarvestFault.Usage,
        string.Create(CultureInfo.InvariantCulture, $"The spread {spread} is not a standard deviation that a metric can have."),
        "Give 0 or a positive number, in the metric's own unit, for example 0.005.",
        spread);
}
