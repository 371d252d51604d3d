using System.CommandLine;
using System.Globalization;
using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class BisectCommand : HarvestCommand
{
    private readonly Option<string?> _metric;
    private readonly Option<string?> _model;
    private readonly Option<string?> _good;
    private readonly Option<string?> _bad;
    private readonly Option<string?> _tolerance;
    private readonly Option<bool> _lowerIsBetter;

    public BisectCommand()
        : base("bisect", "Find the first slice in which a registered metric fell, and show which exports, tasks and rules came with it. Runs nothing.")
    {
        _metric = With(new Option<string?>("--metric") { Description = "The metric, as it was registered.", HelpName = "NAME", Required = true });
        _model = With(new Option<string?>("--model") { Description = "Only the model or run of this name (default: the median of all that a slice has).", HelpName = "NAME" });
        _good = With(new Option<string?>("--good") { Description = "The slice to begin with (default: the first of the line).", HelpName = "VERSION" });
        _bad = With(new Option<string?>("--bad") { Description = "The slice to end with (default: the newest that has the metric).", HelpName = "VERSION" });
        _tolerance = With(new Option<string?>("--tolerance")
        {
            Description = "By how much the metric may be worse than the best before (default: 0, any fall counts).",
            HelpName = "NUMBER",
        });
        _lowerIsBetter = With(new Option<bool>("--lower-is-better") { Description = "For metrics such as an error: a rise counts as the fall." });
    }

    public override void Run(Invocation run)
    {
        run.Document["regression"] = null;
        MetricRegression found = FindMetricRegression.Run(
            run.Repository,
            new RegressionQuery(run.Value(_metric)!)
            {
                Model = run.Value(_model),
                Good = run.Value(_good),
                Bad = run.Value(_bad),
                Tolerance = Tolerance(run),
                LowerIsBetter = run.Value(_lowerIsBetter),
            },
            run.Context);
        run.Document["regression"] = RegressionShapes.Of(found);
        if (run.Text)
        {
            RegressionText.Write(run, found);
        }
    }

    private double Tolerance(Invocation run) => run.Value(_tolerance) is not { } text ? 0
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double tolerance) ? tolerance
        : throw CliErrors.CommandLineInvalid($"'{text}' is not a number.", "Write for example '--tolerance 0.01'.");
}
