using System.CommandLine;

namespace HarvestTools.Cli.Arguments;

/// <summary>The slices that a command line names.</summary>
internal static class SliceArguments
{
    /// <summary>The versions named, each once and in that order; all where none is named.</summary>
    public static IReadOnlyList<string> Versions(Invocation run, Argument<string[]> argument)
    {
        string[] named = run.Value(argument) ?? [];
        if (named.Length > 0)
        {
            return [.. named.Distinct(StringComparer.Ordinal)];
        }

        IReadOnlyList<string> all = run.Repository.Slices.Versions();
        if (all.Count == 0)
        {
            run.Say("There are no slices yet. Make one with 'harvest new v1'.");
        }

        return all;
    }
}
