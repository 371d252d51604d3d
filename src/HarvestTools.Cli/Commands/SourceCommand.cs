using System.CommandLine;
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

    public SourceCommand()
        : base("source", "Trace a slice or a model back to the exports that went into it, or an episode forward to the slices and models it reached.")
    {
        _version = With(new Argument<string?>("VERSION") { Description = "A slice.", Arity = ArgumentArity.ZeroOrOne });
        _model = With(new Option<string?>("--model") { Description = "Instead of a slice: a registered model's name, path or address, or a file with its hash.", HelpName = "MODEL" });
        _episode = With(new Option<string?>("--episode") { Description = "Instead of a slice: an episode, or task_subdir/episode.", HelpName = "EPISODE" });
    }

    public override void Run(Invocation run)
    {
        var sources = new JsonArray();
        run.Document["sources"] = sources;
        TextTable table = new TextTable("slice", "project", "export", "config", "episodes", "corrected", "rows", "corrected rows", "models")
            .Right(4, 5, 6, 7).Optional(3);
        var notKnown = new List<string>();
        foreach (SliceSource source in Sources(run))
        {
            sources.Add((JsonNode)HistoryShapes.Of(source));
            if (source.NotKnown is { } reason)
            {
                notKnown.Add(reason);
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

        foreach (string reason in notKnown.Distinct())
        {
            run.Say(reason);
        }
    }

    private static string Count(long? figure) => figure is { } known ? Figures.Count(known) : "-";

    private IEnumerable<SliceSource> Sources(Invocation run) => (run.Value(_version), run.Value(_model), run.Value(_episode)) switch
    {
        ({ } version, null, null) => TraceSource.OfSlice(run.Repository, version, run.Context),
        (null, { } model, null) => TraceSource.OfModel(run.Repository, run.FileOrText(model)!, run.Context),
        (null, null, { } episode) => TraceSource.OfEpisode(run.Repository, episode, run.Context),
        _ => throw CliErrors.CommandLineInvalid("Name one of a slice, --model and --episode.", "For example 'harvest source v3'."),
    };
}
