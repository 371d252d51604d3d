using System.Management.Automation;
using HarvestTools.Manifests;
using HarvestRepository = HarvestTools.Repositories.Repository;

namespace HarvestTools.PowerShell;

/// <summary>Reads the manifests of slices.</summary>
[Cmdlet(VerbsCommon.Get, "Slice")]
[OutputType(typeof(Slice))]
public sealed class GetSliceCommand : SliceCommand
{
    private protected override void ProcessSlice(HarvestRepository repository, SliceManifest slice) =>
        WriteObject(Slice.Of(slice, repository));
}
