using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Rules;

/// <summary>Reads and writes filter rules; the names are those in harvest.json.</summary>
internal static class RulesJson
{
    /// <summary>Far above any image or any boundary; beyond it a value is a mistake.</summary>
    private const double LargestDistance = 1_000_000;

    /// <summary>Every rule, in the order in which files list them.</summary>
    public static IReadOnlyList<HarvestRule> All { get; } =
    [
        Rule("min_pixel_agreement", static rules => rules.MinPixelAgreement, static (rules, name, value) => rules with { MinPixelAgreement = Number(name, value, LargestDistance) }),
        Rule("min_frame_agreement", static rules => rules.MinFrameAgreement, static (rules, name, value) => rules with { MinFrameAgreement = Integer(name, value) }),
        Rule("boundary_frames", static rules => rules.BoundaryFrames, static (rules, name, value) => rules with { BoundaryFrames = Integer(name, value) }),
        Rule("boundary_weight", static rules => rules.BoundaryWeight, static (rules, name, value) => rules with { BoundaryWeight = Number(name, value, 1) }),
        Rule("require_two_annotators", static rules => rules.RequireTwoAnnotators, static (rules, name, value) => rules with { RequireTwoAnnotators = Flag(name, value) }),
        Rule("consensus", static rules => SettingValue.Word(rules.Consensus), static (rules, name, value) => rules with { Consensus = SettingValue.Choice<Consensus>(name, value) }),
        Rule("prefer_ground_truth", static rules => rules.PreferGroundTruth, static (rules, name, value) => rules with { PreferGroundTruth = Flag(name, value) }),
        Rule("accept_untouched", static rules => rules.AcceptUntouched, static (rules, name, value) => rules with { AcceptUntouched = Flag(name, value) }),
        Rule("interpolate_tracks", static rules => rules.InterpolateTracks, static (rules, name, value) => rules with { InterpolateTracks = Flag(name, value) }),
        Rule("exclude", static rules => rules.Exclude.ToJson(), static (rules, name, value) => rules with { Exclude = Exclusion.Read(name, value) }),
    ];

    public static HarvestRules Read(HarvestRules start, JsonObject json, IReadOnlyList<HarvestRule> known)
    {
        ArgumentNullException.ThrowIfNull(json);
        HarvestRules rules = start;
        foreach ((string name, JsonNode? value) in json)
        {
            HarvestRule? rule = known.FirstOrDefault(rule => rule.Name == name);
            if (rule is null)
            {
                string[] names = [.. known.Select(static rule => rule.Name)];
                throw JsonDocumentErrors.UnknownKey(name, NearestName.Near(name, names), names);
            }

            rules = rule.Read(rules, value);
        }

        return rules;
    }

    public static JsonObject Write(HarvestRules rules, IReadOnlyList<HarvestRule> known) =>
        new(known.Select(rule => KeyValuePair.Create(rule.Name, (JsonNode?)rule.Write(rules))));

    private static HarvestRule Rule(string name, Func<HarvestRules, JsonNode> write, Func<HarvestRules, string, JsonNode?, HarvestRules> read) =>
        new(name, write, (rules, value) => read(rules, name, value));

    // Negative zero is zero, also in the definition's hash.
    private static double Number(string name, JsonNode? value, double largest) => SettingValue.Number(name, value, 0, largest) + 0.0;

    private static int Integer(string name, JsonNode? value) => SettingValue.Integer(name, value, 0, (int)LargestDistance);

    private static bool Flag(string name, JsonNode? value) => SettingValue.Boolean(name, value);
}
