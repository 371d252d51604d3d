using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Retires a project or takes it back, and says which further ids it has in Label Studio.</summary>
[Cmdlet(VerbsCommon.Set, "HarvestProject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(HarvestProject))]
public sealed class SetHarvestProjectCommand : HarvestCommand
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The project.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string[] Project { get; set; } = [];

    [Parameter]
    public SwitchParameter Retired { get; set; }

    [Parameter]
    [ValidateRange(1, long.MaxValue)]
    public long[]? AddLabelStudioId { get; set; }

    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long[]? RemoveLabelStudioId { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        bool sets = MyInvocation.BoundParameters.ContainsKey(nameof(Retired));
        foreach (string project in Project)
        {
            HarvestProject? changed = null;
            if (!WouldWork(_ => repository.Archive.RequireProject(project)))
            {
                continue;
            }

            if (sets && ShouldProcess(project, Retired ? "Retire project" : "Take project back into slices"))
            {
                changed = RunItem(_ => ProjectList.Retire(repository, project, Retired));
            }

            foreach (long id in AddLabelStudioId ?? [])
            {
                if (ShouldProcess(project, $"Add Label Studio's id {id}"))
                {
                    HarvestProject? added = RunItem(_ => ProjectList.AddId(repository, project, id));
                    foreach (ExportNotice notice in added?.Notices ?? [])
                    {
                        WriteNotice(notice);
                    }

                    changed = added ?? changed;
                }
            }

            foreach (long id in RemoveLabelStudioId ?? [])
            {
                if (WouldWork(_ => ProjectList.CheckRemoveId(repository, project, id)) && ShouldProcess(project, $"Take back Label Studio's id {id}"))
                {
                    changed = RunItem(_ => ProjectList.RemoveId(repository, project, id)) ?? changed;
                }
            }

            if (changed is not null)
            {
                WriteOf(repository, changed);
            }
        }
    }
}
