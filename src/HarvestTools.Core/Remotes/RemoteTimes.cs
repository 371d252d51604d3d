namespace HarvestTools.Remotes;

/// <summary>For how long what commands say in a remote holds. The times in it are those of the machines that wrote it.</summary>
internal static class RemoteTimes
{
    /// <summary>So far apart the clocks of two machines may be, a request that is on its way included. A store of S3 refuses who is a quarter of an hour off.</summary>
    public static TimeSpan Slack { get; } = TimeSpan.FromMinutes(30);

    /// <summary>For so long a removal says that it is under way; it says so again before that is over.</summary>
    public static TimeSpan Sweep { get; } = TimeSpan.FromMinutes(10);

    /// <summary>With less of that left nothing is removed: a request that is tried again has to end before others take it for dead.</summary>
    public static TimeSpan SweepLeft { get; } = TimeSpan.FromMinutes(5);

    /// <summary>For so long a push leases what it relies on; it does so again while it runs.</summary>
    public static TimeSpan Lease { get; } = TimeSpan.FromDays(1);

    /// <summary>After so long a lease is written again.</summary>
    public static TimeSpan LeaseAge { get; } = TimeSpan.FromHours(1);

    /// <summary>Between two looks at a removal that is waited for.</summary>
    public static TimeSpan Look { get; } = TimeSpan.FromSeconds(5);

    /// <summary>For so long a push waits for removals in all.</summary>
    public static TimeSpan MostWait { get; } = TimeSpan.FromHours(2);
}
