using System.Management.Automation;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Tells the versions with their descent, newest first.</summary>
[Cmdlet(VerbsCommon.Get, "SliceHistory")]
[OutputType(typeof(SliceHistoryEntry))]
public sealed class GetSliceHistoryCommand : HarvestCommand
{
    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        var slices = new List<SliceManifest>();
        foreach (SliceEntry entry in RunOrEnd(() => repository.Slices.LoadAll().ToList()))
        {
            if (entry.Manifest is not null)
            {
                slices.Add(entry.Manifest);
            }
            else
            {
                WriteItemError(entry.Error!);
            }
        }

        foreach (SliceHistoryEntry entry in SliceHistory.Of(slices))
        {
            WriteOf(repository, entry);
        }
    }
}
