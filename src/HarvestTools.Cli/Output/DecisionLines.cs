using HarvestTools.Decisions;

namespace HarvestTools.Cli.Output;

/// <summary>A retrain decision for people: the verdict with its reason, then every gate.</summary>
internal static class DecisionLines
{
    public static void Write(Invocation run, RetrainDecision decision)
    {
        run.Say($"{decision.Decision}: {decision.Reason}");
        run.Say($"  {Terminal.Count(decision.CorrectedEpisodes, "corrected episode")} since {decision.TrainedSlice ?? "the beginning"}, "
            + $"on a corpus of {Terminal.Count(decision.Corpus, "episode")}.");
        run.Say("");
        TextTable gates = new TextTable("gate", "value", "wanted", "passed").Indent(2);
        foreach (RetrainGate gate in decision.Gates)
        {
            gates.Add(gate.Name, gate.ValueText, gate.ThresholdText, gate.Passed switch { true => "yes", false => "NO", null => "unknown" });
        }

        run.Say(gates);
        run.Say("");
        foreach (RetrainGate gate in decision.Gates)
        {
            run.Say($"  {gate.Name}: {gate.Explanation}");
        }

        foreach (string warning in decision.Warnings)
        {
            run.Say($"  Warning: {warning}");
        }

        foreach (string flip in decision.Flips)
        {
            run.Say($"  {flip}");
        }

        run.Say("");
        run.Say("Nothing was started: a person decides.");
    }
}
