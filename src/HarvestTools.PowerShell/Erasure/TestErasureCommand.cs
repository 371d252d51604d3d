using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Searches all that is kept for a person's work or an episode, and names what is left.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Erasure", DefaultParameterSetName = AnnotatorSet)]
[OutputType(typeof(ErasureProof))]
public sealed class TestErasureCommand : ErasureCommand
{
    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        if (RunItem(context => ProveErasure.Run(repository, Subject, context)) is { } proof)
        {
            WriteOf(repository, proof);
        }
    }
}
