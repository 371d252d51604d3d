using HarvestTools.Cli.Output;
using HarvestTools.Decisions;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class DecideCommand() : HarvestCommand(
    "decide", "Tell whether it is time to retrain, with every gate and its figures. Starts nothing.")
{
    public override void Run(Invocation run)
    {
        run.Document["decision"] = null;
        run.Document["state"] = null;
        RetrainState state = RetrainStateReader.Run(run.Repository, run.Context);
        RetrainDecision decision = RetrainDecider.Decide(state, run.Repository.Settings.Retrain);
        run.Document["decision"] = DecisionShapes.Of(decision);
        run.Document["state"] = DecisionShapes.Of(state);
        if (run.Text)
        {
            DecisionLines.Write(run, decision);
        }
    }
}
