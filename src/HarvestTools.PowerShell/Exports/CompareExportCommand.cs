using System.Management.Automation;
using HarvestTools.Drift;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>Tells which tasks of two exports were added, removed and relabelled, or the tasks themselves; files need no repository.</summary>
[Cmdlet(VerbsData.Compare, "Export")]
[OutputType(typeof(ExportComparison), typeof(TaskChange))]
public sealed class CompareExportCommand : HarvestCommand
{
    // Shorter ones are more likely a misspelt file than a hash.
    private const int ShortestHash = 4;

    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Reference { get; set; } = string.Empty;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Difference { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter Task { get; set; }

    protected override void ProcessRecord()
    {
        string reference = PathOf(Reference);
        string difference = PathOf(Difference);
        if (!Task)
        {
            if (RunItem(context => CompareExport.Run(reference, difference, each: null, context)) is { } comparison)
            {
                WriteObject(comparison);
            }

            return;
        }

        foreach (TaskChange task in Stream(context => CompareExport.Tasks(reference, difference, context)))
        {
            WriteObject(task);
        }
    }

    /// <summary>A file; where there is none of that name, an archived export by the beginning of its hash.</summary>
    private string PathOf(string given)
    {
        bool archived = given.Length >= ShortestHash && given.All(char.IsAsciiHexDigit) && ItemPath.ExistingOrText(SessionState, given) == given;
        if (!archived)
        {
            return RunOrEnd(() => ItemPath.ResolveFile(SessionState, given));
        }

        HarvestTools.Workflows.Repository repository = OpenRepository();
        return RunOrEnd(() => repository.Archive.PathOf(repository.Archive.FindExports(given)[0].Sha256));
    }
}
