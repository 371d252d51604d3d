using HarvestTools.Json;

namespace HarvestTools.Cli.Arguments;

/// <summary>Points in time on the command line.</summary>
internal static class TimeArguments
{
    public static DateTimeOffset? Read(string? text) => text is null ? null
        : Timestamp.TryParse(text, out Timestamp time) ? time.Instant
        : throw CliErrors.TimeInvalid(text);
}
