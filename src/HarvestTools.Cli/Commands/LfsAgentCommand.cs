using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

/// <summary>Started by git-lfs, which writes to its stdin and reads its stdout: nothing else may be printed there.</summary>
internal sealed class LfsAgentCommand : HarvestCommand
{
    public LfsAgentCommand()
        : base("lfs-agent", "Transfer files for git-lfs, which starts it: uploads go into the archive and the remote, downloads come from there. docs/git-lfs.md has the settings.")
    {
    }

    public override void Run(Invocation run)
    {
        if (!Console.IsInputRedirected)
        {
            throw CliErrors.LfsAgentAlone();
        }

        run.StdoutTaken = true;
        using Stream input = Console.OpenStandardInput();
        using Stream output = Console.OpenStandardOutput();
        ServeLfs.Run(() => run.Repository, input, output, static fault => ExitCode.Of(fault.Fault), run.Context);
    }
}
