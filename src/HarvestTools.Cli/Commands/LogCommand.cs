using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class LogCommand : HarvestCommand
{
    private readonly Option<string?> _limit;

    public LogCommand()
        : base("log", "Draw the versions with their parents, newest first: rows, change, reason, models.")
    {
        _limit = With(new Option<string?>("--limit") { Description = "At most so many (default: all).", HelpName = "N" });
    }

    public override void Run(Invocation run)
    {
        var slices = new JsonArray();
        run.Document["slices"] = slices;
        int limit = Limit(run);
        var marks = ProductionMarks.Open(run.Repository);
        foreach (SliceHistoryEntry entry in Entries(run).Take(limit).Select(marks.Of))
        {
            if (run.Json)
            {
                slices.Add((JsonNode)HistoryShapes.Of(entry));
                continue;
            }

            foreach (string line in entry.Graph.SkipLast(1))
            {
                run.Say(line);
            }

            string lane = entry.Graph[^1];
            run.Say(PlainText.OneLine($"{lane} {entry.Version}  {Terminal.Time(entry.CreatedAt)}  {Rows(entry)}  {entry.HarvestVersion}  {entry.Reason}".TrimEnd()));

            // Under the first slice of a line nothing goes on.
            string below = lane.Replace('*', entry.Depth == 0 ? ' ' : '|');
            foreach (string parent in entry.MissingParents)
            {
                run.Say($"{below}   follows {parent}, which is not here");
            }

            foreach (RegisteredModel model in entry.Models)
            {
                run.Say($"{below}   model {model.Name}  {model.Path ?? "-"}  {HistoryShapes.Text(model.Metrics)}".TrimEnd() + (RegisteredModelText.Production(model) is { } production ? $"  {production}" : ""));
            }
        }

        if (run.Errors == 0 && run.Repository.Slices.Versions().Count == 0)
        {
            run.Say("There are no slices yet. Make one with 'harvest new v1'.");
        }
    }

    /// <summary>The slices as they are read; what cannot be read is reported and passed over.</summary>
    private static IEnumerable<SliceHistoryEntry> Entries(Invocation run)
    {
        foreach (SliceHistoryStep step in SliceHistory.Read(run.Repository.Slices, run.Cancellation))
        {
            if (step.Entry is not null)
            {
                yield return step.Entry;
            }
            else
            {
                run.Fail(step.Error!);
            }
        }
    }

    private int Limit(Invocation run) => run.Value(_limit) is not { } text ? int.MaxValue
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit > 0 ? limit
        : throw CliErrors.CommandLineInvalid($"'{text}' is not a number of slices.", "Write a whole number of at least 1 after --limit.");

    private static string Rows(SliceHistoryEntry entry) => (entry.Rows, entry.RowsDelta) switch
    {
        (null, _) => "no rows recorded",
        ({ } rows, null) => Figures.Count(rows, "row"),
        ({ } rows, { } delta) => $"{Figures.Count(rows, "row")} ({(delta < 0 ? "-" : "+")}{Figures.Count(Math.Abs(delta))})",
    };
}
