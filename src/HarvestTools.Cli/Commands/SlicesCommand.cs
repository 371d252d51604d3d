using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Cli.Commands;

internal sealed class SlicesCommand() : HarvestCommand("slices", "List the slices.")
{
    public override void Run(Invocation run)
    {
        var slices = new JsonArray();
        run.Document["slices"] = slices;
        TextTable table = new TextTable("version", "parent", "created (UTC)", "trained (UTC)", "exports", "rows", "harvest", "reason").Right(4, 5);
        run.ForEach(run.Repository.Slices.LoadAll(), entry =>
        {
            SliceManifest slice = entry.Manifest ?? throw entry.Error!;
            if (run.Json)
            {
                slices.Add(Shapes.Of(slice));
                return;
            }

            table.Add(
                slice.Version,
                slice.Parent ?? "-",
                Terminal.Time(slice.CreatedAt?.Instant),
                Terminal.Time(slice.Runs.Select(static trained => trained.TrainedAt?.Instant).Append(slice.TrainedAt?.Instant).Max()),
                Figures.Count(slice.Exports.Count),
                slice.Rows is { } rows ? Figures.Count(rows) : "-",
                slice.HarvestVersion,
                slice.Reason ?? "");
        });
        if (!table.Empty)
        {
            run.Say(table);
        }
        else if (run.Exit == ExitCode.Fine)
        {
            run.Say("There are no slices yet. Make one with 'harvest new v1'.");
        }
    }
}
