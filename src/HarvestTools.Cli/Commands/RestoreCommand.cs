using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class RestoreCommand : HarvestCommand
{
    private readonly Argument<string[]> _exports;
    private readonly Option<string?> _slice;
    private readonly Option<string?> _to;
    private readonly Option<bool> _force;

    public RestoreCommand()
        : base("restore", "Put archived exports back where they were added from, or at another path; the bytes are verified while they are written.")
    {
        _exports = With(new Argument<string[]>("EXPORT")
        {
            Description = "The first digits of an archived export's hash, PROJECT-HASH, or a project (its newest export).",
            Arity = ArgumentArity.ZeroOrMore,
        });
        _slice = With(new Option<string?>("--slice") { Description = "Instead of exports: all exports of this slice, to the paths that it recorded.", HelpName = "VERSION" });
        _to = With(new Option<string?>("--to") { Description = "Where to: a file, or a folder that exists (default: the recorded path).", HelpName = "PATH" });
        _force = With(new Option<bool>("--force") { Description = "Replace files of other bytes." });
    }

    public override void Run(Invocation run)
    {
        var restored = new JsonArray();
        run.Document["restored"] = restored;
        string[] exports = run.Value(_exports) ?? [];
        string? slice = run.Value(_slice);
        if (exports.Length > 0 == slice is not null)
        {
            throw CliErrors.CommandLineInvalid("Name either exports or a slice.", "For example 'harvest restore 451a57b0b9f0' or 'harvest restore --slice v3'.");
        }

        string? to = run.Value(_to) is { } path ? run.Resolve(path) : null;
        Repository repository = run.Repository;
        var targets = new List<RestoreTarget>();
        if (slice is not null)
        {
            targets.AddRange(RestoreExport.PlanSlice(repository, slice, to));
        }

        run.ForEach(exports, export => targets.AddRange(RestoreExport.Plan(repository, export, to)));
        run.ForEach(targets, target =>
        {
            RestoredExport export = RestoreExport.Run(repository, target, run.Value(_force), run.Context);
            restored.Add((JsonNode)new JsonObject
            {
                ["project"] = export.Project,
                ["sha256"] = export.Sha256,
                ["path"] = export.Path,
                ["bytes"] = export.Bytes,
                ["outcome"] = export.Outcome.ToString(),
                ["before"] = export.Before,
                ["before_archived"] = export.BeforeArchived,
            });
            string outcome = export.Outcome switch
            {
                RestoreOutcome.Restored => "restored",
                RestoreOutcome.Replaced => "replaced",
                _ => "already there",
            };
            run.Say($"{outcome}  {export.Project}  {Terminal.Short(export.Sha256)}  {Path.GetRelativePath(run.Folder, export.Path)}"
                + (export.Outcome != RestoreOutcome.Replaced ? string.Empty
                    : $"  (before: {Terminal.Short(export.Before)}, {(export.BeforeArchived ? "which is archived" : "which is archived nowhere")})"));
        });
    }
}
