using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.Json;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Cache;

/// <summary>A key is the hash of canonical JSON, whatever way that is put together: another key leaves every cache behind.</summary>
public sealed class PartKeyTests
{
    private static readonly string s_export = new('1', 64);
    private static readonly string s_labels = new('2', 64);
    private static readonly string s_config = new('3', 64);
    private static readonly string[] s_two = [new string('5', 64), new string('4', 64)];

    public static TheoryData<string, bool, bool, bool> Cases => new(
        from project in new[] { "a", "wipe_table", "caf\u00E9", "a\"\\b", "\u65E5\u672C", "x\U0001F600/" }
        from labels in new[] { true, false }
        from config in new[] { true, false }
        from superseded in new[] { true, false }
        select (project, labels, config, superseded));

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_the_hash_of_an_object_in_canonical_form(string project, bool labels, bool config, bool superseded)
    {
        HarvestDefinition definition = HarvestDefinition.Default;
        var json = new JsonObject
        {
            ["project"] = project,
            ["format_version"] = FormatVersion.Current.Number,
            ["derivation_version"] = definition.Derivation.Number,
            ["harvest"] = JsonNode.Parse(definition.ToCanonicalBytes()),
            [labels ? "label_sha256" : "sha256"] = labels ? s_labels : s_export,
        };
        if (config)
        {
            json["label_config_sha256"] = s_config;
        }

        if (superseded)
        {
            json["superseded_by"] = new JsonArray(s_two[1], s_two[0]);
        }

        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(json))),
            PartKey.Compute(project, labels ? s_labels : null, s_export, definition, superseded ? s_two : [], config ? s_config : null));
    }
}
