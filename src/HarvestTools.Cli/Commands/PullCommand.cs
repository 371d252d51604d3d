using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class PullCommand() : TransferCommand("pull", "Bring what slices name from a remote into the archive: exports, definitions and records, each held against its hash.")
{
    public override void Run(Invocation run) =>
        TransferText.Write(run, PullSlices.Run(run.Repository, Request(run), run.Context), "pulled", "to pull");
}
