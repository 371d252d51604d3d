using System.Text.Json.Nodes;
using HarvestTools.Json;

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
                _ => throw JsonDocumentErrors.UnknownKey(name, NearestName.Near(name, Names), Names),
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
        [Consensus] = SettingValue.Word(rules.Consensus),
        [PreferGroundTruth] = rules.PreferGroundTruth,
        [AcceptUntouched] = rules.AcceptUntouched,
        [InterpolateTracks] = rules.InterpolateTracks,
    };

    // Negative zero is zero, also in the definition's hash.
    private static double Number(string name, JsonNode? value, double largest) => SettingValue.Number(name, value, 0, largest) + 0.0;

    private static int Integer(string name, JsonNode? value) => SettingValue.Integer(name, value, 0, (int)LargestDistance);

    private static bool Flag(string name, JsonNode? value) => SettingValue.Boolean(name, value);

    private static Consensus ReadConsensus(string name, JsonNode? value) => SettingValue.Choice<Consensus>(name, value);
}
