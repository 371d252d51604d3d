using System.Management.Automation;
using HarvestTools.Archive;
using HarvestTools.Work;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Reads every archived object and holds it against its hash; puts right what can be, if asked.</summary>
[Cmdlet(VerbsDiagnostic.Test, "ExportArchive", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ArchiveReport))]
public sealed class TestExportArchiveCommand : HarvestCommand
{
    [Parameter]
    public SwitchParameter Repair { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();

        // Only a repair moves and removes files; a check alone asks nobody. With -WhatIf the check is still made.
        bool repair = Repair && ShouldProcess(repository.Archive.Folder, "Move damaged objects to quarantine, restore them, remove left-over files");
        ArchiveReport report = RunOrEnd(context => Check(repository, repair, context));
        foreach (ArchiveFinding finding in report.Findings)
        {
            if (finding.RepairFault is { } fault)
            {
                WriteItemError(fault);
            }
        }

        WriteObject(report);
    }

    private static ArchiveReport Check(HarvestRepository repository, bool repair, WorkContext context)
    {
        var check = new ArchiveCheck(CheckArchive.Of(repository)) { Repair = repair, Threads = context.Threads, Commands = context.Commands, Progress = new Bridge(context.Progress!) };
        List<ArchiveFinding> findings = [.. check.Run(context.Cancellation)];
        return new ArchiveReport(check.Whole, check.Objects, check.Bytes, findings, repository.Root);
    }

    private sealed class Bridge(IProgress<WorkProgress> target) : IProgress<ArchiveProgress>
    {
        public void Report(ArchiveProgress value) => target.Report(
            new WorkProgress("Checking the archive", $"{Display.Count(value.ObjectsDone)} of {Display.Count(value.Objects)} objects", value.BytesDone, value.Bytes));
    }
}
