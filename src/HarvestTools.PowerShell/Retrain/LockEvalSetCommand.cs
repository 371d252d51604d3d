using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Records the eval set's present hash in a slice, so that a later change shows in the retrain decision.</summary>
[Cmdlet(VerbsCommon.Lock, "EvalSet", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(PinnedEvalSet), typeof(Slice))]
public sealed class LockEvalSetCommand : HarvestCommand
{
    private const string Action = "Record the eval set's present hash";

    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[]? Version { get; set; }

    /// <summary>Emit the slice as it is now instead of the pin, so that the pipeline goes on with it.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        string? path = Path is null ? null : RunOrEnd(() => ItemPath.Resolve(SessionState, Path));
        if (Version is null)
        {
            // The only item there is: its fault is the command's.
            if (WouldWork(context => PinEvalSet.Check(repository, path, version: null, context))
                && ShouldProcess("the slice that was trained last", Action))
            {
                Write(repository, RunOrEnd(context => PinEvalSet.Run(repository, path, version: null, context)));
            }

            return;
        }

        foreach (string version in Version)
        {
            if (WouldWork(context => PinEvalSet.Check(repository, path, version, context))
                && ShouldProcess(version, Action) && RunItem(context => PinEvalSet.Run(repository, path, version, context)) is { } pinned)
            {
                Write(repository, pinned);
            }
        }
    }

    private void Write(HarvestRepository repository, PinnedEvalSet pinned)
    {
        Announce($"Recorded the eval set '{pinned.Path}' in '{repository.Slices.PathOf(pinned.Version)}'.");
        WriteOf(repository, PassThru ? Slice.Of(repository.Slices.Load(pinned.Version), repository) : pinned);
    }
}
