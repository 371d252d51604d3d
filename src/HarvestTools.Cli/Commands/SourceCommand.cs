using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class SourceCommand : HarvestCommand
{
    private readonly Argument<string?> _version;
    private readonly Option<string?> _model;
    private readonly Option<string?> _episode;
    private readonly Option<bool> _corrections;

    public SourceCommand()
        : base("source", "Trace a slice or a model back to the exports that went into it, or an episode forward to the slices and models it reached.")
    {
        _version = With(new Argument<string?>("VERSION") { Description = "A slice.", Arity = ArgumentArity.ZeroOrOne });
        _model = With(new Option<string?>("--model") { Description = "Instead of a slice: a registered model's name, path or address, or a file with its hash.", HelpName = "MODEL" });
        _episode = With(new Option<string?>("--episode") { Description = "Instead of a slice: an episode, or task_subdir/episode.", HelpName = "EPISODE" });
        _corrections = With(new Option<bool>("--corrections")
        {
            Description = "Also list each correction: task, annotation, annotators, when it was changed last, and its rows.",
        });
    }

    public override void Run(Invocation run)
    {
        var sources = new JsonArray();
        run.Document["sources"] = sources;
        TextTable table = new TextTable("slice", "project", "export", "config", "episodes", "corrected", "rows", "corrected rows", "models")
            .Right(4, 5, 6, 7).Optional(3);
        TextTable corrections = new TextTable("slice", "project", "task", "annotation", "annotators", "changed (UTC)", "episode", "rows").Right(2, 3, 7);
        var exports = new List<string>();
        var notKnown = new List<string>();
        var remedies = new List<string>();
        foreach (SliceSource source in Sources(run))
        {
            sources.Add((JsonNode)HistoryShapes.Of(source));
            if (source.NotKnown is { } reason)
            {
                notKnown.Add(reason);
                remedies.Add($"  {source.Remedy?.Spell(ProgramSpelling.Instance)}");
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

        foreach (string line in notKnown.Concat(remedies).Distinct())
        {
            run.Say(line);
        }
    }

    /// <summary>Where an export came from, how far it goes, and whose labels it has.</summary>
    private static string Describe(SliceSource source) =>
        $"{source.Project} {Terminal.Short(source.Sha256)}: {source.Path ?? "from an unknown file"}"
        + (source.LabelsThrough is { } through ? $", labels until {Terminal.Time(through)} UTC" : "")
        + (source.Tasks is { } tasks && source.Annotations is { } annotations ? $", {Figures.Count(tasks, "task")} with {Figures.Count(annotations, "annotation")}" : "")
        + (source.Annotators.Count == 0 ? "" : $", labelled by {(source.Annotators.Count == 1 ? "annotator" : "annotators")} {Figures.List(source.Annotators)}");

    private static string Count(long? figure) => figure is { } known ? Figures.Count(known) : "-";

    private IEnumerable<SliceSource> Sources(Invocation run) => (run.Value(_version), run.Value(_model), run.Value(_episode)) switch
    {
        ({ } version, null, null) => TraceSource.OfSlice(run.Repository, version, run.Context, run.Value(_corrections)),
        (null, { } model, null) => TraceSource.OfModel(run.Repository, run.FileOrText(model)!, run.Context, run.Value(_corrections)),
        (null, null, { } episode) => TraceSource.OfEpisode(run.Repository, episode, run.Context, run.Value(_corrections)),
        _ => throw CliErrors.CommandLineInvalid("Name one of a slice, --model and --episode.", "For example 'harvest source v3'."),
    };
}
