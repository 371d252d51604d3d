using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Searches all that is kept for a person's work or an episode, and names what is left.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Erasure", DefaultParameterSetName = AnnotatorSet)]
[OutputType(typeof(ErasureProof))]
public sealed class TestErasureCommand : ErasureCommand
{
    private protected override void Process(HarvestRepository repository, SourceQuery subject)
    {
        if (RunItem(context => ProveErasure.Run(repository, subject, context)) is { } proof)
        {
            WriteOf(repository, proof);
        }
    }
}
