using System.Management.Automation;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>Shows which tasks of two exports were added, removed and relabelled, or the tasks themselves; files need no repository.</summary>
[Cmdlet(VerbsData.Compare, "Export", DefaultParameterSetName = SummarySet)]
[OutputType(typeof(ExportComparison), ParameterSetName = new[] { SummarySet })]
[OutputType(typeof(TaskChange), ParameterSetName = new[] { TaskSet })]
public sealed class CompareExportCommand : HarvestCommand
{
    private const string SummarySet = "Summary";
    private const string TaskSet = "Task";

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The export that is compared with: a file, or the first digits of an archived one's hash, alone or as PROJECT-HASH.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExportOrFileCompleter))]
    public string Reference { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The exports that are compared: files, or the first digits of archived ones' hashes.")]
    [Alias("PSPath", "Sha256")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExportOrFileCompleter))]
    public string[] Difference { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = TaskSet, HelpMessage = "Emits the tasks that differ.")]
    public SwitchParameter Task { get; set; }

    protected override void ProcessRecord()
    {
        ComparedExport reference = RunOrEnd(() => ExportOf(Reference));
        foreach (ComparedExport difference in Difference.Select(TryExportOf).OfType<ComparedExport>())
        {
            if (Task)
            {
                WriteTasks(reference, difference);
            }
            else if (RunItem(context => CompareExport.Run(reference, difference, each: null, context)) is { } comparison)
            {
                WriteObject(comparison);
            }
        }
    }

    private void WriteTasks(ComparedExport reference, ComparedExport difference)
    {
        foreach (TaskChange task in StreamItem(context => CompareExport.Tasks(reference, difference, context)))
        {
            WriteObject(task);
        }
    }

    private ComparedExport? TryExportOf(string given)
    {
        try
        {
            return ExportOf(given);
        }
        catch (HarvestException missing)
        {
            WriteItemError(missing);
            return null;
        }
    }

    /// <summary>A file; where there is none of that name, an archived export by the beginning of its hash.</summary>
    private ComparedExport ExportOf(string given)
    {
        if (ComparedExport.HashIn(given) is not { } hash || ItemPath.ExistingOrText(SessionState, given) != given)
        {
            return ComparedExport.OfFile(ItemPath.ResolveFile(SessionState, given));
        }

        HarvestTools.Repositories.Repository repository = OpenRepository();
        return ComparedExport.OfArchive(repository, repository.FindExports(hash)[0].Sha256);
    }
}
