using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class FsckCommand : HarvestCommand
{
    private readonly Option<bool> _repair;

    public FsckCommand()
        : base("fsck", "Check every archived object against its hash: what is damaged, missing, unreferenced. Exit code 1 on damage.")
    {
        _repair = With(new Option<bool>("--repair")
        {
            Description = "Also repair: damaged objects go to quarantine and are restored from their recorded files, old temporary files are removed.",
        });
    }

    public override void Run(Invocation run)
    {
        var findings = new JsonArray();
        run.Document["whole"] = null;
        run.Document["objects"] = null;
        run.Document["bytes"] = null;
        run.Document["findings"] = findings;
        var check = new ArchiveCheck(CheckArchive.Of(run.Repository)) { Repair = run.Value(_repair), Threads = run.Context.Threads, Progress = run.Progress, Commands = ProgramSpelling.Instance };
        int faults = 0;
        int warnings = 0;
        foreach (ArchiveFinding finding in check.Run(run.Cancellation))
        {
            findings.Add((JsonNode)Shapes.Of(finding));
            faults += finding.IsFault ? 1 : 0;
            warnings += finding.Severity == FindingSeverity.Warning && !finding.Repaired ? 1 : 0;
            Say(run, finding);
            if (finding.RepairFault is { } fault)
            {
                run.Fail(fault);
            }
        }

        run.Document["whole"] = check.Whole;
        run.Document["objects"] = check.Objects;
        run.Document["bytes"] = check.Bytes;
        string faulty = $"{Figures.Count(faults, "fault")} found.";
        string whole = warnings == 0 ? "the archive is whole." : $"the archive is whole; {Figures.Count(warnings, "warning")}.";
        run.Say(check.Objects > 0 ? $"{Figures.Count(check.Objects, "object")}, {Figures.Size(check.Bytes)}: {(check.Whole ? whole : faulty)}"
            : !check.Whole ? faulty
            : check.Absent ? "Nothing is archived here: there is nothing to check." : "The archive is whole, and empty.");
        if (!check.Whole)
        {
            run.Raise(ExitCode.DriftOrDamage);
        }
    }

    private static void Say(Invocation run, ArchiveFinding finding)
    {
        string state = finding.Repaired ? " (repaired)" : finding.Severity switch
        {
            FindingSeverity.Error => "",
            FindingSeverity.Warning => " (warning)",
            _ => " (note)",
        };
        run.Say($"{finding.Kind}{state}: {finding.Message}");
        if (!finding.Repaired && finding.Remedy.Length > 0)
        {
            run.Say($"  {finding.Remedy}");
        }
    }
}
