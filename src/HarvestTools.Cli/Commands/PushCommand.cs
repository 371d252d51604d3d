using System.CommandLine;
using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class PushCommand : TransferCommand
{
    private readonly Option<bool> _deep;

    public PushCommand()
        : base("push", "Put what slices name into a remote: exports, definitions and records. What is there already is not moved again, and nothing there is overwritten unless it is damaged.")
    {
        _deep = With(new Option<bool>("--deep") { Description = "Also read what is there already, and replace what is damaged." });
    }

    public override void Run(Invocation run)
    {
        TransferRequest request = Request(run) with { Deep = run.Value(_deep) };
        TransferText.Write(run, PushSlices.Run(run.Repository, request, run.Context), "pushed", "to push");
    }
}
