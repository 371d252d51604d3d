using System.CommandLine;
using HarvestTools.Cli.Commands;

namespace HarvestTools.Cli.Completion;

/// <summary>
/// A command line as far as it is typed. The parser refuses a line that has no end yet, so that this reads the words by
/// itself: which command, which arguments and options are there, and what the word at the cursor is.
/// </summary>
internal sealed class CommandLineWords
{
    private readonly ProgramRoot _root;
    private readonly List<Option> _given = [];
    private bool _dashes;

    /// <param name="root">All commands.</param>
    /// <param name="words">The words behind the program's name; the last is the one at the cursor, and may be empty.</param>
    public CommandLineWords(ProgramRoot root, IReadOnlyList<string> words)
    {
        _root = root;
        Command = root;
        Word = words.Count == 0 ? string.Empty : words[^1];
        foreach (string word in words.SkipLast(1))
        {
            Take(word);
        }

        if (Pending is null && !_dashes && Word.StartsWith("--", StringComparison.Ordinal) && Word.IndexOf('=', StringComparison.Ordinal) is > 0 and int equals)
        {
            Pending = Find(Word[..equals]);
            Prefix = Word[..(equals + 1)];
            Word = Word[(equals + 1)..];
        }
    }

    /// <summary>The root where no command is named yet.</summary>
    public Command Command { get; private set; }

    /// <summary>The word at the cursor, or what of it is behind <c>--option=</c>.</summary>
    public string Word { get; }

    /// <summary>What is before <see cref="Word"/> in the same word of the shell.</summary>
    public string Prefix { get; } = string.Empty;

    /// <summary>The option whose value is at the cursor.</summary>
    public Option? Pending { get; private set; }

    /// <summary>The folder named with -C.</summary>
    public string? Folder { get; private set; }

    /// <summary>Arguments that are complete.</summary>
    public List<string> Arguments { get; } = [];

    /// <summary>The line asks for the help of a command.</summary>
    public bool Help { get; private set; }

    public bool AtOption => Pending is null && !_dashes && Word.StartsWith('-');

    /// <summary>The argument that is at the cursor; null where the command takes no more.</summary>
    public Argument? Argument
    {
        get
        {
            int index = 0;
            foreach (Argument argument in Command.Arguments)
            {
                index += argument.Arity.MaximumNumberOfValues;
                if (Arguments.Count < index)
                {
                    return argument;
                }
            }

            return null;
        }
    }

    /// <summary>Options that may still be given: one that takes a single value is offered once.</summary>
    public IEnumerable<Option> Options =>
        Available().Where(option => !option.Hidden && (!_given.Contains(option) || option.Arity.MaximumNumberOfValues > 1));

    private void Take(string word)
    {
        if (Pending is { } option)
        {
            Folder = option == GlobalOptions.Directory ? word : Folder;
            Pending = null;
        }
        else if (!_dashes && word == "--")
        {
            _dashes = true;
        }
        else if (!_dashes && word.StartsWith('-'))
        {
            TakeOption(word);
        }
        else if (Command != _root)
        {
            Arguments.Add(word);
        }
        else if (word == "help")
        {
            Help = true;
        }
        else
        {
            Command = _root.Subcommands.FirstOrDefault(command => command.Name == word) ?? Command;
        }
    }

    private void TakeOption(string word)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        if (Find(equals < 0 ? word : word[..equals]) is not { } option)
        {
            return;
        }

        _given.Add(option);
        if (option.Arity.MinimumNumberOfValues > 0 && equals < 0)
        {
            Pending = option;
        }
        else if (option == GlobalOptions.Directory && equals >= 0)
        {
            Folder = word[(equals + 1)..];
        }
    }

    private Option? Find(string name) => Available().FirstOrDefault(option => option.Name == name || option.Aliases.Contains(name));

    private IEnumerable<Option> Available() => Command == _root
        ? _root.Options
        : Command.Options.Concat(_root.Options.Where(static option => option.Recursive));
}
