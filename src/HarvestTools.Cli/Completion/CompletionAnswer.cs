using System.CommandLine;
using HarvestTools.Cli.Commands;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Completion;

/// <summary>Answers a shell that asks what is possible at the cursor.</summary>
internal static class CompletionAnswer
{
    /// <summary>Candidates that begin with the word at the cursor, in the order in which they are shown.</summary>
    /// <param name="words">The words behind the program's name; the last is the one at the cursor.</param>
    /// <param name="folder">Where the command line would run.</param>
    public static (IReadOnlyList<Candidate> Candidates, PathKind Paths) Of(IReadOnlyList<string> words, string folder)
    {
        var line = new CommandLineWords(CommandTree.Root(), words);
        PathKind paths = PathKind.None;
        try
        {
            (IEnumerable<Candidate> candidates, paths) = Possible(line, line.Folder is { } named ? Path.GetFullPath(Home(named), folder) : folder);
            return ([.. candidates
                .Where(candidate => candidate.Text.StartsWith(line.Word, StringComparison.Ordinal) && !line.Arguments.Contains(candidate.Text))

                // A name that a terminal cannot show as it is, no shell can show or insert either; its hash or a pattern names it.
                .Where(static candidate => candidate.Text == PlainText.OneLine(candidate.Text))
                .Select(candidate => candidate with { Text = line.Prefix + candidate.Text })], paths);
        }
        catch (HarvestException)
        {
            // Outside of a repository, or in a broken one, nothing of it can be offered; the command itself will say why.
            return ([], paths);
        }
    }

    private static (IEnumerable<Candidate> Candidates, PathKind Paths) Possible(CommandLineWords line, string folder)
    {
        if (line.Pending is { } option)
        {
            return new ValueCandidates(folder).For(line.Command, option, line.Word);
        }

        if (line.AtOption)
        {
            return (Options(line), PathKind.None);
        }

        if (line.Command is ProgramRoot)
        {
            return (line.Command.Subcommands.Where(static command => !command.Hidden).Select(static command => new Candidate(command.Name, command.Description ?? string.Empty)), PathKind.None);
        }

        return line.Argument is { } argument && !line.Help ? new ValueCandidates(folder).For(line.Command, argument, line.Word) : ([], PathKind.None);
    }

    /// <summary>The long name of each option, and the short one only where there is no other or it was begun.</summary>
    private static IEnumerable<Candidate> Options(CommandLineWords line)
    {
        foreach (Option option in line.Options)
        {
            string[] names = [.. option.Aliases.Prepend(option.Name).Where(static name => name.StartsWith('-'))];
            string name = names.FirstOrDefault(name => name.StartsWith("--", StringComparison.Ordinal)) ?? names[0];
            yield return new Candidate(name, option.Description ?? string.Empty);
            if (line.Word.Length == 2 && line.Word != name && names.Contains(line.Word))
            {
                yield return new Candidate(line.Word, option.Description ?? string.Empty);
            }
        }
    }

    /// <summary>A shell expands a leading '~' only when it runs the line.</summary>
    private static string Home(string path) => path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
        ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
        : path;
}
