using System.Management.Automation;
using HarvestTools.Strings;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Removes exports that hold a person's work or an episode, of which redacted ones are archived, and what the cache has of them.</summary>
[Cmdlet(VerbsCommon.Remove, "ErasedExport", DefaultParameterSetName = AnnotatorSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(ErasureRemoval))]
public sealed class RemoveErasedExportCommand : ErasureCommand
{
    private protected override void Process(HarvestRepository repository, SourceQuery subject)
    {
        if (RunItem(context => RemoveErased.Plan(repository, subject, context)) is not { } plan)
        {
            return;
        }

        string what = $"{Figures.Count(plan.Exports.Count, "export")} and {Figures.Count(plan.CacheFiles, "file")} of the cache";
        string slices = plan.Slices.Count == 0 ? "" : $"; {Figures.Few(plan.Slices)} cannot be built any more";
        if (!ShouldProcess(
            $"Remove {what} that hold something of {plan.Subject}{slices}.",
            $"{what} that hold something of {plan.Subject} are removed{slices}. Nothing here brings them back.",
            $"Erase {plan.Subject}",
            out ShouldProcessReason reason))
        {
            if (reason == ShouldProcessReason.WhatIf)
            {
                WriteOf(repository, plan);
            }

            return;
        }

        if (RunItem(context => RemoveErased.Run(repository, subject, context)) is { } removal)
        {
            Announce($"Next: {CmdletSpelling.Instance.Spell(subject.ToErase(ErasureStep.Prove))}");
            WriteOf(repository, removal);
        }
    }
}
