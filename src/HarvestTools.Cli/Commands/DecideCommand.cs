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
        run.Document["decision"] = DecisionJson.ToJson(decision);
        run.Document["state"] = StateShape.Of(state);
        foreach (string line in DecisionText.Lines(decision))
        {
            run.Say(line);
        }
    }
}
