using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Manifests;

/// <summary>
/// The identity of a slice's rows: SHA-256 of the canonical JSON (RFC 8785) of what determines them, as 64 lower-case
/// hexadecimal digits. Everything else in a manifest (times, models, runs, notes, paths, outputs) is no part of it, so
/// recording a model never orphans the cache.
/// </summary>
public static class SliceKey
{
    // What a manifest without a format version was written under.
    private const int FirstFormatVersion = 1;

    /// <summary>The key of a manifest; what it does not record is taken as null, a missing format version as 1.</summary>
    public static string Compute(SliceManifest manifest) =>
        Compute(manifest, manifest.HarvestSha256, manifest.FormatVersion ?? FirstFormatVersion);

    /// <summary>The key where a manifest that records neither is derived under this definition and format.</summary>
    public static string Compute(SliceManifest manifest, string? harvestSha256, int formatVersion)
    {
        // Shape: {"exports":[{"project":"a","sha256":"…"}],"filter_overrides":{},"format_version":1,
        // "harvest_sha256":"…","harvest_version":"harvest@v1.4.2"}.
        var exports = new JsonArray();
        foreach (SliceExport export in manifest.Exports
            .OrderBy(static export => export.Project, StringComparer.Ordinal)
            .ThenBy(static export => export.Sha256, StringComparer.Ordinal))
        {
            var entry = new JsonObject { ["project"] = export.Project, ["sha256"] = export.Sha256 };
            if (export.SupersededBy.Count > 0)
            {
                entry["superseded_by"] = new JsonArray([.. export.SupersededBy.Order(StringComparer.Ordinal).Select(static hash => JsonValue.Create(hash))]);
            }

            exports.Add((JsonNode)entry);
        }

        var determines = new JsonObject
        {
            ["exports"] = exports,
            ["filter_overrides"] = manifest.FilterOverrides.DeepClone(),
            ["format_version"] = formatVersion,
            ["harvest_sha256"] = harvestSha256,
            ["harvest_version"] = manifest.HarvestVersion,
        };
        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(determines)));
    }
}
