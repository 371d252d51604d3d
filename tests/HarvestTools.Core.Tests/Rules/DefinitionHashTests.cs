using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Rules;

/// <summary>
/// The hashes of definitions. Slices record them, so one that differs here makes every slice that was made under that
/// definition look redefined: never put a new hash in the place of one.
/// </summary>
public sealed class DefinitionHashTests
{
    private const string Default = "8146af4effd1e8446dc03aa72ce934f0e27d1a6d3288a8d9950959a6e7574df4";

    private static readonly (string Rules, string Canonical, string Sha256)[] s_hashes =
    [
        ("", """{"name":"harvest","version":"v1.0.0"}""", Default),
        ("""{"min_pixel_agreement":2.5}""", """{"name":"harvest","rules":{"min_pixel_agreement":2.5},"version":"v1.0.0"}""", "c262090d892b0805644ee15cac0c7eb7663a5a1b4b48fa1539e84e62c020f58d"),
        ("""{"min_frame_agreement":0}""", """{"name":"harvest","rules":{"min_frame_agreement":0},"version":"v1.0.0"}""", "98b3bf17781bad2b2c54977bcdadd9d4d6e5bacd491871681a0a1b3f7824da17"),
        ("""{"boundary_frames":7}""", """{"name":"harvest","rules":{"boundary_frames":7},"version":"v1.0.0"}""", "3e2073decabad0b61361bd55233a2d836846ce7992a5010e225d02d223c8f72c"),
        ("""{"boundary_weight":0.25}""", """{"name":"harvest","rules":{"boundary_weight":0.25},"version":"v1.0.0"}""", "e9a1c08b6c16156ce0c64375b15f02085e76e9bc2c04acff70a3c435ba8d1ba6"),
        ("""{"require_two_annotators":true}""", """{"name":"harvest","rules":{"require_two_annotators":true},"version":"v1.0.0"}""", "776d2911ce35ba14e9b64b83adb735d3582e177295547982f61547b86edc233f"),
        ("""{"consensus":"first"}""", """{"name":"harvest","rules":{"consensus":"first"},"version":"v1.0.0"}""", "2c6554ea4b6754ba864e1fe399fcb640eb816e0b78c4dfe8a4afbe4828d98e30"),
        ("""{"prefer_ground_truth":false}""", """{"name":"harvest","rules":{"prefer_ground_truth":false},"version":"v1.0.0"}""", "9d2b403f449665657d6fcdf3c52e8d65f543c4653998cb9980afc063efb65bb0"),
        ("""{"accept_untouched":false}""", """{"name":"harvest","rules":{"accept_untouched":false},"version":"v1.0.0"}""", "3788e2b81525b3ff210fac7a5dd96080a4707ce4865a4fcdcddb310f45794aba"),
        ("""{"interpolate_tracks":false}""", """{"name":"harvest","rules":{"interpolate_tracks":false},"version":"v1.0.0"}""", "9e261552e67d121a039b84efbc9e055d8206444b5fb30d19890c92aea664b2ff"),
        ("""{"exclude":{"episodes":["a/b"],"annotators":[12,7,12]}}""", """{"name":"harvest","rules":{"exclude":{"annotators":[7,12],"episodes":["a/b"]}},"version":"v1.0.0"}""", "587c25743a4e8e9d4a993134f67399fe5b6e29f24ca59c621d140f7d3ca3614b"),
    ];

