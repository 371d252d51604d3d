using System.Management.Automation;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Brings what slices name from a remote into the archive.</summary>
[Cmdlet(VerbsCommunications.Receive, "Slice", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(TransferResult))]
public sealed class ReceiveSliceCommand : TransferSliceCommand
{
    /// <summary>With <see cref="TransferSliceCommand.IncludeMedia"/>: only those of these episodes, each with its folder or without.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(EpisodeCompleter))]
    public string[]? Episode { get; set; }

    private protected override TransferRequest Complete(TransferRequest request) => request with { Episodes = Episode ?? [] };

    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (Episode is not null && !IncludeMedia)
        {
            RunOrEnd<object>(static () => throw CommandErrors.EpisodeWithoutIncludeMedia());
        }
    }

    private protected override string Verb => "Receive";

    private protected override TransferResult Run(HarvestRepository repository, TransferRequest request, WorkContext context) =>
        PullSlices.Run(repository, request, context);
}
