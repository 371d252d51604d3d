using System.Management.Automation;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Puts what slices name into a remote.</summary>
[Cmdlet(VerbsCommunications.Send, "Slice", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(TransferResult))]
public sealed class SendSliceCommand : TransferSliceCommand
{
    /// <summary>Also read what is there already, and replace what is damaged.</summary>
    [Parameter]
    public SwitchParameter Deep { get; set; }

    private protected override string Verb => "Send";

    private protected override TransferRequest Complete(TransferRequest request) => request with { Deep = Deep };

    private protected override TransferResult Run(HarvestRepository repository, TransferRequest request, WorkContext context) =>
        PushSlices.Run(repository, request, context);
}
