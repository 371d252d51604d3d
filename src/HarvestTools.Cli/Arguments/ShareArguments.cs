using HarvestTools.Strings;

namespace HarvestTools.Cli.Arguments;

/// <summary>Shares on the command line, as 0.2 or as 20%.</summary>
internal static class ShareArguments
{
    /// <exception cref="HarvestException">NumberInvalid.</exception>
    public static double? Read(string option, string? text) => text is null ? null
        : Figures.TryParseShare(text, out double share) ? share
        : throw CliErrors.NumberInvalid(option, text, $"Write a share as '{option} 0.2' or as '{option} 20%'.");
}
