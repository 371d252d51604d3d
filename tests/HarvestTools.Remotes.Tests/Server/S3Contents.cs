using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace HarvestTools.Tests.Server;

/// <summary>What a store keeps: objects, and uploads of parts that were not completed.</summary>
internal sealed class S3Contents
{
    public ConcurrentDictionary<string, S3Kept> Objects { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, S3Unfinished> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>Puts an object there behind everybody's back; the checksum stays that of the object it replaces, as on a failing disk it would not.</summary>
    public void Put(string key, byte[] bytes, bool checksum = true) =>
        Objects[key] = new S3Kept(bytes, checksum ? Convert.ToBase64String(SHA256.HashData(bytes)) : null, new Dictionary<string, string>());
}

/// <summary>One object.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Checksum">Its checksum, or that of its parts; null where none is kept.</param>
/// <param name="Metadata">What it was sent with.</param>
internal sealed record S3Kept(byte[] Bytes, string? Checksum, IReadOnlyDictionary<string, string> Metadata)
{
    public string Tag { get; } = $"\"{Convert.ToHexStringLower(MD5Of(Bytes))}\"";

#pragma warning disable CA5351 // The tag of an object is an MD5.
    private static byte[] MD5Of(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}

/// <summary>An upload of parts.</summary>
/// <param name="Key">The object it is for.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Metadata">What it was begun with.</param>
internal sealed record S3Unfinished(string Key, DateTimeOffset Begun, IReadOnlyDictionary<string, string> Metadata)
{
    public ConcurrentDictionary<int, S3Kept> Parts { get; } = new();
}
