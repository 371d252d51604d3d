using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Drift;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class DiffCommand : HarvestCommand
{
    private const int UsualLimit = 1000;

    private readonly Argument<string> _reference;
    private readonly Argument<string> _difference;
    private readonly Option<bool> _rows;
    private readonly Option<string[]> _tables;
    private readonly Option<string?> _limit;

    public DiffCommand()
        : base("diff", "Compare two slices: exports, rules, rows and metrics.")
    {
        _reference = With(new Argument<string>("REFERENCE") { Description = "The slice that is compared with." });
        _difference = With(new Argument<string>("DIFFERENCE") { Description = "The slice that is compared." });
        _rows = With(new Option<bool>("--rows") { Description = "Also list the rows that differ." });
        _tables = With(new Option<string[]>("--table") { Description = "With --rows: only rows of this table; may be given again (default: all).", HelpName = "TABLE" });
        _limit = With(new Option<string?>("--limit") { Description = $"With --rows: at most so many (default: {UsualLimit}).", HelpName = "N" });
    }

    public override void Run(Invocation run)
    {
        run.Document["comparison"] = null;
        run.Document["rows"] = null;
        string reference = run.Value(_reference)!;
        string difference = run.Value(_difference)!;
        int limit = Limit(run);
        SliceComparison comparison = CompareSlice.Run(run.Repository, reference, difference, run.Context);
        run.Document["comparison"] = HistoryShapes.Of(comparison);
        if (run.Text)
        {
            ComparisonText.Write(run, comparison);
        }

        if (run.Value(_rows))
        {
            var rows = new JsonArray();
            run.Document["rows"] = rows;
            string[]? tables = run.Value(_tables) is { Length: > 0 } named ? named : null;
            foreach (RowChange row in CompareSlice.Rows(run.Repository, reference, difference, run.Context, tables).Take(limit))
            {
                if (run.Json)
                {
                    rows.Add((JsonNode)HistoryShapes.Of(row));
                }

                run.Say(ComparisonText.Line(row));
            }

            long differing = comparison.Rows?.ByTable.Where(table => tables is null || tables.Contains(table.Table, StringComparer.OrdinalIgnoreCase)).Sum(static table => table.Total) ?? 0;
            if (differing > limit)
            {
                run.Say($"and {Figures.Count(differing - limit)} more; --limit N lists more of them.");
            }
        }
    }

    private int Limit(Invocation run) => run.Value(_limit) is not { } text ? UsualLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit
        : throw CliErrors.CommandLineInvalid($"'{text}' is not a number of rows.", "Write a whole number after --limit.");
}
