using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Gives a project another name in harvest.json, or joins it with the project that has that name.</summary>
[Cmdlet(VerbsCommon.Rename, "HarvestProject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(HarvestProject))]
public sealed class RenameHarvestProjectCommand : HarvestCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "The project's present name.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string Project { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1, HelpMessage = "Its new name.")]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = string.Empty;

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        if (WouldWork(_ => ProjectList.CheckRename(repository, Project, NewName))
            && ShouldProcess(Project, $"Rename project to '{NewName}'")
            && RunItem(_ => ProjectList.Rename(repository, Project, NewName)) is { } renamed)
        {
            Announce($"Project '{Project}' is '{NewName}' from now on; slices made before keep the name that their rows have.");
            WriteOf(repository, renamed);
        }
    }
}
