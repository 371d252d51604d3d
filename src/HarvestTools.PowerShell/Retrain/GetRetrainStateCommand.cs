using System.Management.Automation;
using HarvestTools.Decisions.States;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Computes from the repository what the retrain decision reads.</summary>
[Cmdlet(VerbsCommon.Get, "RetrainState")]
[OutputType(typeof(RetrainState))]
public sealed class GetRetrainStateCommand : HarvestCommand
{
    /// <summary>The state as it was then.</summary>
    [Parameter]
    public DateTimeOffset? AsOf { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        WriteOf(repository, RunOrEnd(context => RetrainStateReader.Run(repository, context, AsOf)));
    }
}
