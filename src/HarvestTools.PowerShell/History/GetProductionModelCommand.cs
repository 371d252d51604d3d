using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Emits the model that is in production; with All also those that were, the latest first.</summary>
[Cmdlet(VerbsCommon.Get, "ProductionModel")]
[OutputType(typeof(ProductionModel))]
public sealed class GetProductionModelCommand : HarvestCommand
{
    /// <summary>Also what was in production before.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (ProductionModel model in RunOrEnd(context => PromoteModel.List(repository, context)))
        {
            if (All || model.State != ProductionState.Former)
            {
                WriteOf(repository, model);
            }
        }
    }
}
