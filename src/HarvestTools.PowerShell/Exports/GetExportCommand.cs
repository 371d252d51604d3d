using System.Management.Automation;
using HarvestTools.Archive;
using HarvestTools.Repositories;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Lists what is archived, by project and then by the time it was added.</summary>
[Cmdlet(VerbsCommon.Get, "Export")]
[OutputType(typeof(ArchivedExport))]
public sealed class GetExportCommand : HarvestCommand
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ProjectCompleter))]
    public string[]? Project { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        var records = new List<ExportRecord>();
        foreach (ExportRecordEntry entry in RunOrEnd(context => Records(repository, context.Cancellation)))
        {
            if (entry.Record is not null)
            {
                records.Add(entry.Record);
            }
            else
            {
                WriteItemError(entry.Error!);
            }
        }

        ExportUses uses = RunOrEnd(context => ExportUses.Of(repository, context.Cancellation));
        foreach (HarvestException unreadable in uses.Unreadable)
        {
            WriteItemError(unreadable);
        }

        if (Project is null && records.Count == 0 && uses.WithoutRecords(repository) is { } named)
        {
            WriteNotice(new ExportNotice(named.ErrorId, named.Message, named.Remedy));
        }

        foreach (string project in Project ?? ["*"])
        {
            Write(repository, project, records, uses);
        }
    }

    private static List<ExportRecordEntry> Records(HarvestRepository repository, CancellationToken cancellation)
    {
        var records = new List<ExportRecordEntry>();
        foreach (ExportRecordEntry entry in repository.Archive.Records())
        {
            cancellation.ThrowIfCancellationRequested();
            records.Add(entry);
        }

        return records;
    }

    private void Write(HarvestRepository repository, string project, List<ExportRecord> records, ExportUses uses)
    {
        var pattern = WildcardPattern.Get(repository.Archive.CurrentName(project), WildcardOptions.IgnoreCase);
        ExportRecord[] matching =
        [
            .. records
                .Where(record => pattern.IsMatch(record.Project))
                .OrderBy(static record => record.Project, StringComparer.Ordinal)
                .ThenBy(static record => record.AddedAt.Instant)
                .ThenBy(static record => record.Sha256, StringComparer.Ordinal),
        ];
        if (matching.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(project))
        {
            _ = RunItem(_ =>
            {
                repository.Archive.RequireProject(project);
                return project;
            });
        }

        foreach (ExportRecord record in matching)
        {
            WriteObject(ArchivedExport.Of(record, repository.Root, uses));
        }
    }
}
