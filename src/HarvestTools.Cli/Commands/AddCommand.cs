using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Repositories;
using HarvestTools.Strings;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class AddCommand : HarvestCommand
{
    private readonly Argument<string[]> _files;
    private readonly Option<string?> _project;
    private readonly Option<bool> _noLabels;
    private readonly Option<string?> _labelConfig;
    private readonly Option<bool> _newest;

    public AddCommand()
        : base("add", "Archive exports: copied once, read-only, named by their SHA-256. Bytes that are already archived are not copied again.")
    {
        _files = With(new Argument<string[]>("FILE") { Description = "Export files; patterns with * and ? are expanded.", Arity = ArgumentArity.OneOrMore });
        _project = With(new Option<string?>("--project", "-p")
        {
            Description = "The project to archive them under (default: project-<id>, with the id in the export).",
            HelpName = "NAME",
        });
        _noLabels = With(new Option<bool>("--no-labels")
        {
            Description = "Copy and hash only: no task is read, and its record has no label hash. Needs --project.",
        });
        _labelConfig = With(new Option<string?>("--label-config")
        {
            Description = "The project's labeling configuration (XML), archived with the exports: which data each tag shows, which labels it offers.",
            HelpName = "FILE",
        });
        _newest = With(new Option<bool>("--newest")
        {
            Description = "It is the newest export of its project though another's labels end later, since the newest annotations were deleted.",
        });
    }

    public override void Run(Invocation run)
    {
        var exports = new JsonArray();
        run.Document["exports"] = exports;
        WorkContext context = run.Context;
        Repository repository = run.Repository;

        // What is wrong with the settings is wrong for every file, and said once.
        _ = repository.Settings;
        string? project = run.Value(_project);
        bool labels = !run.Value(_noLabels);
        LabelConfigFile? config = run.Value(_labelConfig) is { } path ? LabelConfigFile.Read(run.Resolve(path)) : null;
        if (!labels && project is null)
        {
            throw CliErrors.ProjectNotRead();
        }

        var projects = new HashSet<string>(StringComparer.Ordinal);
        int copied = 0;
        long bytes = 0;
        int notices = 0;
        var older = new SortedDictionary<string, List<ExportNotice>>(StringComparer.Ordinal);
        FileArguments.ForEach(run, run.Value(_files)!, file =>
        {
            AddedExport added = AddExport.Run(repository, file.Path, project, context, labels, config, run.Value(_newest));
            exports.Add((JsonNode)Shapes.Of(added));
            copied += added.Added ? 1 : 0;
            projects.Add(added.Project);
            bytes += added.Added ? added.Bytes : 0;
            string tasks = added.Tasks is { } count ? $"  {Figures.Count(count, "task")}" : "";
            run.Say($"{(added.Added ? "added" : "already archived")}  {added.Project}  {Terminal.Short(added.Sha256)}  {Figures.Size(added.Bytes)}{tasks}  {file.Name}{(added.Entry is null ? "" : $" ({added.Entry} in it)")}");
            if (added is { Added: true, SameLabelsAs: { } same })
            {
                run.Say($"  The same labels as {Terminal.Short(same)}: other bytes, but no label moved.");
            }

            if (config is not null)
            {
                run.Say($"  With the labeling configuration {Terminal.Short(added.LabelConfigSha256)}.");
            }

            foreach (ExportNotice notice in added.Notices)
            {
                notices++;
                if (!AddExport.IsNotNewest(notice))
                {
                    run.Warn(notice);
                }
                else if (!older.TryAdd(added.Project, [notice]))
                {
                    older[added.Project].Add(notice);
                }
            }
        });
        foreach ((string of, List<ExportNotice> several) in older)
        {
            run.Warn(AddExport.NotNewest(repository, of, several));
        }

        AddExport.Finish(repository);
        IReadOnlyList<PackedExport> packed = PackExports.Automatically(repository, projects, context);
        run.Document["packed"] = packed.Count;
        if (packed.Count > 0)
        {
            run.Say($"Packed {Figures.Count(packed.Count, "older export")}: {Figures.Size(packed.Sum(static one => one.Bytes))} -> {Figures.Size(packed.Sum(static one => one.StoredBytes))}.");
        }

        if (exports.Count > 1)
        {
            run.Say($"{Figures.Count(copied, "export")} copied ({Figures.Size(bytes)}), {Figures.Count(exports.Count - copied)} archived already"
                + (run.Errors == 0 ? "." : $", {Figures.Count(run.Errors)} at fault."));
        }

        // A notice says what to do, and an export that is archived already or is not the newest gives no other slice. Of several the newest does.
        if (copied > older.Values.Sum(static several => several.Count) && notices == older.Values.Sum(static several => several.Count) && run.Errors == 0)
        {
            run.Next("harvest new");
        }
    }
}
