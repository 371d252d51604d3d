using System.Management.Automation;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Allows a definition's program to be run on this machine, in exactly the content that it has now.</summary>
[Cmdlet(VerbsLifecycle.Approve, "HarvestProgram", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(DefinedProgram))]
public sealed class ApproveHarvestProgramCommand : HarvestCommand
{
    /// <summary>The slices whose programs are meant; left out, that of harvest.json.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SliceVersionCompleter))]
    public string[] Version { get; set; } = [];

    /// <summary>The definition of harvest.json that is meant; left out, the one that no other follows.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Definition { get; set; }

    protected override void ProcessRecord()
    {
        HarvestRepository repository = OpenRepository();
        repository.Definition = Definition;
        foreach (string? version in Version.Length == 0 ? new string?[] { null } : Version)
        {
            if (RunItem(_ => TrustProgram.Describe(repository, version)) is { } program
                && ShouldProcess(program.ToString(), $"Trust the program '{string.Join(' ', program.Command)}'")
                && RunItem(context => TrustProgram.Run(repository, version, context)) is { } trusted)
            {
                WriteOf(repository, trusted);
            }
        }
    }
}
