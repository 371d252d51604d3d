using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class ProjectCommand : HarvestCommand
{
    private const string List = "list";
    private const string Rename = "rename";
    private const string Retire = "retire";
    private const string Unretire = "unretire";
    private const string AddId = "add-id";
    private const string RemoveId = "remove-id";

    private readonly Argument<string> _action;
    private readonly Argument<string?> _project;
    private readonly Argument<string?> _value;

    public ProjectCommand()
        : base("project", "List projects, give one another name, retire one, or say that one has a further id in Label Studio. Kept in harvest.json.")
    {
        _action = With(new Argument<string>("ACTION")
        {
            Description = "list, rename PROJECT NEW_NAME, retire PROJECT, unretire PROJECT, add-id PROJECT ID or remove-id PROJECT ID (default: list).",
            DefaultValueFactory = static _ => List,
            Arity = ArgumentArity.ZeroOrOne,
        }.OneOf(List, Rename, Retire, Unretire, AddId, RemoveId));
        _project = With(new Argument<string?>("PROJECT") { Description = "The project, by its present name or an earlier one.", Arity = ArgumentArity.ZeroOrOne });
        _value = With(new Argument<string?>("VALUE")
        {
            Description = "Its new name, which may be that of a project to join it with; or its further id in Label Studio.",
            Arity = ArgumentArity.ZeroOrOne,
        });
    }

    public override void Run(Invocation run)
    {
        var projects = new JsonArray();
        run.Document["projects"] = projects;
        string action = run.Value(_action) ?? List;
        string? project = run.Value(_project);
        string? value = run.Value(_value);
        int needed = action switch { List => 0, Rename or AddId or RemoveId => 2, _ => 1 };
        if ((project is null ? 0 : value is null ? 1 : 2) != needed)
        {
            throw CliErrors.ProjectArguments(action, needed);
        }

        IReadOnlyList<HarvestProject> shown = action switch
        {
            Rename => [ProjectList.Rename(run.Repository, project!, value!)],
            Retire or Unretire => [ProjectList.Retire(run.Repository, project!, action == Retire)],
            RemoveId => [ProjectList.RemoveId(run.Repository, project!, IdOf(value!, least: 0))],
            AddId => [ProjectList.AddId(run.Repository, project!, IdOf(value!, least: 1))],
            _ => ProjectList.Run(run.Repository),
        };
        TextTable table = new TextTable("project", "Label Studio", "exports", "newest", "labels end (UTC)", "state", "earlier names").Right(2).Optional(6);
        foreach (HarvestProject one in shown)
        {
            JsonObject shape = Shapes.Of(one);
            if (action == AddId)
            {
                shape["warnings"] = new JsonArray([.. one.Notices.Select(ErrorText.ToJson)]);
            }

            projects.Add((JsonNode)shape);
            foreach (ExportNotice notice in one.Notices)
            {
                run.Warn(notice);
            }

            table.Add(
                one.Project,
                one.LabelStudioIds.Count == 0 ? "-" : string.Join(", ", one.LabelStudioIds.Select(static id => id.ToString(CultureInfo.InvariantCulture))),
                Figures.Count(one.Exports),
                Terminal.Short(one.Newest),
                one.LabelsThrough is { } through ? Terminal.Time(through) : "-",
                one.Retired ? "retired" : "in use",
                one.EarlierNames.Count == 0 ? "-" : string.Join(", ", one.EarlierNames));
        }

        if (table.Empty)
        {
            run.Say("There are no projects yet. Add exports with 'harvest add FILE…'.");
        }
        else
        {
            run.Say(table);
        }
    }

    // What earlier releases took for an id can still be taken back.
    private static long IdOf(string text, long least) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id >= least
        ? id
        : throw CliErrors.ProjectIdInvalid(text);
}
