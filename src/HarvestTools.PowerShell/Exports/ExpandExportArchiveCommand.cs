using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Makes plain files of packed exports again.</summary>
[Cmdlet(VerbsData.Expand, "ExportArchive", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(PackedExport))]
public sealed class ExpandExportArchiveCommand : HarvestCommand
{
    /// <summary>The projects; all where none is named.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string[] Project { get; set; } = [];

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        using UnpackExports unpacking = RunOrEnd(context => UnpackExports.Begin(repository, Project, context));
        foreach (PackTarget target in unpacking.Targets)
        {
            if (ShouldProcess(target.Selector, "Unpack export") && RunItem(context => unpacking.Unpack(target, context)) is { } unpacked)
            {
                WriteOf(repository, unpacked);
            }
        }
    }
}
