using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Writes the version graph as one self-contained HTML page.</summary>
[Cmdlet(VerbsData.Export, "SliceReport", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(WrittenReport))]
public sealed class ExportSliceReportCommand : HarvestCommand
{
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The page to write, for example slices.html.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter Check { get; set; }

    [Parameter]
    public SwitchParameter Quick { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        string path = RunOrEnd(() => ItemPath.Resolve(SessionState, Path));
        if (NoClobber && File.Exists(path))
        {
            RunOrEnd<object>(() => throw CommandErrors.ReportExists(path));
        }

        ReportCheck check = Quick ? ReportCheck.Quick : Check ? ReportCheck.Full : ReportCheck.None;
        if (!ShouldProcess(path, "Write the report of the slices"))
        {
            return;
        }

        WrittenReport written = RunOrEnd(context => WriteReport.Run(repository, path, check, context));
        Announce($"Wrote '{written.Path}'.");
        foreach (HarvestException fault in written.Faults)
        {
            WriteItemError(fault);
        }

        WriteOf(repository, written);
    }
}
