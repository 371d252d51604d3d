using System.Collections;
using System.Management.Automation;
using HarvestTools.History;
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
        foreach (string version in Version)
        {
            var registration = new ModelRegistration(version, Name) { Path = path, Metrics = metrics, TrainedAt = TrainedAt, Tracking = Tracking, Force = Force };
            if (WouldWork(context => RegisterModel.Check(repository, registration, context))
                && ShouldProcess(version, $"Register model '{Name}'")
                && RunItem(context => RegisterModel.Run(repository, registration, context)) is { } model)
            {
                Announce($"Model '{Name}' in '{repository.Slices.PathOf(version)}': {RegisteredModelText.Outcome(model)}"
                    + (RegisteredModelText.Training(model) is { } training ? $", {training}." : "."));
                if (RegisteredModelText.Overtaking(model) is { } overtaking)
                {
                    WriteWarning($"{overtaking} Say when it was trained with -TrainedAt; the name again corrects the date.");
                }

                if (model.Outcome != RegisterOutcome.Unchanged)
                {
                    Announce($"Next: Get-SliceHistory, then commit '{repository.Slices.PathOf(version)}'");
                }

                WriteOf(repository, PassThru ? Slice.Of(repository.Slices.Load(version), repository) : model);
            }
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
