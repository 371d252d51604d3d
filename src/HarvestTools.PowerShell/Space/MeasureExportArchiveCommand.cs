using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Says what archive and cache take of the disk, by project, and what packing and the removal of unreachable objects would save.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "ExportArchive")]
[OutputType(typeof(ArchiveSpace))]
public sealed class MeasureExportArchiveCommand : HarvestCommand
{
    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        WriteOf(repository, RunOrEnd(context => MeasureArchive.Run(repository, context)));
    }
}
