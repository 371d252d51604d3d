using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Cli.Output;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class ExportsCommand : HarvestCommand
{
    private readonly Option<string?> _project;

    public ExportsCommand()
        : base("exports", "List what is archived, by project and by the time it was added.")
    {
        _project = With(new Option<string?>("--project", "-p") { Description = "Only this project.", HelpName = "NAME" });
    }

    public override void Run(Invocation run)
    {
        var exports = new JsonArray();
        run.Document["exports"] = exports;
        string? project = run.Value(_project);
        if (project is not null)
        {
            run.Repository.Archive.RequireProject(project);
            project = run.Repository.Archive.CurrentName(project);
        }

        var records = new List<ExportRecord>();
        run.ForEach(run.Repository.Archive.Records(), entry =>
        {
            ExportRecord record = entry.Record ?? throw entry.Error!;
            if (project is null || record.Project == project)
            {
                records.Add(record);
            }
        });

        ExportUses uses = ExportUses.Of(run.Repository, run.Cancellation);
        foreach (HarvestException unreadable in uses.Unreadable)
        {
            run.Fail(unreadable);
        }

        TextTable table = new TextTable("project", "sha256", "labels", "config", "size", "tasks", "annotations", "added (UTC)", "used by", "from").Right(4, 5, 6).Optional(3);
        foreach (ExportRecord record in records
            .OrderBy(static record => record.Project, StringComparer.Ordinal)
            .ThenBy(static record => record.AddedAt.Instant)
            .ThenBy(static record => record.Sha256, StringComparer.Ordinal))
        {
            IReadOnlyList<string> usedBy = uses.Of(record);
            JsonObject shape = Shapes.Of(record);
            shape["used_by"] = Shapes.List(usedBy, static version => JsonValue.Create(version));
            exports.Add((JsonNode)shape);
            table.Add(
                record.Project,
                Terminal.Short(record.Sha256),
                Terminal.Short(record.LabelSha256),
                Terminal.Short(record.LabelConfigSha256),
                Figures.Size(record.Bytes),
                record.Tasks is { } tasks ? Figures.Count(tasks) : "-",
                record.Annotations is { } annotations ? Figures.Count(annotations) : "-",
                Terminal.Time(record.AddedAt.Instant),
                Figures.Few(usedBy),
                (record.Path ?? record.Name ?? "-") + (record.RemovedAt is { } removed ? $" (removed {Terminal.Time(removed.Instant)} UTC)" : ""));
        }

        HarvestException? named = table.Empty && project is null && run.Exit == ExitCode.Fine ? uses.WithoutRecords(run.Repository) : null;
        if (named is not null)
        {
            run.Warn(new ExportNotice(named.ErrorId, named.Message, named.Remedy));
        }
        else if (table.Empty)
        {
            run.Say("Nothing is archived yet. Add exports with 'harvest add FILE…'.");
        }
        else
        {
            run.Say(table);
        }
    }
}
