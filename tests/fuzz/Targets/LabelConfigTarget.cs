using HarvestTools.LabelStudio.Configs;

namespace HarvestTools.Fuzz.Targets;

/// <summary>A labeling configuration.</summary>
internal sealed class LabelConfigTarget : FuzzTarget
{
    public override string Name => "label-config";

    public override IReadOnlyList<byte[]> Seeds => Fuzz.Seeds.LabelConfigs;

    public override void Run(byte[] input) => _ = Outcome(() => LabelConfigParser.Parse(input, "label_config.xml").ToString() ?? "");
}
