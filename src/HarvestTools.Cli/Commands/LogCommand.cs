using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Manifests;

namespace HarvestTools.Cli.Commands;

internal sealed class LogCommand() : HarvestCommand("log", "Draw the versions with their descent, newest first: rows, change, reason, models.")
{
    public override void Run(Invocation run)
    {
        var slices = new JsonArray();
        run.Document["slices"] = slices;
        var manifests = new List<SliceManifest>();
        run.ForEach(run.Repository.Slices.LoadAll(), entry => manifests.Add(entry.Manifest ?? throw entry.Error!));
        foreach (SliceHistoryEntry entry in SliceHistory.Of(manifests))
        {
            slices.Add((JsonNode)HistoryShapes.Of(entry));
            foreach (string line in entry.Graph.SkipLast(1))
            {
                run.Say(line);
            }

            string lane = entry.Graph[^1];
            run.Say($"{lane} {entry.Version}  {Terminal.Time(entry.CreatedAt)}  {Rows(entry)}  {entry.HarvestVersion}  {entry.Reason}".TrimEnd());
            string below = lane.Replace('*', '|');
            foreach (RegisteredModel model in entry.Models)
            {
                run.Say($"{below}   model {model.Name}  {model.Path ?? "-"}  {HistoryShapes.Text(model.Metrics)}".TrimEnd());
            }
        }

        if (manifests.Count == 0 && run.Errors == 0)
        {
            run.Say("There are no slices yet. Cut one with 'harvest new v1'.");
        }
    }

    private static string Rows(SliceHistoryEntry entry) => (entry.Rows, entry.RowsDelta) switch
    {
        (null, _) => "no rows recorded",
        ({ } rows, null) => Terminal.Count(rows, "row"),
        ({ } rows, { } delta) => $"{Terminal.Count(rows, "row")} ({(delta < 0 ? "-" : "+")}{Terminal.Count(Math.Abs(delta))})",
    };
}
