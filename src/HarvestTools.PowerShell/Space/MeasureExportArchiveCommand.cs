using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Says what archive and cache take of the disk, by project, and what the removal of unreachable objects would free.</summary>
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
