using System.Security.Cryptography;
using System.Text;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Manifests;

public sealed class SliceKeyTests
{
    private static readonly string s_hashA = new('a', 64);
    private static readonly string s_hashB = new('b', 64);
    private static readonly string s_definition = new('d', 64);

    private static readonly string s_manifest = $$"""
        {
          "slice_version": "v3",
          "exports": [
            { "project": "p", "sha256": "{{s_hashA}}", "path": "x/a.json" },
            { "project": "P", "sha256": "{{s_hashB}}" }
          ],
          "harvest_version": "harvest@v1.4.2",
          "harvest_sha256": "{{s_definition}}",
          "format_version": 2,
          "derivation_version": 2,
          "filter_overrides": { "min_pixel_agreement": 5, "boundary_weight": 0.5 }
        }
        """;

    [Fact]
    public void It_is_the_hash_of_canonical_JSON_of_what_determines_the_rows()
    {
        // Keys sorted, no white space, exports by project in ordinal order: written out by hand.
        string canonical = $$"""{"derivation_version":2,"exports":[{"project":"P","sha256":"{{s_hashB}}"},{"project":"p","sha256":"{{s_hashA}}"}],"filter_overrides":{"boundary_weight":0.5,"min_pixel_agreement":5},"format_version":2,"harvest_sha256":"{{s_definition}}","harvest_version":"harvest@v1.4.2"}""";
        string expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        Assert.Equal(expected, Key(s_manifest));
    }

    [Fact]
    public void Nothing_else_changes_it()
    {
        SliceManifest manifest = Parse(s_manifest);
        string key = SliceKey.Compute(manifest);

        Assert.Equal(key, SliceKey.Compute(manifest with { Version = "v4", Parent = "v3", Reason = "x" }));
        Assert.Equal(key, SliceKey.Compute(manifest with { TrainedAt = Timestamp.From(DateTimeOffset.UnixEpoch), CreatedAt = Timestamp.From(DateTimeOffset.UnixEpoch) }));
        Assert.Equal(key, SliceKey.Compute(manifest with { Runs = [new SliceRun { Name = "m" }], ModelOutputs = new Dictionary<string, string> { ["m"] = "m.pt" } }));
        Assert.Equal(key, SliceKey.Compute(manifest with { EvalSet = new PinnedFile { Path = "e" }, Pins = new SlicePins { GitCommit = "c" } }));
        Assert.Equal(key, SliceKey.Compute(manifest with { Exports = [.. manifest.Exports.Reverse()] }));
        Assert.Equal(key, SliceKey.Compute(manifest with { Exports = [.. manifest.Exports.Select(e => e with { Path = "other", Name = "n", Bytes = 1, LabelSha256 = s_hashA })] }));
        Assert.Equal(key, Key(s_manifest.Replace(": 5,", ": 5.0e0,", StringComparison.Ordinal).Replace("0.5 ", "50E-2 ", StringComparison.Ordinal)));
        Assert.Equal(key, Key(s_manifest.Replace("{ \"min_pixel_agreement\": 5, \"boundary_weight\": 0.5 }", "{ \"boundary_weight\": 0.5, \"min_pixel_agreement\": 5 }", StringComparison.Ordinal)));
        Assert.Equal(key, Key(s_manifest.Replace("\"slice_version\"", "\"note\": \"n\", \"slice_version\"", StringComparison.Ordinal)));
        Assert.Equal(key, SliceKey.Compute(manifest with { WrittenBy = "9.9.9" }));
    }

    [Fact]
    public void Each_of_what_determines_the_rows_changes_it()
    {
        string[] variants =
        [
            s_manifest,
            s_manifest.Replace("\"p\"", "\"q\"", StringComparison.Ordinal),
            s_manifest.Replace(s_hashA, new string('e', 64), StringComparison.Ordinal),
            s_manifest.Replace("v1.4.2", "v1.4.3", StringComparison.Ordinal),
            s_manifest.Replace(s_definition, new string('f', 64), StringComparison.Ordinal),
            s_manifest.Replace("\"format_version\": 2", "\"format_version\": 1", StringComparison.Ordinal),
            s_manifest.Replace("\"derivation_version\": 2", "\"derivation_version\": 1", StringComparison.Ordinal),
            s_manifest.Replace("\"path\"", $"\"superseded_by\": [\"{s_hashB}\"], \"path\"", StringComparison.Ordinal),
            s_manifest.Replace("\"path\"", $"\"label_config_sha256\": \"{s_hashB}\", \"path\"", StringComparison.Ordinal),
            s_manifest.Replace("0.5", "0.25", StringComparison.Ordinal),
            s_manifest.Replace(", \"boundary_weight\": 0.5", "", StringComparison.Ordinal),
            s_manifest.Replace($"\"harvest_sha256\": \"{s_definition}\",", "", StringComparison.Ordinal),
        ];
        Assert.Equal(variants.Length, variants.Select(Key).Distinct().Count());
    }

    [Fact]
    public void A_manifest_without_definition_and_format_gets_the_key_of_those_it_is_derived_under()
    {
        SliceManifest bare = Parse(s_manifest) with { HarvestSha256 = null, FormatVersion = null, DerivationVersion = null };
        Assert.Equal(Key(s_manifest), SliceKey.Compute(bare, s_definition, SliceVersions.Current));
    }

    [Fact]
    public void A_version_that_is_left_out_is_the_first()
    {
        SliceManifest first = Parse(s_manifest) with { FormatVersion = 1, DerivationVersion = 1 };

        Assert.Equal(SliceKey.Compute(first), SliceKey.Compute(first with { FormatVersion = null, DerivationVersion = null }));
    }

    private static string Key(string text) => SliceKey.Compute(Parse(text));

    private static SliceManifest Parse(string text) => SliceManifest.Parse(Encoding.UTF8.GetBytes(text));
}
