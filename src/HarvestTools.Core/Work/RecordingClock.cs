using System.Globalization;

namespace HarvestTools.Work;

/// <summary>
/// The system's clock, or the instant that SOURCE_DATE_EPOCH names (seconds since 1970 in UTC), as reproducible-builds.org
/// has it: what is made twice of the same inputs then holds the same times too.
/// </summary>
internal sealed class RecordingClock : TimeProvider
{
    public const string Variable = "SOURCE_DATE_EPOCH";

    public static RecordingClock Instance { get; } = new();

    /// <exception cref="HarvestException">SourceDateInvalid: the variable holds something else.</exception>
    public override DateTimeOffset GetUtcNow() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } epoch
        ? Parse(epoch)
        : base.GetUtcNow();

    internal static DateTimeOffset Parse(string epoch)
    {
        // The last second of the year 9999.
        const long Latest = 253_402_300_799;
        return long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= Latest
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw WorkErrors.SourceDateInvalid(epoch);
    }
}
