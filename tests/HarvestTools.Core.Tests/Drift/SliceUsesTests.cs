using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Drift;

/// <summary>Which slices share what drifted, and what is said of them.</summary>
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

    [Fact]
    public void Slices_are_in_the_order_in_which_they_were_made_or_trained_on_and_those_without_a_time_are_last()
    {
        SliceUses uses = new([Slice("v10"), Slice("v9"), Slice("v3", trained: 1), Slice("v1", made: 3), Slice("v2", made: 2, trained: 9)]);
        Assert.Equal(["v3", "v2", "v1", "v9", "v10"], uses.All.Select(static slice => slice.Version));
        Assert.Equal("v3", uses.OfExport(s_a).Since);
        Assert.Equal(((int?)0, (int?)3, (int?)null, (int?)null), (uses.FirstOf("a", s_a), new SliceUses([.. uses.All, Slice("v0", 9, export: s_b)]).FirstOf("a", s_b), uses.FirstOf("b", s_a), uses.FirstOf("a", s_b)));
    }

    [Fact]
    public void Models_that_were_trained_on_what_drifted_are_named_with_their_slices_and_places()
    {
        SliceManifest trained = Slice("v1", 1) with { Runs = [new SliceRun { Name = "hand", Artifact = "models/hand.pt" }, new SliceRun { Name = "tracked" }] };
        Assert.Equal(
            "It is gone. Only slice v1 uses it; trained on it: hand on v1 (models/hand.pt) and tracked on v1.",
            new SliceUses([trained]).OfExport(s_a).Complete(s_finding).Message);
        DriftFinding both = new SliceUses([Slice("v2", 2), trained]).OfExport(s_a).Complete(s_finding);
        Assert.EndsWith("; trained on them: hand on v1 (models/hand.pt) and tracked on v1.", both.Message, StringComparison.Ordinal);
        Assert.Equal(("v1", 2, 2), (both.Since, both.Slices.Count, both.Models.Count));

        // What nothing uses spoils nothing.
        Assert.Same(s_finding, new SliceUses([trained]).OfExport(s_b).Complete(s_finding));
        Assert.Null(new SliceUses([trained]).OfExport(s_b).Since);
    }

    [Fact]
    public void What_is_shared_is_an_export_a_configuration_a_definition_or_a_part()
    {
        SliceManifest first = Slice("v1", 1, sha: "d1");
        SliceManifest other = first with { Version = "v2", HarvestVersion = "harvest@v2.0.0" };
        SliceManifest redefined = first with { Version = "v3", HarvestSha256 = "d2" };
        SliceManifest configured = first with { Version = "v4", Exports = [first.Exports[0] with { LabelConfigSha256 = s_b }, Export("c", new string('c', 64))] };
        SliceManifest superseded = first with { Version = "v5", Exports = [first.Exports[0] with { SupersededBy = ["x", "y"] }] };
        SliceManifest turned = first with { Version = "v6", Exports = [first.Exports[0] with { SupersededBy = ["y", "x"] }] };
        SliceManifest overridden = first with { Version = "v7", FilterOverrides = new JsonObject { ["min_pixel_agreement"] = 3 } };
        SliceManifest renamed = first with { Version = "v8", Exports = [first.Exports[0] with { Project = "b" }] };
        SliceManifest same = first with { Version = "v9", Exports = [Export("b", s_b), first.Exports[0]] };
        SliceUses uses = new([first, other, redefined, configured, superseded, turned, overridden, renamed, same]);

        Assert.Equal(["v1", "v9"], uses.OfPart(first, first.Exports[0]).Versions);
        Assert.Equal(["v5", "v6"], uses.OfPart(turned, turned.Exports[0]).Versions);
        Assert.Equal(["v7"], uses.OfPart(overridden, overridden.Exports[0]).Versions);
        Assert.Equal(["v4"], uses.OfLabelConfig(s_b).Versions);
        Assert.Equal(["v9"], uses.OfExport(s_b).Versions);
        Assert.Equal(["v1", "v4", "v5", "v6", "v7", "v8", "v9"], uses.OfDefinition("harvest@v1.0.0", "d1").Versions);
        Assert.Equal(["v3"], uses.OfDefinition("harvest@v1.0.0", "d2").Versions);
        Assert.Empty(uses.OfDefinition("harvest@v1.0.0", null).Versions);
    }

    [Fact]
    public void The_first_slice_under_a_version_is_the_one_whose_definition_can_be_compared()
    {
        SliceManifest first = Slice("v1", 1);
        SliceManifest older = Slice("v2", 2, sha: "d1") with { DerivationVersion = 1 };
        SliceManifest second = Slice("v3", 3, sha: "d1") with { DerivationVersion = 2 };
        SliceManifest third = Slice("v4", 4, sha: "d2") with { DerivationVersion = 2, Parents = ["v1", "v3"] };
        SliceManifest next = Slice("v5", 5, sha: "d3") with { DerivationVersion = 2, HarvestVersion = "harvest@v2.0.0", Parents = ["v4"] };
        SliceUses uses = new([first, older, second, third, next]);

        Assert.Equal("v3", uses.FirstUnder(third)!.Version);
        Assert.Equal("v2", uses.FirstUnder(older)!.Version);
        Assert.Equal("v5", uses.FirstUnder(next)!.Version);
        Assert.Null(uses.FirstUnder(first));
        Assert.True(uses.HasSuccessorUnderOther(third));
        Assert.False(uses.HasSuccessorUnderOther(second));
        Assert.False(uses.HasSuccessorUnderOther(next));
    }

    private static readonly string s_a = new('a', 64);
    private static readonly string s_b = new('b', 64);

    private static SliceExport Export(string project, string sha256) => new() { Project = project, Sha256 = sha256 };

    private static SliceManifest Slice(string version, int? made = null, int? trained = null, string? export = null, string? sha = null) => new()
    {
        Version = version,
        CreatedAt = made is { } one ? At(one) : null,
        TrainedAt = trained is { } other ? At(other) : null,
        Exports = [Export("a", export ?? s_a)],
        HarvestVersion = "harvest@v1.0.0",
        HarvestSha256 = sha,
    };

    private static Timestamp At(int hour) => Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(hour));

    private static SliceUses Uses(int slices) => new(Enumerable.Range(1, slices).Select(static i => new SliceManifest
    {
        Version = $"v{i}",
        CreatedAt = Timestamp.From(DateTimeOffset.UnixEpoch.AddHours(i)),
        Exports = [new SliceExport { Project = "a", Sha256 = new string('a', 64) }],
        HarvestVersion = "harvest@v1.0.0",
    }));
}
