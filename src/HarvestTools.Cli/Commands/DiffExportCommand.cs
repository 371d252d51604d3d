using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class DiffExportCommand : HarvestCommand
{
    private const int UsualLimit = 1000;

    private readonly Argument<string> _reference;
    private readonly Argument<string> _difference;
    private readonly Option<bool> _all;
    private readonly Option<string?> _limit;

    public DiffExportCommand()
        : base("diff-export", "Compare two exports task by task: which were relabelled and how, and in which only volatile fields moved. Needs no repository.")
    {
        _reference = With(new Argument<string>("REFERENCE") { Description = "The earlier export: a file, or the first digits of an archived export's hash, alone or as PROJECT-HASH." });
        _difference = With(new Argument<string>("DIFFERENCE") { Description = "The later export." });
        _all = With(new Option<bool>("--all") { Description = "Also list the tasks in which only volatile fields differ." });
        _limit = With(new Option<string?>("--limit") { Description = $"List at most so many tasks (default: {UsualLimit}).", HelpName = "N" });
    }

    public override void Run(Invocation run)
    {
        var tasks = new JsonArray();
        run.Document["comparison"] = null;
        run.Document["tasks"] = tasks;
        int limit = Limit(run);
        bool all = run.Value(_all);
        long seen = 0;
        ExportComparison comparison = CompareExport.Run(ExportOf(run, run.Value(_reference)!), ExportOf(run, run.Value(_difference)!), List, run.Context);
        run.Document["comparison"] = DriftShapes.Of(comparison);
        if (seen > limit)
        {
            run.Say($"and {Figures.Count(seen - limit, "more task", "more tasks")}; --limit N lists more of them.");
        }

        run.Say($"{Figures.Count(comparison.Relabelled, "task")} relabelled, {Figures.Count(comparison.Added)} added, {Figures.Count(comparison.Removed)} removed; "
            + $"{Figures.Count(comparison.VolatileOnly)} with only volatile changes, {Figures.Count(comparison.Identical)} identical.");
        if (comparison.VolatileFields.Count > 0)
        {
            run.Say("Volatile: " + string.Join(", ", comparison.VolatileFields.Select(static field => $"{field.Key} ({Figures.Count(field.Value)})")) + ".");
        }

        run.Say(comparison.SameLabels ? "Both have the same labels." : "The labels differ.");

        void List(TaskChange task)
        {
            if ((task.Change == TaskChangeKind.VolatileOnly && !all) || ++seen > limit)
            {
                return;
            }

            if (run.Json)
            {
                tasks.Add((JsonNode)DriftShapes.Of(task));
            }

            run.Say($"{Sign(task.Change)} task {task.TaskId?.ToString(CultureInfo.InvariantCulture) ?? "without id"}"
                + (task.Fields.Count == 0 ? "" : $"  {string.Join(", ", task.Fields)}"));
            foreach (LabelEdit edit in task.Edits)
            {
                run.Say($"    {edit}");
            }
        }
    }

    private static string Sign(string change) => change switch
    {
        TaskChangeKind.Added => "+",
        TaskChangeKind.Removed => "-",
        TaskChangeKind.Relabelled => "~",
        _ => "=",
    };

    /// <summary>A file; where there is none of that name, an archived export of the repository around.</summary>
    private static ComparedExport ExportOf(Invocation run, string given)
    {
        string path = run.Resolve(given);
        if (Directory.Exists(path))
        {
            throw CliErrors.FolderGiven(given);
        }

        return !File.Exists(path) && ComparedExport.HashIn(given) is { } hash
            ? ComparedExport.OfArchive(run.Repository, run.Repository.FindExports(hash)[0].Sha256)
            : ComparedExport.OfFile(path);
    }

    private int Limit(Invocation run) => run.Value(_limit) is not { } text ? UsualLimit
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) ? limit
        : throw CliErrors.CommandLineInvalid($"'{text}' is not a number of tasks.", "Write a whole number after --limit.");
}
