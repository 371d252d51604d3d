using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using HarvestTools.History;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Links a model or run to slices, without changing their keys.</summary>
[Cmdlet(VerbsLifecycle.Register, "SliceModel", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(RegisteredModel), typeof(Slice))]
public sealed class RegisterSliceModelCommand : HarvestCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of the slices that the model was trained on, for example v3.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The model's name, for example hand_keypoint.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Name { get; set; } = string.Empty;

    // Not from the pipeline: the path of a slice is that of its manifest.
    [Parameter(Position = 2)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter]
    [ValidateNotNull]
    public IDictionary? Metric { get; set; }

    [Parameter]
    public DateTimeOffset? TrainedAt { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Tracking { get; set; }

    /// <summary>What the training was given: numbers, texts and truth values by name.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Parameter { get; set; }

    /// <summary>SHA-256 of an artifact that is an address.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ArtifactSha256 { get; set; }

    /// <summary>The commit of the training's code: a hash, or what git knows, such as HEAD.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Commit { get; set; }

    /// <summary>A number, several numbers, or a dictionary of numbers by name.</summary>
    [Parameter]
    [ValidateNotNull]
    public object? Seed { get; set; }

    /// <summary>What it ran on, in words; auto reads what this machine is.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Hardware { get; set; }

    /// <summary>Files of the repository that name the dependencies; they are hashed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[]? Dependency { get; set; }

    /// <summary>When the training began.</summary>
    [Parameter]
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Link it to a run of the MLflow that MLFLOW_TRACKING_URI names.</summary>
    [Parameter]
    public SwitchParameter Mlflow { get; set; }

    /// <summary>The id of that run; left out, it is the one of MLFLOW_RUN_ID, the one made for this model before, or a new one.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MlflowRun { get; set; }

    /// <summary>An artifact of the run, whose file is hashed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MlflowArtifact { get; set; }

    /// <summary>Replace another artifact or metric that is registered under the name.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Emit the slice as it is now instead of the model, so that the pipeline goes on with it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        OrderedDictionary<string, double> metrics = RunOrEnd(Metrics);
        string? path = Path is null ? null : ItemPath.ExistingOrText(SessionState, Path);
        Dictionary<string, JsonNode> parameters = RunOrEnd(() => JsonValues.FromRules(JsonValues.InOrder(Parameter)
            .Select(static entry => KeyValuePair.Create(entry.Key.ToString()!, entry.Value))).ToDictionary(static pair => pair.Key, static pair => pair.Value!));
        JsonNode? seeds = RunOrEnd(() => JsonValues.FromSeed(Seed));
        MlflowRequest? mlflow = Mlflow || MlflowRun is not null || MlflowArtifact is not null ? new MlflowRequest(MlflowRun, MlflowArtifact) : null;
        foreach (string version in Version)
        {
            var registration = new ModelRegistration(version, Name)
            {
                Path = path,
                Sha256 = ArtifactSha256,
                Parameters = parameters,
                Metrics = metrics,
                Commit = Commit,
                Seeds = seeds,
                Hardware = Hardware,
                Dependencies = [.. (Dependency ?? []).Select(file => ItemPath.ExistingOrText(SessionState, file))],
                StartedAt = StartedAt,
                TrainedAt = TrainedAt,
                Tracking = Tracking,
                Force = Force,
            };
            if (WouldWork(context => Check(repository, registration, mlflow, context))
                && ShouldProcess(version, $"Register model '{Name}'")
                && RunItem(context => mlflow is null ? RegisterModel.Run(repository, registration, context) : TrackModel.Run(repository, registration, mlflow, context)) is { } model)
            {
                Announce($"Model '{Name}' in '{repository.Slices.PathOf(version)}': {RegisteredModelText.Outcome(model)}"
                    + (RegisteredModelText.Training(model) is { } training ? $", {training}." : "."));
                foreach (string difference in model.PinDifferences)
                {
                    WriteWarning(difference);
                }

                if (RegisteredModelText.Overtaking(model) is { } overtaking)
                {
                    WriteWarning($"{overtaking} Say when it was trained with -TrainedAt; the name again corrects the date.");
                }

                foreach (string leak in model.Leaks)
                {
                    WriteWarning($"{leak} {CmdletSpelling.Instance.Spell(new RemedyAction.CheckSlice(model.Version))} looks at it again once the eval set was changed.");
                }

                if (RegisteredModelText.ProductionReplaced(model) is { } replaced)
                {
                    WriteWarning($"{replaced} Put the new artifact there with {CmdletSpelling.Instance.Spell(new RemedyAction.PromoteModel(model.Name, model.Version))}, or register the former one again.");
                }

                if (model.Outcome != RegisterOutcome.Unchanged)
                {
                    Announce($"Next: Get-SliceHistory, then commit '{repository.Slices.PathOf(version)}'");
                }

                WriteOf(repository, PassThru ? Slice.Of(repository.Slices.Load(version), repository) : model);
            }
        }
    }

    private static void Check(HarvestRepository repository, ModelRegistration registration, MlflowRequest? mlflow, WorkContext context)
    {
        if (mlflow is null)
        {
            RegisterModel.Check(repository, registration, context);
        }
        else
        {
            TrackModel.Check(repository, registration, mlflow, context);
        }
    }

    private OrderedDictionary<string, double> Metrics()
    {
        var metrics = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in JsonValues.InOrder(Metric))
        {
            string name = entry.Key.ToString()!;
            object? value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            metrics[name] = value is not (null or bool) && LanguagePrimitives.TryConvertTo(value, out double number)
                ? number
                : throw CommandErrors.MetricInvalid(name, value);
        }

        return metrics;
    }
}
