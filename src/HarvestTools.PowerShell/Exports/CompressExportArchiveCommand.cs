using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Packs archived exports: the newest of a project whole, those before it as patches against it.</summary>
[Cmdlet(VerbsData.Compress, "ExportArchive", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(PackedExport))]
public sealed class CompressExportArchiveCommand : HarvestCommand
{
    /// <summary>The projects; all where none is named.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string[] Project { get; set; } = [];

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        using PackExports packing = RunOrEnd(context => PackExports.Begin(repository, Project, context));
        foreach (PackTarget target in packing.Targets)
        {
            if (ShouldProcess(target.Selector, "Pack export") && RunItem(context => packing.Pack(target, context)) is { } packed)
            {
                WriteOf(repository, packed);
            }
        }
    }
}
