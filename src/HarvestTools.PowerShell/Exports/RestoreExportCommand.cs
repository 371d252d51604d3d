using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Puts archived exports back where they were added from, or at another path.</summary>
[Cmdlet(VerbsData.Restore, "Export", DefaultParameterSetName = ExportSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RestoredExport))]
public sealed class RestoreExportCommand : HarvestCommand
{
    private const string ExportSet = "Export";
    private const string VersionSet = "Version";

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ExportSet, ValueFromPipeline = true, HelpMessage = "Archived exports: the first digits of their hashes, or what Get-Export emits.")]
    [ValidateNotNull]
    [ArgumentCompleter(typeof(ExportCompleter))]
    public object[] Export { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = VersionSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The versions of slices whose exports are put back, for example v3.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Destination { get; set; }

    /// <summary>Replace files of other bytes.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        string? to = Destination is null ? null : RunOrEnd(() => ItemPath.Resolve(SessionState, Destination));
        foreach (string version in Version)
        {
            Restore(repository, () => RestoreExport.PlanSlice(repository, version, to));
        }

        foreach (object item in Export)
        {
            // A slice means its exports, at the paths that it recorded.
            if (PSObject.AsPSObject(item).BaseObject is Slice slice)
            {
                Restore(repository, () => RestoreExport.PlanSlice(repository, slice.Version, to));
                continue;
            }

            foreach (string export in RunOrEnd(() => ExportSelector.Of(item, SessionState).ToArray()))
            {
                Restore(repository, () => RestoreExport.Plan(repository, export, to));
            }
        }
    }

    private void Restore(HarvestRepository repository, Func<IReadOnlyList<RestoreTarget>> plan)
    {
        foreach (RestoreTarget target in RunItem(_ => plan()) ?? [])
        {
            if (!WouldWork(context => RestoreExport.Check(repository, target, Force, context)))
            {
                continue;
            }

            if (ShouldProcess(target.Path, $"Restore export {target.Selector}")
                && RunItem(context => RestoreExport.Run(repository, target, Force, context)) is { } restored)
            {
                Announce(restored.Outcome == RestoreOutcome.AlreadyThere
                    ? $"'{restored.Path}' has the bytes of {target.Selector} already."
                    : $"Wrote '{restored.Path}' with the bytes of {target.Selector}.");
                WriteOf(repository, restored);
            }
        }
    }
}