    public static TheoryData<string, string, string> Hashes
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach ((string rules, string canonical, string sha256) in s_hashes)
            {
                data.Add(rules, canonical, sha256);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void They_stay_what_they_are(string rules, string canonical, string sha256)
    {
        HarvestDefinition definition = HarvestDefinition.Default;
        definition = rules.Length == 0 ? definition : definition with { Rules = definition.Rules.With(Json(rules)) };

        Assert.Equal(canonical, Encoding.UTF8.GetString(definition.ToCanonicalBytes()));
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        Assert.Equal(sha256, definition.Sha256);
    }

    [Fact]
    public void Every_rule_has_a_hash_here()
    {
        string[] tried = [.. s_hashes.Where(static hash => hash.Rules.Length > 0).Select(static hash => Json(hash.Rules).Single().Key)];

        Assert.Equal(HarvestRules.Default.ToJson().Select(static rule => rule.Key), tried);
    }

    [Fact]
    public void Fields_that_differ_are_in_it_too()
    {
        var definition = new HarvestDefinition(
            "hands",
            "v12.0.3",
            new HarvestRules { BoundaryFrames = 7, Consensus = Consensus.First },
            FieldMapping.Default with { Episode = new FieldSource("data.image", "/episode_([0-9]+)/") });

        Assert.Equal("0cdb8b4166c602b816ce99644d9230c403533bebb63643b3437ad89963fce64f", definition.Sha256);
    }

    [Theory]
    [InlineData("""{"name":"harvest","version":"v1.0.0"}""")]
    [InlineData("""{"name":"harvest","version":"v1.0.0","rules":{},"fields":{}}""")]
    [InlineData("""{"version":"v1.0.0","fields":{"frame":{"from":"data.frame"}},"rules":{"boundary_weight":0.50,"min_pixel_agreement":5.0},"name":"harvest"}""")]
    public void A_default_that_is_spelt_out_is_one_that_is_left_out(string json)
    {
        HarvestDefinition definition = HarvestDefinition.Parse(Json(json));

        Assert.Equal(HarvestDefinition.Default, definition);
        Assert.Equal(Default, definition.Sha256);
    }

    [Theory]
    [MemberData(nameof(Hashes))]
    public void The_canonical_form_gives_the_definition_back(string rules, string canonical, string sha256)
    {
        HarvestDefinition definition = HarvestDefinition.Parse(Json(canonical));

        Assert.Equal(sha256, definition.Sha256);
        Assert.Equal(rules.Length == 0 ? HarvestRules.Default : HarvestRules.Default.With(Json(rules)), definition.Rules);
        Assert.Equal(HarvestRules.Default.ToJson().Count, definition.ToJson()["rules"]!.AsObject().Count);
    }

    [Fact]
    public void A_rule_that_a_later_release_adds_changes_no_hash()
    {
        bool skip = false;
        var added = new HarvestRule("skip_blurred", _ => JsonValue.Create(skip), static (rules, _) => rules);
        DerivationVersion now = DerivationVersion.Current;
        var later = new DerivationVersion(now.Number, [.. now.RuleList, added], now.Rules, now.Fields, now.Limits);
        HarvestDefinition changed = HarvestDefinition.Default with { Rules = new HarvestRules { BoundaryFrames = 7 } };

        HarvestDefinition read = HarvestDefinition.Parse(Json(changed.ToJson().ToJsonString()), later);

        Assert.Equal("false", read.ToJson()["rules"]!["skip_blurred"]!.ToJsonString());
        Assert.Equal(changed.Sha256, read.Sha256);
        Assert.Equal(Default, (HarvestDefinition.Default with { Derivation = later }).Sha256);

        // Set to something else than its default, it is in the hash: the rows differ then.
        HarvestDefinition other = HarvestDefinition.Parse(
            Json("""{"name":"harvest","version":"v1.0.0","rules":{"skip_blurred":true}}"""),
            new DerivationVersion(now.Number, [.. now.RuleList, Toggled()], now.Rules, now.Fields, now.Limits));
        Assert.NotEqual(Default, other.Sha256);
    }

    [Fact]
    public void Defaults_are_those_of_the_derivation_version()
    {
        DerivationVersion now = DerivationVersion.Current;
        var other = new DerivationVersion(now.Number + 1, now.RuleList, now.Rules with { BoundaryFrames = 9 }, now.Fields, now.Limits);
        HarvestDefinition definition = HarvestDefinition.Parse(Json("""{"name":"harvest","version":"v1.0.0"}"""), other);

        Assert.Equal(9, definition.Rules.BoundaryFrames);
        Assert.Equal("9", definition.ToJson()["rules"]!["boundary_frames"]!.ToJsonString());
        Assert.Equal(Default, definition.Sha256);
    }

    /// <summary>A pretended rule that is kept in a property of its own use: true once weight 1 stands for it.</summary>
    private static HarvestRule Toggled() => new(
        "skip_blurred",
        static rules => JsonValue.Create(rules.MinFrameAgreement == int.MaxValue),
        static (rules, value) => value!.GetValue<bool>() ? rules with { MinFrameAgreement = int.MaxValue } : rules);

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
