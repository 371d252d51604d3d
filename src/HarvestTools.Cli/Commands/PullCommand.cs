using System.CommandLine;
using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class PullCommand : TransferCommand
{
    private readonly Option<string[]> _episodes;

    public PullCommand()
        : base("pull", "Bring what slices name from a remote into the archive: exports, definitions and records, each held against its hash.")
    {
        _episodes = With(new Option<string[]>("--episode") { Description = "With --media: only those of this episode, with its folder or without; may be given again.", HelpName = "EPISODE" });
    }

    public override void Run(Invocation run)
    {
        TransferRequest request = Request(run) with { Episodes = run.Value(_episodes) ?? [] };
        if (request is { Media: false, Episodes.Count: > 0 })
        {
            throw CliErrors.CommandLineInvalid("Episodes are named with --media.", "For example 'harvest pull v3 --media --episode task_01/episode_07'.");
        }

        TransferText.Write(run, PullSlices.Run(run.Repository, request, run.Context), "pulled", "to pull");
    }
}
