using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Ships slices: makes an annotated tag of git for each, which holds its key and digests.</summary>
[Cmdlet(VerbsCommon.Add, "SliceTag", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SliceTag))]
public sealed class AddSliceTagCommand : HarvestCommand
{
    /// <summary>The slices; they have to be committed as they are.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of the slices, for example v3.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        foreach (string version in Version)
        {
            if (WouldWork(context => TagSlice.Check(repository, version, context))
                && ShouldProcess(version, "Tag slice")
                && RunItem(context => TagSlice.Run(repository, version, context)) is { } tag)
            {
                Announce($"Next: git push origin {tag.Tag}");
                WriteOf(repository, tag);
            }
        }
    }
}
