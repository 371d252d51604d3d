using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Tallies;

namespace HarvestTools.Rules;

/// <summary>Reads and writes filter rules; the names are the contract's.</summary>
internal static class RulesJson
{
    private const string MinPixelAgreement = "min_pixel_agreement";
    private const string MinFrameAgreement = "min_frame_agreement";
    private const string BoundaryFrames = "boundary_frames";
    private const string BoundaryWeight = "boundary_weight";
    private const string RequireTwoAnnotators = "require_two_annotators";
    private const string Consensus = "consensus";
    private const string PreferGroundTruth = "prefer_ground_truth";
    private const string AcceptUntouched = "accept_untouched";
    private const string InterpolateTracks = "interpolate_tracks";

    private const string Mean = "mean";
    private const string First = "first";

    /// <summary>Far above any image or any boundary; beyond it a value is a mistake.</summary>
    private const double LargestDistance = 1_000_000;

    private static readonly string[] Names =
    [
        MinPixelAgreement, MinFrameAgreement, BoundaryFrames, BoundaryWeight, RequireTwoAnnotators, Consensus,
        PreferGroundTruth, AcceptUntouched, InterpolateTracks,
    ];

    public static HarvestRules Read(HarvestRules start, JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        HarvestRules rules = start;
        foreach ((string name, JsonNode? value) in json)
        {
            rules = name switch
            {
                MinPixelAgreement => rules with { MinPixelAgreement = Number(name, value, LargestDistance) },
                MinFrameAgreement => rules with { MinFrameAgreement = Integer(name, value) },
                BoundaryFrames => rules with { BoundaryFrames = Integer(name, value) },
                BoundaryWeight => rules with { BoundaryWeight = Number(name, value, 1) },
                RequireTwoAnnotators => rules with { RequireTwoAnnotators = Flag(name, value) },
                Consensus => rules with { Consensus = ReadConsensus(name, value) },
                PreferGroundTruth => rules with { PreferGroundTruth = Flag(name, value) },
                AcceptUntouched => rules with { AcceptUntouched = Flag(name, value) },
                InterpolateTracks => rules with { InterpolateTracks = Flag(name, value) },
                _ => throw RuleErrors.UnknownRule(name, NearestName.Find(name, Names), Names),
            };
        }

        return rules;
    }

    public static JsonObject Write(HarvestRules rules) => new()
    {
        [MinPixelAgreement] = rules.MinPixelAgreement,
        [MinFrameAgreement] = rules.MinFrameAgreement,
        [BoundaryFrames] = rules.BoundaryFrames,
        [BoundaryWeight] = rules.BoundaryWeight,
        [RequireTwoAnnotators] = rules.RequireTwoAnnotators,
        [Consensus] = rules.Consensus == Rules.Consensus.Mean ? Mean : First,
        [PreferGroundTruth] = rules.PreferGroundTruth,
        [AcceptUntouched] = rules.AcceptUntouched,
        [InterpolateTracks] = rules.InterpolateTracks,
    };

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
            Mean => Rules.Consensus.Mean,
            First => Rules.Consensus.First,
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
