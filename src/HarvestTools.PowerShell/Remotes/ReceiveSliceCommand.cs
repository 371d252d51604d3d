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
    private protected override string Verb => "Receive";

    private protected override TransferResult Run(HarvestRepository repository, TransferRequest request, WorkContext context) =>
        PullSlices.Run(repository, request, context);
}
