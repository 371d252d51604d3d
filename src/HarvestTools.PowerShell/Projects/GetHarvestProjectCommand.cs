using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Lists projects: their names, Label Studio's ids, exports, and whether they are retired.</summary>
[Cmdlet(VerbsCommon.Get, "HarvestProject")]
[OutputType(typeof(HarvestProject))]
public sealed class GetHarvestProjectCommand : HarvestCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string[]? Project { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        IReadOnlyList<HarvestProject> all = RunOrEnd(() => ProjectList.Run(repository));
        foreach (string name in Project ?? ["*"])
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            string current = repository.Archive.CurrentName(name);
            HarvestProject[] matching = [.. all.Where(project => pattern.IsMatch(project.Project) || project.Project == current)];
            if (matching.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                _ = RunItem(_ =>
                {
                    repository.Archive.RequireProject(name);
                    return name;
                });
            }

            foreach (HarvestProject project in matching)
            {
                WriteOf(repository, project);
            }
        }
    }
}
