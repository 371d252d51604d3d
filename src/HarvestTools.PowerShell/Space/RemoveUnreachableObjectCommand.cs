using System.Management.Automation;
using HarvestTools.Strings;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Moves objects that nothing needs into quarantine, and removes for good what was there for long enough.</summary>
[Cmdlet(VerbsCommon.Remove, "UnreachableObject", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = ArchiveSet)]
[OutputType(typeof(UnreachableReport))]
public sealed class RemoveUnreachableObjectCommand : HarvestCommand
{
    private const string ArchiveSet = "Archive";
    private const string RemoteSet = "Remote";

    /// <summary>Slices without a model whose exports go though they name them.</summary>
    [Parameter(ParameterSetName = ArchiveSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Release { get; set; } = [];

    /// <summary>Repositories that used the archive and are gone for good; with a remote the ids of such.</summary>
    [Parameter(ParameterSetName = ArchiveSet)]
    [Parameter(ParameterSetName = RemoteSet)]
    [ValidateNotNullOrEmpty]
    public string[] Forget { get; set; } = [];

    /// <summary>The remote to work in, by its name in harvest.json; nothing of the archive is touched then.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RemoteSet, HelpMessage = "Name of the remote, as harvest.json has it.")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RemoteCompleter))]
    public string? Remote { get; set; }

    /// <summary>Nobody else works in the remote meanwhile.</summary>
    [Parameter(ParameterSetName = RemoteSet)]
    public SwitchParameter Exclusive { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        var request = new UnreachableRequest
        {
            Release = Release,
            Forget = Remote is not null ? Forget : [.. Forget.Select(path => RunOrEnd(() => ItemPath.Resolve(SessionState, path)))],
            Remote = Remote,
            Exclusive = Exclusive,
        };
        UnreachableReport plan = RunOrEnd(context => RemoveUnreachable.Plan(repository, request, context));
        foreach (string note in plan.Notes)
        {
            WriteWarning(note);
        }

        foreach (string root in plan.NotThere)
        {
            WriteWarning($"'Remove-UnreachableObject -Forget {QuotedCmdlets.Quote(root)}' says that '{root}' is gone for good.");
        }

        string aside = $"{Figures.Count(plan.Count(ObjectState.Quarantined), "object")} ({Figures.Size(plan.Bytes(ObjectState.Quarantined))})";
        string gone = $"{Figures.Count(plan.Count(ObjectState.Removed), "object")} ({Figures.Size(plan.Bytes(ObjectState.Removed))})";
        if (!(Remote is not null ? ShouldProcessRemote(plan, gone, out ShouldProcessReason reason) : ShouldProcess(
            $"Move {aside} that nothing needs into quarantine, and remove {gone} whose days there are over, in '{repository.Archive.Folder}'.",
            $"{aside} that nothing needs {Figures.Plural(plan.Count(ObjectState.Quarantined), "goes", "go")} into quarantine; {gone} whose days there are over {Figures.Plural(plan.Count(ObjectState.Removed), "is", "are")} removed for good.",
            "Remove unreachable objects",
            out reason)))
        {
            if (reason == ShouldProcessReason.WhatIf)
            {
                WriteOf(repository, plan);
            }

            return;
        }

        WriteOf(repository, RunOrEnd(context => RemoveUnreachable.Run(repository, request, context)));
    }

    private bool ShouldProcessRemote(UnreachableReport plan, string gone, out ShouldProcessReason reason)
    {
        string noted = $"{Figures.Count(plan.Noted, "object")} ({Figures.Size(plan.Bytes(ObjectState.Noted))})";
        return ShouldProcess(
            $"Note {noted} that nothing needs, and remove {gone} noted long enough ago, in the remote '{plan.Remote}' ({plan.Address}).",
            $"{noted} that nothing needs {Figures.Plural(plan.Noted, "is", "are")} noted in the remote '{plan.Remote}' ({plan.Address}); {gone} noted long enough ago {Figures.Plural(plan.Removed, "is", "are")} removed for good.",
            "Remove unreachable objects",
            out reason);
    }
}
