using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Records the eval set's present hash in a slice, so that a later change shows in the retrain decision.</summary>
[Cmdlet(VerbsCommon.Lock, "EvalSet", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(PinnedEvalSet))]
public sealed class LockEvalSetCommand : HarvestCommand
{
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string? Version { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        string? path = Path is null ? null : RunOrEnd(() => ItemPath.Resolve(SessionState, Path));
        if (ShouldProcess(Version ?? "the slice that was trained last", "Record the eval set's present hash"))
        {
            WriteOf(repository, RunOrEnd(context => PinEvalSet.Run(repository, path, Version, context)));
        }
    }
}
