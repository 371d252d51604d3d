using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>How long what nothing needs any more is kept.</summary>
public sealed record RetentionSettings
{
    private const long MostDays = 36_500;

    /// <summary>What harvest.json begins with.</summary>
    public static RetentionSettings Default { get; } = new();

    /// <summary>
    /// For so many days an export that no slice names is kept after it was added, and a slice without a model keeps its cached tables.
    /// </summary>
    public long UnlinkedDays { get; init; } = 90;

    /// <summary>For so many days an object that nothing reaches is in quarantine before it is removed for good.</summary>
    public long QuarantineDays { get; init; } = 30;

    /// <summary>For so many days nothing needs an object of a remote before it is removed there: longer than any push takes.</summary>
    public long RemoteGraceDays { get; init; } = 14;

    /// <summary>How many bytes the cache may have; what was used longest ago goes first. Null sets no limit.</summary>
    public long? CacheBytes { get; init; }

    internal static RetentionSettings Parse(ObjectReader? reader)
    {
        if (reader is null)
        {
            return Default;
        }

        var settings = new RetentionSettings
        {
            UnlinkedDays = reader.Integer("unlinked_days", 0, MostDays) ?? Default.UnlinkedDays,
            QuarantineDays = reader.Integer("quarantine_days", 0, MostDays) ?? Default.QuarantineDays,
            RemoteGraceDays = reader.Integer("remote_grace_days", 1, MostDays) ?? Default.RemoteGraceDays,
            CacheBytes = reader.Integer("cache_bytes"),
        };
        reader.RefuseRest("unlinked_days", "quarantine_days", "remote_grace_days", "cache_bytes");
        return settings;
    }

    internal JsonObject ToJson() => new()
    {
        ["unlinked_days"] = UnlinkedDays,
        ["quarantine_days"] = QuarantineDays,
        ["remote_grace_days"] = RemoteGraceDays,
        ["cache_bytes"] = CacheBytes,
    };
}
