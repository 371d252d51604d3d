using HarvestTools.Manifests;

namespace HarvestTools.Remotes.S3;

/// <summary>Where a remote of S3 is, from its address and settings.</summary>
/// <param name="Name">Its address, for messages.</param>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What every key begins with: empty, or with <c>/</c> at its end.</param>
/// <param name="Endpoint">The server; null for that of the environment or the profile, or Amazon's.</param>
/// <param name="Region">The region; null for that of the environment or the profile.</param>
/// <param name="Profile">The profile; null for the usual chain.</param>
internal sealed record S3Place(string Name, string Bucket, string Prefix, string? Endpoint = null, string? Region = null, string? Profile = null)
{
    public static S3Place Of(RemoteSettings settings)
    {
        string address = settings.Url["s3://".Length..];
        int slash = address.IndexOf('/', StringComparison.Ordinal);
        string prefix = slash < 0 ? string.Empty : address[(slash + 1)..].Trim('/');
        return new S3Place(
            settings.Url,
            slash < 0 ? address : address[..slash],
            prefix.Length == 0 ? string.Empty : prefix + "/",
            settings.Endpoint,
            settings.Region,
            settings.Profile);
    }

    /// <summary>The key of a file.</summary>
    public string KeyOf(string path) => Prefix + path;
}

/// <summary>Limits of transfers. Tests have smaller ones.</summary>
internal sealed record S3Limits
{
    /// <summary>What S3 takes in one request.</summary>
    public long OnePut { get; init; } = 5L << 30;

    /// <summary>Size of the parts of what is larger. Fixed, so that an upload that was killed can be continued by any later one.</summary>
    public long PartBytes { get; init; } = 512L << 20;

    /// <summary>How many parts of one file are sent at once.</summary>
    public int PartsAtOnce { get; init; } = 4;

    /// <summary>How long nothing may come or go before the connection counts as broken.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the store may take to put the parts of a large file together.</summary>
    public TimeSpan CompletionPatience { get; init; } = TimeSpan.FromMinutes(15);
}
