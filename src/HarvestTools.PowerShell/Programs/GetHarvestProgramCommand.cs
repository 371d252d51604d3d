using System.Management.Automation;
using HarvestTools.Programs;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>Lists the programs that are trusted on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "HarvestProgram")]
[OutputType(typeof(TrustedProgram))]
public sealed class GetHarvestProgramCommand : HarvestCommand
{
    /// <summary>Hashes of programs, or the beginnings of them; left out, all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Sha256 { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (TrustedProgram program in RunOrEnd(TrustProgram.List))
        {
            if (Sha256.Length == 0 || Sha256.Any(prefix => program.Sha256.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                WriteObject(program);
            }
        }
    }
}
