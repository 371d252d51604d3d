using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class ModelsCommand : HarvestCommand
{
    private readonly Argument<string?> _name;
    private readonly Option<string[]> _slices;
    private readonly Option<string?> _mlflowRun;
    private readonly Option<bool> _verify;
    private readonly Option<string?> _metric;
    private readonly Option<bool> _lower;
    private readonly Option<string?> _spread;

    public ModelsCommand()
        : base("models", "List models and runs with what is known of their trainings; with --metric, rank the slices by a metric of theirs, with how their data differ from the best.")
    {
        _name = With(new Argument<string?>("NAME") { Description = "A model's name; * and ? mean anything (default: all).", Arity = ArgumentArity.ZeroOrOne });
        _slices = With(new Option<string[]>("--slice") { Description = "Only models of this slice; may be given again.", HelpName = "VERSION" });
        _mlflowRun = With(new Option<string?>("--mlflow-run") { Description = "Only the model of this run of MLflow.", HelpName = "RUN_ID" });
        _verify = With(new Option<bool>("--verify") { Description = "Hash the models' files, and say which are no longer what was registered." });
        _metric = With(new Option<string?>("--metric") { Description = "Rank the slices by this metric, the best first.", HelpName = "METRIC" });
        _lower = With(new Option<bool>("--lower-is-better") { Description = "With --metric: a low value is good, as of an error." });
        _spread = With(new Option<string?>("--spread") { Description = "With --metric: standard deviation from run to run on the same data (default: from slices with several runs).", HelpName = "NUMBER" });
    }

    public override void Run(Invocation run)
    {
        if (run.Value(_metric) is { } metric)
        {
            Compare(run, metric);
        }
        else
        {
            List(run);
        }
    }

    private void List(Invocation run)
    {
        var models = new JsonArray();
        run.Document["models"] = models;
        IReadOnlyList<RegisteredModel> listed = ListModels.Run(run.Repository, run.Value(_name), run.Value(_slices) ?? [], run.Value(_verify), run.Context, run.Value(_mlflowRun));
        foreach (RegisteredModel one in listed)
        {
            models.Add((JsonNode)HistoryShapes.Of(one));
            run.Say($"{one.Version}  {one.Name}  {Terminal.Short(one.Sha256)}  {one.Path ?? "-"}{(one.File is ModelFile.Changed or ModelFile.Gone ? $"  {one.File.ToLowerInvariant()}" : "")}");
            if (RegisteredModelText.Production(one) is { } production)
            {
                run.Say($"  {production}");
            }

            if (RegisteredModelText.Training(one) is { } training)
            {
                run.Say($"  {training}");
            }

            if (one.Metrics.Count > 0)
            {
                run.Say($"  {HistoryShapes.Text(one.Metrics)}");
            }

            foreach (string line in RegisteredModelText.Facts(one))
            {
                run.Say($"  {line}");
            }
        }

        IReadOnlyList<HarvestException> unreadable = ListModels.Unreadable(run.Repository, run.Value(_slices) ?? [], run.Context);
        if (listed.Count == 0 && unreadable.Count == 0)
        {
            run.Say("No models are registered.");
        }

        run.ForEach(unreadable, static fault => throw fault);
    }

    private void Compare(Invocation run, string metric)
    {
        run.Document["comparison"] = null;
        if ((run.Value(_slices) ?? []).Length > 0 || run.Value(_verify) || run.Value(_mlflowRun) is not null)
        {
            throw CliErrors.CommandLineInvalid("--metric ranks all slices, and hashes no file.", "Leave --slice, --mlflow-run and --verify out.");
        }

        ModelComparison comparison = CompareModels.Run(
            run.Repository, new ModelComparisonQuery(metric) { Model = run.Value(_name), LowerIsBetter = run.Value(_lower), Spread = Spread(run) }, run.Context);
        run.Document["comparison"] = Shape(comparison);
        run.Say($"{metric}, {(comparison.LowerIsBetter ? "lower" : "higher")} is better");
        TextTable table = new TextTable("slice", metric, "runs", "to the best", "data against the best").Right(1, 2, 3).Indent(2);
        foreach (RankedSlice slice in comparison.Slices)
        {
            bool best = ReferenceEquals(slice, comparison.Slices[0]);
            table.Add(
                slice.Version,
                Text(slice.Value),
                Figures.Count(slice.Models.Count),
                best ? "best" : $"{Text(slice.ToBest)}{(slice.WithinNoise == true ? " (noise)" : "")}",
                best ? "" : Data(slice));
        }

        run.Say(table);
        run.Say($"  {comparison.Noise}");
    }

    private double? Spread(Invocation run) => run.Value(_spread) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double spread) ? spread
        : throw CliErrors.CommandLineInvalid($"'{text}' is no number.", "Write a standard deviation after --spread, for example 0.005.");

    private static string Data(RankedSlice slice)
    {
        var parts = new List<string>();
        if (slice.Exports.Count > 0)
        {
            parts.Add(string.Join(", ", slice.Exports.GroupBy(static export => export.Change).Select(static group => $"{Figures.Count(group.Count(), "export")} {group.Key.ToLowerInvariant()}")));
        }

        if (slice.RowsToBest is { } rows and not 0)
        {
            parts.Add($"{Figures.Difference(rows)} {Figures.Plural(Math.Abs(rows), "row")}");
        }

        if (!slice.SameRules)
        {
            parts.Add("other rules");
        }

        return parts.Count == 0 ? "the same" : string.Join("; ", parts);
    }

    private static string Text(double value) => Figures.Number(value, 6);

    private static JsonObject Shape(ModelComparison comparison) => new()
    {
        ["metric"] = comparison.Metric,
        ["lower_is_better"] = comparison.LowerIsBetter,
        ["spread"] = comparison.Spread,
        ["spread_runs"] = comparison.SpreadRuns,
        ["slices"] = Shapes.List(comparison.Slices, static slice => new JsonObject
        {
            ["version"] = slice.Version,
            ["models"] = Shapes.List(slice.Models, static name => JsonValue.Create(name)),
            ["value"] = slice.Value,
            ["lowest"] = slice.Lowest,
            ["highest"] = slice.Highest,
            ["to_best"] = slice.ToBest,
            ["within_noise"] = slice.WithinNoise,
            ["exports"] = Shapes.List(slice.Exports, static export => new JsonObject { ["project"] = export.Project, ["change"] = export.Change, ["reference"] = export.Reference, ["difference"] = export.Difference }),
            ["rows_to_best"] = slice.RowsToBest,
            ["same_rules"] = slice.SameRules,
        }),
    };
}
