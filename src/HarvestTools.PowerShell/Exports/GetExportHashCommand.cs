using System.Management.Automation;
using HarvestTools.Workflows;

namespace HarvestTools.PowerShell;

/// <summary>Hashes exports without storing anything; needs no repository.</summary>
[Cmdlet(VerbsCommon.Get, "ExportHash", DefaultParameterSetName = DefaultSet)]
[OutputType(typeof(ExportHash))]
public sealed class GetExportHashCommand : FileCommand
{
    [Parameter]
    public SwitchParameter Labels { get; set; }

    private protected override void ProcessFile(string path)
    {
        if (RunItem(context => HashExport.Run(path, Labels, context)) is { } hash)
        {
            WriteNotice(hash.Notice);

            // With labels there is more to show, so the view is another; the name with # is PowerShell's way to say so.
            var shown = PSObject.AsPSObject(hash);
            if (Labels)
            {
                shown.TypeNames.Insert(0, $"{typeof(ExportHash).FullName}#Labels");
            }

            WriteObject(shown);
        }
    }
}
