using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class PinEvalCommand : HarvestCommand
{
    private readonly Argument<string?> _path;
    private readonly Option<string?> _slice;

    public PinEvalCommand()
        : base("pin-eval", "Record the eval set's current hash in a slice, so that a later change shows in 'harvest decide'.")
    {
        _path = With(new Argument<string?>("PATH")
        {
            Description = "Its file or folder in the repository; becomes eval_set in harvest.json (default: what that names).",
            Arity = ArgumentArity.ZeroOrOne,
        });
        _slice = With(new Option<string?>("--slice") { Description = "The slice that records it (default: the one trained last, else the newest).", HelpName = "VERSION" });
    }

    public override void Run(Invocation run)
    {
        run.Document["eval_set"] = null;
        PinnedEvalSet pinned = PinEvalSet.Run(run.Repository, run.Value(_path) is { } path ? run.Resolve(path) : null, run.Value(_slice), run.Context);
        run.Document["eval_set"] = new JsonObject
        {
            ["version"] = pinned.Version,
            ["path"] = pinned.Path,
            ["sha256"] = pinned.Sha256,
            ["before"] = pinned.Before,
            ["changed"] = pinned.Changed,
        };
        run.Say($"{(pinned.Changed ? "pinned" : "already pinned")}  {pinned.Version}  {Terminal.Short(pinned.Sha256)}  {pinned.Path}"
            + (pinned.Changed && pinned.Before is not null ? $"  (before: {Terminal.Short(pinned.Before)})" : ""));
    }
}
