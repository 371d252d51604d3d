using System.CommandLine;
using System.CommandLine.Parsing;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Arguments;

/// <summary>Arguments that take one of a few words. The parser's own check has no near name and breaks its sentence into lines.</summary>
internal static class ClosedList
{
    /// <summary>Takes these words alone, and completes them.</summary>
    public static Argument<T> OneOf<T>(this Argument<T> argument, params string[] words)
    {
        argument.CompletionSources.Add(words);
        argument.Validators.Add(result => Require(result, words));
        return argument;
    }

    /// <summary>Takes these words alone, and completes them.</summary>
    public static Option<T> OneOf<T>(this Option<T> option, params string[] words)
    {
        option.CompletionSources.Add(words);
        option.Validators.Add(result => Require(result, words));
        return option;
    }

    private static void Require(SymbolResult result, string[] words)
    {
        foreach (Token token in result.Tokens)
        {
            if (!words.Contains(token.Value, StringComparer.Ordinal))
            {
                result.AddError($"'{token.Value}' is not one of {Figures.List(words)}.{NearestName.Question(token.Value, words)}");
                return;
            }
        }
    }
}
