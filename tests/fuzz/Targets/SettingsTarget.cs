using HarvestTools.Manifests;

namespace HarvestTools.Fuzz.Targets;

/// <summary>harvest.json: what is accepted gives the same definition when it is read again from what is written of it.</summary>
internal sealed class SettingsTarget(IReadOnlyList<byte[]> seeds) : FuzzTarget
{
    public override string Name => "settings";

    public override IReadOnlyList<byte[]> Seeds => seeds;

    public override void Run(byte[] input) => _ = Outcome(() =>
    {
        HarvestSettings settings = HarvestSettings.Parse(input);
        string hash = settings.Harvest.Sha256;
        Require(hash == HarvestSettings.Parse(input).Harvest.Sha256, "Two readings have different definitions.");
        return hash;
    });
}
