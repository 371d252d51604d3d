using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Rules;
using HarvestTools.Tables;

namespace HarvestTools.Manifests;

/// <summary>
/// The identity of a slice's rows: SHA-256 of the canonical JSON (RFC 8785) of what determines them, as 64 lower-case
/// hexadecimal digits. Everything else in a manifest (times, models, runs, notes, paths, outputs) is no part of it, so
/// recording a model never orphans the cache. What a slice does not have is left out, so that what later slices may have
/// changes no key of those without it.
/// </summary>
internal static class SliceKey
{
    /// <summary>The key of a manifest; a definition that it does not record is taken as null, a version as the first.</summary>
    public static string Compute(SliceManifest manifest) => Compute(
        manifest,
        manifest.HarvestSha256,
        new SliceVersions(
            manifest.FormatVersion ?? FormatVersion.BeforeItWasRecorded,
            manifest.DerivationVersion ?? DerivationVersion.BeforeItWasRecorded));

    /// <summary>The key where a manifest that does not record them is derived under this definition and these versions.</summary>
    internal static string Compute(SliceManifest manifest, string? harvestSha256, SliceVersions versions)
    {
        // Shape: {"derivation_version":2,"exports":[{"project":"a","sha256":"…"}],"filter_overrides":{},"format_version":2,
        // "harvest_sha256":"…","harvest_version":"harvest@v1.4.2"}.
        var exports = new JsonArray();
        foreach (SliceExport export in manifest.Exports
            .OrderBy(static export => export.Project, StringComparer.Ordinal)
            .ThenBy(static export => export.Sha256, StringComparer.Ordinal))
        {
            exports.Add((JsonNode)Entry(export));
        }

        // A merged slice's list of choices joins them here, where there is one.
        var determines = new JsonObject
        {
            ["derivation_version"] = versions.DerivationNumber,
            ["exports"] = exports,
            ["filter_overrides"] = manifest.FilterOverrides.DeepClone(),
            ["format_version"] = versions.FormatNumber,
            ["harvest_sha256"] = harvestSha256,
            ["harvest_version"] = manifest.HarvestVersion,
        };
        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(determines)));
    }

    private static JsonObject Entry(SliceExport export)
    {
        var entry = new JsonObject { ["project"] = export.Project, ["sha256"] = export.Sha256 };
        if (export.LabelConfigSha256 is { } config)
        {
            entry["label_config_sha256"] = config;
        }

        if (export.SupersededBy.Count > 0)
        {
            entry["superseded_by"] = new JsonArray([.. export.SupersededBy.Order(StringComparer.Ordinal).Select(static hash => JsonValue.Create(hash))]);
        }

        return entry;
    }
}
