using System.CommandLine.Parsing;
using System.CommandLine;
using HarvestTools.Cli.Commands;
using HarvestTools.Strings;

namespace HarvestTools.Cli;

/// <summary>What is wrong with a command line, with the nearest command or option where a name is misspelt.</summary>
internal static class UsageText
{
    /// <summary>Empty where the command line is fine.</summary>
    public static List<HarvestException> Of(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string help = command is ProgramRoot ? "Run 'harvest --help' for the commands." : $"Run 'harvest {command.Name} --help' for its arguments and options.";

        // A word in brackets before the command is one that the library would act on, of which there are none.
        if (parsed.Tokens is [{ Type: TokenType.Directive } directive, ..])
        {
            return [CliErrors.CommandLineInvalid($"'{directive.Value}' is not a command of harvest.", help)];
        }

        // An unknown word makes the parser complain of what follows from it too; the word itself is the cause.
        if (parsed.UnmatchedTokens.Count > 0)
        {
            return [CliErrors.CommandLineInvalid(Unknown(command, parsed.UnmatchedTokens[0]), help)];
        }

        if (MisspeltOption(parsed) is { } option)
        {
            return [CliErrors.CommandLineInvalid(Unknown(command, option), $"{help} A file of that name is written after '--'.")];
        }

        if (MissingValue(parsed) is { } missing)
        {
            return [CliErrors.CommandLineInvalid(missing, help)];
        }

        if (parsed.Errors.Count == 0 && parsed.GetValue(GlobalOptions.Directory) is "")
        {
            // As an unset variable in a script gives it.
            return [CliErrors.CommandLineInvalid("'-C' names no folder: its value is empty.", help)];
        }

        if (Missing(parsed) is { } what)
        {
            return [CliErrors.CommandLineInvalid(what, help)];
        }

        return [.. parsed.Errors
            .Select(static error => error.Message)
            .Distinct(StringComparer.Ordinal)
            .Select(message => CliErrors.CommandLineInvalid(message, help))];
    }

    /// <summary>The parser takes an unknown option for one more file where a command takes any number of them.</summary>
    private static string? MisspeltOption(ParseResult parsed)
    {
        foreach (SymbolResult child in parsed.CommandResult.Children)
        {
            if (child is not ArgumentResult argument)
            {
                continue;
            }

            foreach (Token token in argument.Tokens)
            {
                if (token.Value.Length > 1 && token.Value[0] == '-' && !IsBehindDashes(parsed.Tokens, token))
                {
                    return token.Value;
                }
            }
        }

        return null;
    }

    // By reference: the same text may be on both sides of the dashes.
    private static bool IsBehindDashes(IReadOnlyList<Token> tokens, Token token) =>
        tokens.SkipWhile(static one => one.Type != TokenType.DoubleDash).Contains(token, ReferenceEqualityComparer.Instance);

    /// <summary>The parser takes a known option for the value of the one before it.</summary>
    private static string? MissingValue(ParseResult parsed)
    {
        foreach (SymbolResult child in parsed.CommandResult.Children)
        {
            if (child is not OptionResult option)
            {
                continue;
            }

            foreach (Token token in option.Tokens)
            {
                if (IsNameOfOption(parsed.CommandResult.Command, token.Value))
                {
                    return $"'{option.Option.Name}' needs a value, but '{token.Value}' follows.";
                }
            }
        }

        return null;
    }

    private static bool IsNameOfOption(Command command, string word) =>
        Options(command).Any(option => option.Name == word || option.Aliases.Contains(word));

    /// <summary>The parser says that something is missing, but not what it would be.</summary>
    private static string? Missing(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command is ProgramRoot)
        {
            return null;
        }

        if (Options(command).FirstOrDefault(option => option.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(option) is { Implicit: false, Tokens.Count: 0 }) is { } empty)
        {
            return $"'{empty.Name}' needs a value. {empty.HelpName ?? empty.Name}: {empty.Description}";
        }

        // Those before an argument that is there are there too, so the missing ones are the last.
        Argument[] arguments = [.. command.Arguments
            .Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 })];
        if (arguments is [var first, ..])
        {
            return $"'harvest {command.Name}' needs {Figures.List([.. arguments.Select(static argument => argument.Name)])}. {first.Name}: {first.Description}";
        }

        return command.Options.FirstOrDefault(option => option.Required && parsed.GetResult(option) is not { Implicit: false }) is { } required
            ? $"'harvest {command.Name}' needs {required.Name} {required.HelpName}. {required.HelpName}: {required.Description}"
            : null;
    }

    private static string Unknown(Command command, string word)
    {
        if (word.StartsWith('-'))
        {
            IEnumerable<string> options = Options(command).SelectMany(static option => option.Aliases.Append(option.Name));
            string of = command is ProgramRoot ? "harvest" : $"harvest {command.Name}";
            return $"'{of}' has no option '{word}'." + DidYouMean(word, options.Where(static name => name.StartsWith("--", StringComparison.Ordinal)));
        }

        return command is ProgramRoot
            ? $"'{word}' is not a command of harvest." + DidYouMean(word, command.Subcommands.Where(static sub => !sub.Hidden).Select(static sub => sub.Name))
            : $"'harvest {command.Name}' does not take the argument '{word}'.";
    }

    private static IEnumerable<Option> Options(Command command) => command is ProgramRoot
        ? command.Options
        : command.Options.Concat(command.Parents.OfType<Command>().SelectMany(static parent => parent.Options).Where(static option => option.Recursive));

    private static string DidYouMean(string word, IEnumerable<string> names) =>
        NearestName.Near(word, names) is { } near ? $" Did you mean '{near}'?" : "";
}
