using System.Management.Automation;
using HarvestTools.Programs;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>Takes the trust in programs back.</summary>
[Cmdlet(VerbsSecurity.Revoke, "HarvestProgram", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(TrustedProgram))]
public sealed class RevokeHarvestProgramCommand : HarvestCommand
{
    /// <summary>The hashes of the programs, or the beginnings of them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The hash of the program, or the beginning of it.")]
    [ValidateNotNullOrEmpty]
    public string[] Sha256 { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (string hash in Sha256)
        {
            if (ShouldProcess(hash, "Trust the program no longer") && RunItem(_ => TrustProgram.Revoke(hash)) is { } revoked)
            {
                WriteObject(revoked, enumerateCollection: true);
            }
        }
    }
}
