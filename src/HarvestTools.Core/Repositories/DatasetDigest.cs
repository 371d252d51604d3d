using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>What a training on a slice is a training on: the rows, and the raw media where the slice lists them.</summary>
public static class DatasetDigest
{
    /// <summary>
    /// SHA-256 of the canonical JSON (RFC 8785) of the slice's key and the hash of its media list, 64 lower-case hex digits. Of a slice
    /// without a list the key alone is in it.
    /// </summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice.</param>
    public static string Of(Repository repository, SliceManifest slice) => Of(SliceInputs.KeyOf(repository, slice), slice);

    /// <summary>The same of a slice whose key is known.</summary>
    internal static string Of(string key, SliceManifest slice)
    {
        // Shape: {"media_sha256":"…","slice_key":"…"}.
        var parts = new JsonObject { ["slice_key"] = key };
        if (slice.Media is { } media)
        {
            parts["media_sha256"] = media.Sha256;
        }

        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(parts)));
    }
}
