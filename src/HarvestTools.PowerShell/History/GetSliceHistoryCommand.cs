using System.Management.Automation;
using HarvestTools.History;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Emits the versions with their descent, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "SliceHistory")]
[OutputType(typeof(SliceHistoryEntry))]
public sealed class GetSliceHistoryCommand : HarvestCommand
{
    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        ProductionMarks marks = RunOrEnd(() => ProductionMarks.Open(repository));
        foreach (SliceHistoryStep step in Stream(context => SliceHistory.Read(repository.Slices, context.Cancellation)))
        {
            if (step.Entry is not null)
            {
                WriteOf(repository, marks.Of(step.Entry));
            }
            else
            {
                WriteItemError(step.Error!);
            }
        }
    }
}
