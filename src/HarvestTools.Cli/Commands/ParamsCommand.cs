using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class ParamsCommand : HarvestCommand
{
    private const string Env = "env";
    private const string PowerShell = "pwsh";
    private const string AsJson = "json";

    private readonly Argument<string> _version;
    private readonly Option<string> _format;

    public ParamsCommand()
        : base("params", "Print what a training script is given of a slice: version, hash, rows and folder of the data set, seeds, and parameters as they were pinned.")
    {
        _version = With(new Argument<string>("VERSION") { Description = "The slice." });
        _format = With(new Option<string>("--format")
        {
            Description = "env prints lines for a shell, as eval \"$(harvest params v3)\" reads them; pwsh prints lines for PowerShell; json one object of names and values.",
            HelpName = "FORMAT",
            DefaultValueFactory = static _ => Env,
        }.OneOf(Env, PowerShell, AsJson));
    }

    public override void Run(Invocation run)
    {
        run.Document["version"] = null;
        run.Document["built"] = null;
        run.Document["parameters"] = null;
        IReadOnlyList<SliceParameter> parameters = ListParameters.Run(run.Repository, run.Value(_version)!, run.Context);
        bool built = ListParameters.IsBuilt(run.Repository, parameters);
        run.Document["version"] = parameters[0].Version;
        run.Document["built"] = built;
        run.Document["parameters"] = Shapes.List(parameters, static one => new JsonObject
        {
            ["kind"] = one.Kind,
            ["name"] = one.Name,
            ["value"] = JsonNode.Parse(one.Json),
            ["variable"] = one.Variable,
            ["source"] = one.Source,
        });
        if (!built)
        {
            run.Warn(new ExportNotice("TablesNotBuilt", $"The tables of slice {parameters[0].Version} are not in the cache yet.", $"Put them there with {new RemedyAction.BuildSlice(parameters[0].Version)}."));
        }

        Print(run, parameters, run.Value(_format)!);
    }

    private static void Print(Invocation run, IReadOnlyList<SliceParameter> parameters, string format)
    {
        if (format == AsJson)
        {
            run.Say(new JsonObject(parameters.Select(static one => KeyValuePair.Create(one.Name, JsonNode.Parse(one.Json)))).ToJsonString());
            return;
        }

        foreach (SliceParameter one in parameters)
        {
            // A value of several lines is one in quotes.
            run.SayText(format == Env ? $"export {one.Variable}={Posix(one.Text)}" : $"$env:{one.Variable} = {PowerShellText(one.Text)}");
        }
    }

    // Always in quotes: what is read by a shell is no place to save two characters.
    private static string Posix(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    // PowerShell takes typographic quotation marks for its own.
    private static string PowerShellText(string text) => $"'{string.Concat(text.Select(static letter => letter is '\'' or '\u2018' or '\u2019' or '\u201a' or '\u201b' ? $"{letter}{letter}" : letter.ToString()))}'";
}
