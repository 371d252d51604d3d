using System.Management.Automation;
using HarvestTools.Strings;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Moves objects that nothing needs into quarantine, and removes for good what was there for long enough.</summary>
[Cmdlet(VerbsCommon.Remove, "UnreachableObject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(UnreachableReport))]
public sealed class RemoveUnreachableObjectCommand : HarvestCommand
{
    /// <summary>Slices without a model whose exports go though they name them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Release { get; set; } = [];

    /// <summary>Repositories that used the archive and are gone for good.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Forget { get; set; } = [];

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        var request = new UnreachableRequest { Release = Release, Forget = [.. Forget.Select(path => RunOrEnd(() => ItemPath.Resolve(SessionState, path)))] };
        UnreachableReport plan = RunOrEnd(context => RemoveUnreachable.Plan(repository, request, context));
        foreach (string note in plan.Notes)
        {
            WriteWarning(note);
        }

        string aside = $"{Figures.Count(plan.Count(ObjectState.Quarantined), "object")} ({Figures.Size(plan.Bytes(ObjectState.Quarantined))})";
        string gone = $"{Figures.Count(plan.Count(ObjectState.Removed), "object")} ({Figures.Size(plan.Bytes(ObjectState.Removed))})";
        if (!ShouldProcess(
            $"Move {aside} that nothing needs into quarantine, and remove {gone} whose days there are over, in '{repository.Archive.Folder}'.",
            $"{aside} that nothing needs {Figures.Plural(plan.Count(ObjectState.Quarantined), "goes", "go")} into quarantine; {gone} whose days there are over {Figures.Plural(plan.Count(ObjectState.Removed), "is", "are")} removed for good.",
            "Remove unreachable objects",
            out ShouldProcessReason reason))
        {
            if (reason == ShouldProcessReason.WhatIf)
            {
                WriteOf(repository, plan);
            }

            return;
        }

        WriteOf(repository, RunOrEnd(context => RemoveUnreachable.Run(repository, request, context)));
    }
}
