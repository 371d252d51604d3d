using System.Management.Automation;
using HarvestTools.Strings;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Completes names of projects that have archived exports.</summary>
public sealed class ProjectCompleter : Completer
{
    private protected override IEnumerable<CompletionResult> Complete(string word, Func<HarvestRepository> repository) =>
        from record in ExportCompleter.Readable(repository())
        where Begins(record.Project, word)
        group record by record.Project into project
        orderby project.Key
        let newest = project.MaxBy(static record => record.AddedAt.Instant)
        select Result(
            project.Key,
            project.Key,
            $"{Figures.Count(project.Count(), "export")}, the newest added {Display.Age(newest.AddedAt.Instant.LocalDateTime)}");
}
