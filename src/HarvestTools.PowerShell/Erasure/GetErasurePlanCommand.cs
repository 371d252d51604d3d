using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Says what the erasure of a person's work or an episode touches; nothing is written.</summary>
[Cmdlet(VerbsCommon.Get, "ErasurePlan", DefaultParameterSetName = AnnotatorSet)]
[OutputType(typeof(ErasurePlan))]
public sealed class GetErasurePlanCommand : ErasureCommand
{
    private protected override void Process(HarvestRepository repository, SourceQuery subject)
    {
        if (RunItem(context => PlanErasure.Preview(repository, subject, context)) is { } plan)
        {
            WriteOf(repository, plan);
        }
    }
}
