using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Archives exports: one pass that copies, hashes and reads the labels.</summary>
[Cmdlet(VerbsCommon.Add, "Export", DefaultParameterSetName = DefaultSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AddedExport))]
public sealed class AddExportCommand : FileCommand
{
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string? Project { get; set; }

    [Parameter]
    public SwitchParameter NoLabels { get; set; }

    private protected override void ProcessFile(string path)
    {
        HarvestRepository repository = OpenRepository();
        if (NoLabels && Project is null)
        {
            WriteItemError(CommandErrors.ProjectNotRead(path));
            return;
        }

        if (ShouldProcess(path, Project is null ? "Archive export" : $"Archive export under project '{Project}'")
            && RunItem(context => AddExport.Run(repository, path, Project, context, labels: !NoLabels)) is { } added)
        {
            Tell(added.Added
                ? $"Archived '{path}' as {added.Sha256}."
                : $"'{path}' is archived already as {added.Sha256}; no second copy was made.");
            WriteOf(repository, added);
        }
    }
}
