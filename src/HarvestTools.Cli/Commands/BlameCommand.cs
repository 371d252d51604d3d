using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class BlameCommand : HarvestCommand
{
    private const int UsualLimit = 100;

    private readonly Argument<string> _version;
    private readonly Option<string> _episode;
    private readonly Option<long?> _frame;
    private readonly Option<string?> _label;
    private readonly Option<string?> _table;
    private readonly Option<string?> _project;
    private readonly Option<string?> _limit;

    public BlameCommand()
        : base("blame", "Say which export, annotation, person and slice first brought a row, and which changed it since.")
    {
        _version = With(new Argument<string>("VERSION") { Description = "The slice that has the row." });
        _episode = With(new Option<string>("--episode") { Description = "The row's episode, or task_subdir/episode.", HelpName = "EPISODE", Required = true });
        _frame = With(new Option<long?>("--frame") { Description = "Only rows of this frame.", HelpName = "N" });
        _label = With(new Option<string?>("--label") { Description = "Only rows with this label.", HelpName = "LABEL" });
        _table = With(new Option<string?>("--table") { Description = "Only rows of this table.", HelpName = "TABLE" });
        _project = With(new Option<string?>("--project") { Description = "Only rows of this project.", HelpName = "NAME" });
        _limit = With(new Option<string?>("--limit") { Description = $"At most so many rows (default: {UsualLimit}).", HelpName = "N" });
    }

    public override void Run(Invocation run)
    {
        int limit = run.Value(_limit) is not { } text ? UsualLimit
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given
            : throw CliErrors.CommandLineInvalid($"'{text}' is not a number of rows.", "Write a whole number after --limit.");
        var rows = new JsonArray();
        run.Document["rows"] = rows;
        run.Document["more_rows"] = false;
        var query = new RowQuery(run.Value(_episode)!)
        {
            Frame = run.Value(_frame),
            Label = run.Value(_label),
            Table = run.Value(_table),
            Project = run.Value(_project),
        };
        foreach (BlamedRow row in BlameSlice.Of(run.Repository, run.Value(_version)!, query, run.Context))
        {
            if (rows.Count == limit)
            {
                run.Document["more_rows"] = true;
                run.Say("There are more; --limit N lists more of them.");
                break;
            }

            rows.Add((JsonNode)BlameShapes.Of(row));
            if (run.Text)
            {
                Say(run, row);
            }
        }
    }

    private static void Say(Invocation run, BlamedRow row)
    {
        string episode = row.TaskSubdir.Length == 0 ? row.Episode : $"{row.TaskSubdir}/{row.Episode}";
        run.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{(row.Label.Length == 0 ? "" : $"{row.Label}: ")}{row.Table} of {row.Project}, {episode}{(row.Frame is null ? "" : $", frame {row.Frame}")}{(row.TaskId is null ? "" : $", task {row.TaskId}")}{(row.RegionId is null ? "" : $", region {row.RegionId}")}"));
        run.Say($"  first in {Describe(row.First)}");
        foreach (BlameEvent change in row.Changes)
        {
            run.Say($"  changed in {Describe(change)}: {change.Change}");
        }

        if (row.NotKnown is { } why)
        {
            run.Say($"  Whether an earlier slice had it is not known: {why}.");
        }
    }

    /// <summary><c>v1, export 121517f39a7a of b (label_studio/b.json), annotation 12 by annotator 7, changed 2026-05-01 10:00 UTC</c>.</summary>
    private static string Describe(BlameEvent what) =>
        $"{what.Version}, export {Terminal.Short(what.Sha256)} of {what.Project}{(what.Path is null ? "" : $" ({what.Path})")}"
        + (what.AnnotationId is { } annotation ? string.Create(CultureInfo.InvariantCulture, $", annotation {annotation}") : "")
        + (what.Annotators.Count == 0 ? "" : $" by {(what.Annotators.Count == 1 ? "annotator" : "annotators")} {Figures.List(what.Annotators)}")
        + (what.UpdatedAt is { } updated ? $", labelled {Terminal.Time(updated)} UTC" : "")
        + (what.Origin.Length == 0 ? "" : $", {what.Origin}");
}
