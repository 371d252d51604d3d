using System.Management.Automation;
using HarvestTools.Strings;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Writes exports without a person's work or an episode, and a definition that leaves it out; nothing is removed.</summary>
[Cmdlet(VerbsCommon.New, "ErasurePlan", DefaultParameterSetName = AnnotatorSet, SupportsShouldProcess = true)]
[OutputType(typeof(ErasurePlan))]
public sealed class NewErasurePlanCommand : ErasureCommand
{
    /// <summary>Leaves the definition in harvest.json as it is.</summary>
    [Parameter]
    public SwitchParameter NoRule { get; set; }

    private protected override void Process(HarvestRepository repository, SourceQuery subject)
    {
        if (RunItem(context => PlanErasure.Preview(repository, subject, context)) is not { } plan
            || !ShouldProcess(plan.Subject, $"Archive {Figures.Count(plan.Exports.Count, "export")} without it{(NoRule || Project is not null ? "" : ", and leave it out in harvest.json")}"))
        {
            return;
        }

        if (RunItem(context => PlanErasure.Write(repository, subject, context, rule: !NoRule)) is { } written)
        {
            foreach (Remedy next in written.Next)
            {
                Announce($"Next: {next.Spell(CmdletSpelling.Instance)}");
            }

            WriteOf(repository, written);
        }
    }
}
