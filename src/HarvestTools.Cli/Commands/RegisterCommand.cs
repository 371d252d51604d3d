using System.CommandLine;
using System.Globalization;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class RegisterCommand : HarvestCommand
{
    private readonly Argument<string> _version;
    private readonly Argument<string> _name;
    private readonly Argument<string?> _path;
    private readonly Option<string[]> _metrics;
    private readonly RunOptions _facts;
    private readonly Option<string?> _trainedAt;
    private readonly Option<string?> _tracking;
    private readonly Option<string?> _mlflow;
    private readonly Option<string?> _artifact;
    private readonly Option<bool> _force;

    public RegisterCommand()
        : base("register", "Link a model to the slice it was trained on. The slice's key does not change, so its cache stays.")
    {
        _version = With(new Argument<string>("VERSION") { Description = "The slice it was trained on." });
        _name = With(new Argument<string>("NAME") { Description = "Its name; registering a name again adds to what was registered." });
        _path = With(new Argument<string?>("PATH")
        {
            Description = "Its file, which is hashed, or its address, such as s3://bucket/model.pt.",
            Arity = ArgumentArity.ZeroOrOne,
        });
        _metrics = With(new Option<string[]>("--metric") { Description = "A metric, as pck=0.91. Repeat it for more.", HelpName = "NAME=NUMBER" });
        _facts = new RunOptions(this);
        _trainedAt = With(new Option<string?>("--trained-at") { Description = "When it was trained, as 2026-05-11T14:32:00Z (default: the date that the slice has, else now).", HelpName = "TIME" });
        _tracking = With(new Option<string?>("--tracking") { Description = "Where the run is tracked, for example an address.", HelpName = "TEXT" });
        _mlflow = With(new Option<string?>("--mlflow")
        {
            Description = "Link it to a run of the MLflow that MLFLOW_TRACKING_URI names, and read the run's parameters, metrics and times (default: the run of MLFLOW_RUN_ID, the one made for this model before, or a new one).",
            HelpName = "RUN_ID",
            Arity = ArgumentArity.ZeroOrOne,
        });
        _artifact = With(new Option<string?>("--mlflow-artifact") { Description = "With --mlflow: an artifact of the run, as model/model.pt; its file is hashed.", HelpName = "NAME" });
        _force = With(new Option<bool>("--force") { Description = "Replace what is registered under the name and is different." });
    }

    public override void Run(Invocation run)
    {
        run.Document["model"] = null;
        var metrics = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach ((string metric, string text) in PairArguments.Read("--metric", run.Value(_metrics) ?? [], "NAME=NUMBER", "pck=0.91"))
        {
            metrics[metric] = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw CliErrors.PairInvalid("--metric", $"{metric}={text}", "NAME=NUMBER", "pck=0.91");
        }

        ModelRegistration registration = _facts.Read(run, new ModelRegistration(run.Value(_version)!, run.Value(_name)!)
        {
            Path = run.FileOrText(run.Value(_path)),
            Metrics = metrics,
            TrainedAt = TimeArguments.Read(run.Value(_trainedAt)),
            Tracking = run.Value(_tracking),
            Force = run.Value(_force),
        });
        RegisteredModel model = Register(run, registration);
        run.Document["model"] = HistoryShapes.Of(model);
        run.Say($"{RegisteredModelText.Outcome(model)}  {model.Version}  {model.Name}  {Terminal.Short(model.Sha256)}  {model.Path ?? "-"}");
        if (model.Metrics.Count > 0)
        {
            run.Say($"  {HistoryShapes.Text(model.Metrics)}");
        }

        foreach (string line in RegisteredModelText.Facts(model))
        {
            run.Say($"  {line}");
        }

        if (RegisteredModelText.Training(model) is { } training)
        {
            run.Say($"  {training}");
        }

        foreach (string difference in model.PinDifferences)
        {
            run.Warn(new ExportNotice("PinDiffers", difference, $"Register what the training used, or make the next slice with what it is to pin."));
        }

        if (RegisteredModelText.Overtaking(model) is { } overtaking)
        {
            run.Warn(new ExportNotice("TrainingDateAssumed", overtaking, $"Say when it was trained with --trained-at TIME; the name again corrects the date."));
        }

        foreach (string leak in model.Leaks)
        {
            run.Warn(new ExportNotice("EvalSetLeaks", leak, $"{new RemedyAction.CheckSlice(model.Version)} looks at it again once the eval set was changed."));
        }

        if (RegisteredModelText.ProductionReplaced(model) is { } replaced)
        {
            run.Warn(new ExportNotice("ProductionReplaced", replaced, $"Put the new artifact there with {new RemedyAction.PromoteModel(model.Name, model.Version)}, or register the former one again."));
        }

        if (model.Outcome != RegisterOutcome.Unchanged)
        {
            run.Next($"harvest log, then commit {run.Repository.Settings.SlicesFolder}/{model.Version}");
        }
    }

    private RegisteredModel Register(Invocation run, ModelRegistration registration)
    {
        if (!run.IsGiven(_mlflow))
        {
            return run.Value(_artifact) is null ? RegisterModel.Run(run.Repository, registration, run.Context)
                : throw CliErrors.CommandLineInvalid("--mlflow-artifact names an artifact of a run.", "Name the run with --mlflow RUN_ID.");
        }

        return registration.Tracking is null ? TrackModel.Run(run.Repository, registration, new MlflowRequest(run.Value(_mlflow), run.Value(_artifact)), run.Context)
            : throw CliErrors.CommandLineInvalid("--mlflow says where the run is tracked, and so does --tracking.", "Leave --tracking out.");
    }
}
