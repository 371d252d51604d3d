using System.Management.Automation;
using HarvestTools.Filtering;
using HarvestTools.Manifests;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Puts a slice's Parquet files into the cache: a hit, a link to a shared part, or a derivation.</summary>
// "Build" became an approved verb after the standard that this is compiled against.
[Cmdlet("Build", "Slice", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(BuiltTable), typeof(Tally))]
public sealed class BuildSliceCommand : SliceCommand
{
    /// <summary>Emit what was kept and dropped instead of the files.</summary>
    [Parameter]
    public SwitchParameter Tally { get; set; }

    private protected override void ProcessSlice(HarvestRepository repository, SliceManifest slice)
    {
        if (!IsFirst(repository, slice.Version)
            || !ShouldProcess(slice.Version, "Build the slice's Parquet files in the cache")
            || RunItem(context => BuildSlice.Run(repository, slice, context)) is not { } built)
        {
            return;
        }

        WriteVerbose($"Slice {built.Version} stands in '{built.Folder}'.");
        if (Tally)
        {
            var tally = PSObject.AsPSObject(built.Tally);
            tally.Properties.Add(new PSNoteProperty(nameof(built.Version), built.Version));
            WriteOf(repository, tally);
            return;
        }

        foreach (BuiltTable table in built.Tables)
        {
            WriteOf(repository, table);
        }
    }
}
