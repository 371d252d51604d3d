using System.Management.Automation;
using HarvestTools.Programs;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>Lists the programs that are trusted on this machine.</summary>
[Cmdlet(VerbsCommon.Get, "HarvestProgram")]
[OutputType(typeof(TrustedProgram))]
public sealed class GetHarvestProgramCommand : HarvestCommand
{
    protected override void ProcessRecord() => WriteObject(RunOrEnd(TrustProgram.List), enumerateCollection: true);
}
