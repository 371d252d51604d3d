using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Fuzz.Targets;

/// <summary>slice.json: what is accepted and written again is accepted, and then stays as it is.</summary>
internal sealed class ManifestTarget(IReadOnlyList<byte[]> seeds) : FuzzTarget
{
    public override string Name => "manifest";

    public override IReadOnlyList<byte[]> Seeds => seeds;

    public override void Run(byte[] input) => _ = Outcome(() =>
    {
        SliceManifest slice = ManifestReader.Read(new JsonFileText(input, "slice.json"));
        byte[] written = ManifestWriter.ToUtf8(slice);
        byte[] again;
        try
        {
            again = ManifestWriter.ToUtf8(ManifestReader.Read(new JsonFileText(written, "slice.json")));
        }
        catch (HarvestException error)
        {
            throw new FuzzFinding($"What was accepted is refused once it is written: {error.Message}");
        }

        Require(written.AsSpan().SequenceEqual(again), "What is written changes when it is read and written again.");
        return "read";
    });
}
