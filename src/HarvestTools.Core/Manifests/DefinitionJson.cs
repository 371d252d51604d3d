using System.Text.Json.Nodes;
using HarvestTools.Filtering;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>The harvest definition inside harvest.json.</summary>
internal static class DefinitionJson
{
    public static HarvestDefinition Default { get; } = new("harvest", "v1.0.0", HarvestRules.Default, FieldMapping.Default);

    public static HarvestDefinition Read(ObjectReader? reader)
    {
        if (reader is null)
        {
            return Default;
        }

        var definition = new HarvestDefinition(
            NamePart(reader, "name") ?? Default.Name,
            NamePart(reader, "version") ?? Default.Version,
            Rules(reader.Object("rules")),
            Fields(reader.Object("fields")));
        reader.RefuseRest("name", "version", "rules", "fields");
        return definition;
    }

    public static JsonObject Write(HarvestDefinition definition) => new()
    {
        ["name"] = definition.Name,
        ["version"] = definition.Version,
        ["rules"] = new JsonObject
        {
            ["min_pixel_agreement"] = definition.Rules.MinPixelAgreement,
            ["min_frame_agreement"] = definition.Rules.MinFrameAgreement,
            ["boundary_frames"] = definition.Rules.BoundaryFrames,
            ["boundary_weight"] = definition.Rules.BoundaryWeight,
            ["require_two_annotators"] = definition.Rules.RequireTwoAnnotators,
            ["consensus"] = definition.Rules.Consensus == Consensus.Mean ? "mean" : "first",
            ["prefer_ground_truth"] = definition.Rules.PreferGroundTruth,
            ["accept_untouched"] = definition.Rules.AcceptUntouched,
            ["interpolate_tracks"] = definition.Rules.InterpolateTracks,
        },
        ["fields"] = new JsonObject
        {
            ["task_subdir"] = Field(definition.Fields.TaskSubdir),
            ["episode"] = Field(definition.Fields.Episode),
            ["frame"] = Field(definition.Fields.Frame),
        },
    };

    /// <summary>What is archived and hashed: RFC 8785 JSON of everything that <see cref="Write"/> spells out.</summary>
    public static byte[] ToCanonicalBytes(HarvestDefinition definition) => CanonicalJson.Of(Write(definition));

    private static string? NamePart(ObjectReader reader, string field)
    {
        string? text = reader.Text(field);

        // Manifests write name@version; an '@' inside either would make that ambiguous.
        return text is null || (text.Length > 0 && !text.Contains('@') && !text.Any(char.IsWhiteSpace))
            ? text
            : throw reader.Invalid(field, $"is \"{text}\"", "Write it without spaces and without '@', as in v1.4.2.");
    }

    private static HarvestRules Rules(ObjectReader? reader)
    {
        if (reader is null)
        {
            return HarvestRules.Default;
        }

        HarvestRules none = HarvestRules.Default;
        var rules = new HarvestRules
        {
            MinPixelAgreement = reader.Number("min_pixel_agreement", 0, 1e6) ?? none.MinPixelAgreement,
            MinFrameAgreement = (int)(reader.Integer("min_frame_agreement", 0, 1_000_000) ?? none.MinFrameAgreement),
            BoundaryFrames = (int)(reader.Integer("boundary_frames", 0, 1_000_000) ?? none.BoundaryFrames),
            BoundaryWeight = reader.Number("boundary_weight", 0, 1) ?? none.BoundaryWeight,
            RequireTwoAnnotators = reader.Boolean("require_two_annotators") ?? none.RequireTwoAnnotators,
            Consensus = ReadConsensus(reader) ?? none.Consensus,
            PreferGroundTruth = reader.Boolean("prefer_ground_truth") ?? none.PreferGroundTruth,
            AcceptUntouched = reader.Boolean("accept_untouched") ?? none.AcceptUntouched,
            InterpolateTracks = reader.Boolean("interpolate_tracks") ?? none.InterpolateTracks,
        };
        reader.RefuseRest(
            "min_pixel_agreement", "min_frame_agreement", "boundary_frames", "boundary_weight", "require_two_annotators",
            "consensus", "prefer_ground_truth", "accept_untouched", "interpolate_tracks");
        return rules;
    }

    private static Consensus? ReadConsensus(ObjectReader reader) => reader.Text("consensus") switch
    {
        null => null,
        "mean" => Consensus.Mean,
        "first" => Consensus.First,
        string other => throw reader.Invalid("consensus", $"is \"{other}\"", "Write \"mean\" or \"first\"."),
    };

    private static FieldMapping Fields(ObjectReader? reader)
    {
        FieldMapping none = FieldMapping.Default;
        if (reader is null)
        {
            return none;
        }

        var fields = new FieldMapping(
            Source(reader.Object("task_subdir")) ?? none.TaskSubdir,
            Source(reader.Object("episode")) ?? none.Episode,
            Source(reader.Object("frame")) ?? none.Frame);
        reader.RefuseRest("task_subdir", "episode", "frame");
        return fields;
    }

    private static FieldSource? Source(ObjectReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var source = new FieldSource(reader.RequiredText("from"), reader.Text("match"));
        reader.RefuseRest("from", "match");
        return source;
    }

    private static JsonObject Field(FieldSource source)
    {
        var field = new JsonObject { ["from"] = source.From };
        if (source.Match is not null)
        {
            field["match"] = source.Match;
        }

        return field;
    }
}
