using System.Management.Automation;
using HarvestTools.Programs;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>Takes the trust in programs back.</summary>
[Cmdlet(VerbsSecurity.Revoke, "HarvestProgram", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(TrustedProgram))]
public sealed class RevokeHarvestProgramCommand : HarvestCommand
{
    /// <summary>The beginning of the program's hash.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "The hash of the program, or the beginning of it.")]
    [ValidateNotNullOrEmpty]
    public string Sha256 { get; set; } = string.Empty;

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Sha256, "Trust the program no longer") && RunItem(_ => TrustProgram.Revoke(Sha256)) is { } revoked)
        {
            WriteObject(revoked, enumerateCollection: true);
        }
    }
}
