using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestTools.Workflows;
using HarvestRepository = HarvestTools.Workflows.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Puts a slice's Parquet files into the cache: a hit, a link to a shared part, or a derivation.</summary>
// "Build" became an approved verb after the standard that this is compiled against.
[Cmdlet("Build", "Slice", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(BuiltTable))]
public sealed class BuildSliceCommand : SliceCommand
{
    private protected override void ProcessSlice(HarvestRepository repository, SliceManifest slice)
    {
        if (!IsFirst(repository, slice.Version)
            || !ShouldProcess(slice.Version, "Build the slice's Parquet files in the cache")
            || RunItem(context => BuildSlice.Run(repository, slice, context)) is not { } built)
        {
            return;
        }

        WriteVerbose($"Slice {built.Version} stands in '{built.Folder}'.");
        foreach (BuiltTable table in built.Tables)
        {
            WriteOf(repository, table);
        }
    }
}
