using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class SourceCommand : HarvestCommand
{
    private const int UsualLimit = 1000;

    private readonly Argument<string?> _version;
    private readonly Option<string?> _model;
    private readonly Option<string?> _episode;
    private readonly Option<long?> _task;
    private readonly Option<long?> _annotation;
    private readonly Option<long?> _annotator;
    private readonly Option<string?> _medium;
    private readonly Option<string?> _export;
    private readonly Option<string?> _project;
    private readonly Option<bool> _corrections;
    private readonly Option<bool> _rows;
    private readonly Option<string?> _limit;

    public SourceCommand()
        : base("source", "Trace a slice or a model back to the exports that went into it; or an episode, task, annotation, annotator, medium or export forward to the slices and models it reached.")
    {
        _version = With(new Argument<string?>("VERSION") { Description = "A slice; with an episode, task, annotation, annotator or medium: only in this one.", Arity = ArgumentArity.ZeroOrOne });
        _model = With(new Option<string?>("--model") { Description = "Instead of a slice: a registered model's name, path, address or hash, the id or link of its run, or a file with its hash.", HelpName = "MODEL" });
        _episode = With(new Option<string?>("--episode") { Description = "An episode, or task_subdir/episode.", HelpName = "EPISODE" });
        _task = With(new Option<long?>("--task") { Description = "A task by its id in Label Studio.", HelpName = "ID" });
        _annotation = With(new Option<long?>("--annotation") { Description = "An annotation by its id.", HelpName = "ID" });
        _annotator = With(new Option<long?>("--annotator") { Description = "A person by the id in Label Studio.", HelpName = "ID" });
        _medium = With(new Option<string?>("--medium") { Description = "An image or video: its link, the link's last part, or its SHA-256 where media are listed.", HelpName = "LINK" });
        _export = With(new Option<string?>("--export") { Description = "An export: its SHA-256, eight digits of it or more, its recorded path, or a file with its bytes.", HelpName = "EXPORT" });
        _project = With(new Option<string?>("--project") { Description = "Only in exports of this project: ids are those of one Label Studio.", HelpName = "NAME" });
        _corrections = With(new Option<bool>("--corrections")
        {
            Description = "Also list each correction: task, annotation, annotators, when it was changed last, and its rows.",
        });
        _rows = With(new Option<bool>("--rows") { Description = "List each row instead, with task, annotation, annotators and medium." });
        _limit = With(new Option<string?>("--limit") { Description = $"With --rows: at most so many (default: {UsualLimit}).", HelpName = "N" });
    }

    public override void Run(Invocation run)
    {
        run.Document["sources"] = null;
        run.Document["rows"] = null;
        run.Document["more_rows"] = null;
        run.Document["not_known"] = null;
        if (run.Value(_rows))
        {
            ListRows(run);
            return;
        }

        var sources = new JsonArray();
        run.Document["sources"] = sources;
        TextTable table = new TextTable("slice", "project", "export", "config", "episodes", "corrected", "rows", "corrected rows", "rejected", "models")
            .Right(4, 5, 6, 7, 8).Optional(3).Optional(8);
        TextTable corrections = new TextTable("slice", "project", "task", "annotation", "annotators", "changed (UTC)", "episode", "rows").Right(2, 3, 7);
        var exports = new List<string>();
        var notKnown = new List<SliceSource>();
        foreach (SliceSource source in Sources(run))
        {
            sources.Add((JsonNode)HistoryShapes.Of(source));
            if (source.NotKnown is not null)
            {
                notKnown.Add(source);
            }

            exports.Add(Describe(source));
            foreach (SliceCorrection correction in source.Corrections ?? [])
            {
                corrections.Add(
                    correction.Version,
                    correction.Project,
                    correction.TaskId.ToString(CultureInfo.InvariantCulture),
                    correction.AnnotationId?.ToString(CultureInfo.InvariantCulture) ?? "-",
                    correction.Annotators.Count == 0 ? "-" : string.Join(", ", correction.Annotators),
                    correction.UpdatedAt is { } updated ? Terminal.Time(updated) : "-",
                    correction.TaskSubdir.Length == 0 ? correction.Episode : $"{correction.TaskSubdir}/{correction.Episode}",
                    Figures.Count(correction.Rows));
            }

            table.Add(
                source.Version,
                source.Project,
                Terminal.Short(source.Sha256),
                Terminal.Short(source.LabelConfigSha256),
                Count(source.Episodes),
                Count(source.CorrectedEpisodes),
                Count(source.Rows),
                Count(source.CorrectedRows),
                source.Rejected is > 0 ? Figures.Count(source.Rejected.Value) : "",
                string.Join(", ", source.Models.Select(static model => model.Name)));
        }

        if (!table.Empty)
        {
            run.Say(table);
        }

        foreach (string export in exports.Distinct())
        {
            run.Say(export);
        }

        if (!corrections.Empty)
        {
            run.Say(corrections);
        }
        else if (run.Value(_corrections) && notKnown.Count == 0)
        {
            run.Say("Nobody drew or changed anything in it.");
        }

        IReadOnlyList<UnknownRows> unknown = UnknownRows.Of(notKnown, withPlace: false);
        foreach (string line in unknown.Select(static one => one.Reason).Concat(unknown.Select(static one => $"  {one.Remedy.Spell(ProgramSpelling.Instance)}")).Distinct())
        {
            run.Say(line);
        }
    }

    /// <summary>Where an export came from, how far it goes, and whose labels it has.</summary>
    private static string Describe(SliceSource source) =>
        $"{source.Project} {Terminal.Short(source.Sha256)}: {source.Path ?? "from an unknown file"}"
        + (source.LabelsThrough is { } through ? $", labels until {Terminal.Time(through)} UTC" : "")
        + (source.Tasks is { } tasks ? $", {Figures.Count(tasks, "task")}{(source.Annotations is { } annotations ? $" with {Figures.Count(annotations, "annotation")}" : "")}" : "")
        + (source.Annotators.Count == 0 ? "" : $", labelled by {(source.Annotators.Count == 1 ? "annotator" : "annotators")} {Figures.List(source.Annotators)}");

    private static string Count(long? figure) => figure is { } known ? Figures.Count(known) : "-";

    private IEnumerable<SliceSource> Sources(Invocation run) => (run.Value(_version), run.Value(_model), Query(run)) switch
    {
        (_, null, { } query) => TraceReach.Of(run.Repository, query, run.Context, run.Value(_corrections)),
        ({ } version, null, null) => TraceSource.OfSlice(run.Repository, version, run.Context, run.Value(_corrections)),
        (null, { } model, null) => TraceSource.OfModel(run.Repository, run.FileOrText(model)!, run.Context, run.Value(_corrections)),
        _ => throw Ambiguous(),
    };

    private void ListRows(Invocation run)
    {
        int limit = run.Value(_limit) is not { } text ? UsualLimit
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given
            : throw CliErrors.CommandLineInvalid($"'{text}' is not a number of rows.", "Write a whole number after --limit.");
        IEnumerable<SourceRow> found = (run.Value(_version), run.Value(_model), Query(run)) switch
        {
            (_, null, { } query) => TraceRows.Of(run.Repository, query, run.Context),
            ({ } version, null, null) => TraceRows.OfSlice(run.Repository, version, run.Context),
            (null, { } model, null) => TraceRows.OfModel(run.Repository, run.FileOrText(model)!, run.Context),
            _ => throw Ambiguous(),
        };
        var rows = new JsonArray();
        run.Document["rows"] = rows;
        TextTable table = new TextTable("slice", "project", "table", "episode", "frame", "task", "annotation", "label", "origin", "annotators", "medium").Right(4, 5, 6).Optional(10);
        bool more = false;
        var versions = new HashSet<string>(StringComparer.Ordinal);
        foreach (SourceRow row in found)
        {
            if (limit-- == 0)
            {
                more = true;
                break;
            }

            versions.Add(row.Version);
            if (run.Json)
            {
                rows.Add((JsonNode)HistoryShapes.Of(row));
                continue;
            }

            table.Add(
                row.Version,
                row.Project,
                row.Table,
                row.TaskSubdir.Length == 0 ? row.Episode : $"{row.TaskSubdir}/{row.Episode}",
                row.Frame?.ToString(CultureInfo.InvariantCulture) ?? "-",
                row.TaskId?.ToString(CultureInfo.InvariantCulture) ?? "-",
                row.AnnotationId?.ToString(CultureInfo.InvariantCulture) ?? "-",
                row.Label,
                row.Origin,
                row.Annotators.Count == 0 ? "-" : string.Join(", ", row.Annotators),
                row.Media ?? "");
        }

        run.Document["more_rows"] = more;
        // Where no row came of the slice that was named, its rows may be such as cannot be read.
        IReadOnlyList<UnknownRows> empty = TraceRows.NotSaid(run.Repository, versions.Count == 0 && run.Value(_version) is { } named ? [named] : versions, run.Context);
        if (!table.Empty)
        {
            run.Say(table);
        }
        else if (empty.Count == 0)
        {
            run.Say("There are no rows of it.");
        }

        run.Document["not_known"] = Shapes.List(empty, static one => new JsonObject { ["reason"] = one.Reason, ["remedy"] = one.Remedy.Spell(ProgramSpelling.Instance) });
        foreach (UnknownRows one in empty)
        {
            run.Say($"{one.Reason} {one.Remedy.Spell(ProgramSpelling.Instance)}");
        }

        if (more)
        {
            run.Say("There are more; --limit N lists more of them.");
        }
    }

    /// <summary>What is traced forward; null where nothing is.</summary>
    private SourceQuery? Query(Invocation run)
    {
        SourceQuery?[] asked =
        [
            run.Value(_episode) is { } episode ? SourceQuery.OfEpisode(episode) : null,
            run.Value(_task) is { } task ? SourceQuery.OfTask(task) : null,
            run.Value(_annotation) is { } annotation ? SourceQuery.OfAnnotation(annotation) : null,
            run.Value(_annotator) is { } annotator ? SourceQuery.OfAnnotator(annotator) : null,
            run.Value(_medium) is { } medium ? SourceQuery.OfMedium(medium) : null,
            run.Value(_export) is { } export ? SourceQuery.OfExport(run.FileOrText(export)!) : null,
        ];
        return asked.OfType<SourceQuery>().ToList() switch
        {
            [] when run.Value(_project) is not null => throw CliErrors.CommandLineInvalid(
                "--project goes with an episode, a task, an annotation, an annotator or a medium.", "For example 'harvest source --task 12 --project hands'."),
            [] => null,
            [var one] => one with { Version = run.Value(_version), Project = run.Value(_project) },
            _ => throw Ambiguous(),
        };
    }

    private static HarvestException Ambiguous() => CliErrors.CommandLineInvalid(
        "Name one of a slice, --model, --episode, --task, --annotation, --annotator, --medium and --export.", "For example 'harvest source v3'.");
}
