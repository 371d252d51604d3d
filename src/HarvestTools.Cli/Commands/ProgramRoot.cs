using System.CommandLine;
using System.CommandLine.Help;

namespace HarvestTools.Cli.Commands;

/// <summary>
/// The program before any command. The library's own root and its option for help look their descriptions up among resources by
/// language, and the program's name in the process: some milliseconds of every command, for texts that are known here.
/// </summary>
internal sealed class ProgramRoot : Command
{
    public ProgramRoot(string description)
        : base("harvest", description) =>
        Options.Add(new Option<bool>("--help", "-h", "/h", "-?", "/?")
        {
            Description = "Show help and usage information",
            Arity = ArgumentArity.Zero,
            Recursive = true,
            Action = new HelpAction(),
        });
}
