using HarvestTools.Drift;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Drift;

public sealed class SliceUsesTests
{
    private static readonly DriftFinding s_finding = new(DriftKind.ExportMissing, DriftSeverity.Error, "a", null, null, "It is gone.", "Find it.");

    [Theory]
    [InlineData(1, "It is gone. Only slice v1 uses it; no model is registered on it.")]
    [InlineData(2, "It is gone. v1 and v2 use it, v1 first; no model is registered on them.")]
    [InlineData(8, "It is gone. v1, v2, v3, v4, v5, v6, v7 and v8 use it, v1 first; no model is registered on them.")]
    [InlineData(1234, "It is gone. v1, v2, v3, v4, v5, v6 and 1,228 more use it, v1 first; no model is registered on them.")]
    public void A_message_names_the_first_slices_and_counts_the_others(int slices, string expected)
    {
        DriftFinding told = Uses(slices).OfExport(new string('a', 64)).Complete(s_finding);

        Assert.Equal(expected, told.Message);
        Assert.Equal(slices, told.Slices.Count);
    }

    [Fact]
    public void What_all_slices_share_is_told_of_each_in_no_time()
    {
        SliceUses uses = Uses(10_000);
        UseScope first = uses.OfDefinition("harvest@v1.0.0", null);

        Assert.All(uses.All, slice => Assert.Same(first, uses.OfDefinition(slice.HarvestVersion, slice.HarvestSha256)));
    }

    private static SliceUses Uses(int slices) => new(Enumerable.Range(1, slices).Select(static i => new SliceManifest
    {
        Version = $"v{i}",
        CreatedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(i)),
        Exports = [new SliceExport { Project = "a", Sha256 = new string('a', 64) }],
        HarvestVersion = "harvest@v1.0.0",
    }));
}
