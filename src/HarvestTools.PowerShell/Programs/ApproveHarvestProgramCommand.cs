using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Allows a definition's program to be run on this machine, in exactly the content that it has now.</summary>
[Cmdlet(VerbsLifecycle.Approve, "HarvestProgram", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(DefinedProgram))]
public sealed class ApproveHarvestProgramCommand : HarvestCommand
{
    /// <summary>The slice whose program is meant; left out, that of harvest.json.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string? Version { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        if (RunItem(_ => TrustProgram.Describe(repository, Version)) is { } program
            && ShouldProcess(program.ToString(), $"Trust the program '{string.Join(' ', program.Command)}'")
            && RunItem(context => TrustProgram.Run(repository, Version, context)) is { } trusted)
        {
            WriteOf(repository, trusted);
        }
    }
}
