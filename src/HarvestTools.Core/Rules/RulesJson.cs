using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Rules;

/// <summary>Reads and writes filter rules; the names are the contract's.</summary>
internal static class RulesJson
{
    private const string Mean = "mean";
    private const string First = "first";

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
        Rule("consensus", static rules => rules.Consensus == Consensus.Mean ? Mean : First, static (rules, name, value) => rules with { Consensus = ReadConsensus(name, value) }),
        Rule("prefer_ground_truth", static rules => rules.PreferGroundTruth, static (rules, name, value) => rules with { PreferGroundTruth = Flag(name, value) }),
        Rule("accept_untouched", static rules => rules.AcceptUntouched, static (rules, name, value) => rules with { AcceptUntouched = Flag(name, value) }),
        Rule("interpolate_tracks", static rules => rules.InterpolateTracks, static (rules, name, value) => rules with { InterpolateTracks = Flag(name, value) }),
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
                throw RuleErrors.UnknownRule(name, NearestName.Find(name, names), names);
            }

            rules = rule.Read(rules, value);
        }

        return rules;
    }

    public static JsonObject Write(HarvestRules rules, IReadOnlyList<HarvestRule> known) =>
        new(known.Select(rule => KeyValuePair.Create(rule.Name, (JsonNode?)rule.Write(rules))));

    private static HarvestRule Rule(string name, Func<HarvestRules, JsonNode> write, Func<HarvestRules, string, JsonNode?, HarvestRules> read) =>
        new(name, write, (rules, value) => read(rules, name, value));

    private static double Number(string name, JsonNode? value, double largest)
    {
        string allowed = string.Create(CultureInfo.InvariantCulture, $"a number from 0 to {largest}");
        if (value?.GetValueKind() != JsonValueKind.Number
            || !double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            || !(number >= 0 && number <= largest))
        {
            throw RuleErrors.RuleOutOfRange(name, Text(value), allowed);
        }

        // Negative zero is zero, also in the definition's hash.
        return number + 0.0;
    }

    private static int Integer(string name, JsonNode? value)
    {
        string allowed = string.Create(CultureInfo.InvariantCulture, $"a whole number from 0 to {LargestDistance}");
        if (value?.GetValueKind() != JsonValueKind.Number
            || !double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            || !(number >= 0 && number <= LargestDistance)
            || Math.Floor(number) != number)
        {
            throw RuleErrors.RuleOutOfRange(name, Text(value), allowed);
        }

        return (int)number;
    }

    private static bool Flag(string name, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw RuleErrors.RuleOutOfRange(name, Text(value), "true or false"),
    };

    private static Consensus ReadConsensus(string name, JsonNode? value)
    {
        string? text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        return text switch
        {
            Mean => Consensus.Mean,
            First => Consensus.First,
            _ => throw RuleErrors.RuleOutOfRange(name, Text(value), "\"mean\" or \"first\""),
        };
    }

    private static string Text(JsonNode? value)
    {
        try
        {
            return value?.ToJsonString() ?? "null";
        }
        catch (ArgumentException)
        {
            // A script can hand over a NaN or an infinity, which JSON cannot write.
            return "not a number";
        }
    }
}
