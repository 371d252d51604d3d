using System.Management.Automation;
using HarvestTools.Strings;

namespace HarvestTools.PowerShell;

/// <summary>
/// A cmdlet whose messages and questions hold nothing that steers a terminal, whatever the names in them are. Objects keep what
/// files hold; views show them through <see cref="Display"/>.
/// </summary>
public abstract class PlainCmdlet : PSCmdlet
{
    private protected PlainCmdlet()
    {
    }

    private protected new void WriteWarning(string text) => base.WriteWarning(PlainText.Hanging(text));

    private protected new void WriteVerbose(string text) => base.WriteVerbose(PlainText.Hanging(text));

    private protected new void WriteDebug(string text) => base.WriteDebug(PlainText.Hanging(text));

    private protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(PlainText.Of(target), PlainText.Of(action));

    private protected new bool ShouldProcess(string verboseDescription, string verboseWarning, string caption, out ShouldProcessReason shouldProcessReason) =>
        base.ShouldProcess(PlainText.Of(verboseDescription), PlainText.Of(verboseWarning), PlainText.Of(caption), out shouldProcessReason);
}
