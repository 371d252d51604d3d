using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Samples;

namespace HarvestTools.Cli.Commands;

internal sealed class DemoCommand : HarvestCommand
{
    private const string UsualFolder = "harvest-demo";
    private readonly Argument<string?> _folder;

    public DemoCommand()
        : base("demo", "Make a small repository with four weeks of generated exports and explain each step, in plain sentences with figures.")
    {
        _folder = With(new Argument<string?>("DIR")
        {
            Description = $"The folder to make it in, new or empty (default: {UsualFolder}).",
            Arity = ArgumentArity.ZeroOrOne,
        });
    }

    public override void Run(Invocation run)
    {
        var steps = new JsonArray();
        run.Document["folder"] = null;
        run.Document["steps"] = steps;
        string folder = run.Resolve(run.Value(_folder) ?? UsualFolder);
        DemoStory story = Demo.Run(folder, step => Tell(run, steps, step), run.Context);
        run.Document["folder"] = story.Folder;
        run.Say($"The repository stays in {story.Folder}. Look around with:");
        run.Say($"   > {OwnCommand.Text} -C {ShellQuoting.Quote(story.Folder)} slices");
    }

    private static void Tell(Invocation run, JsonArray steps, DemoStep step)
    {
        steps.Add((JsonNode)new JsonObject
        {
            ["title"] = step.Title,
            ["commands"] = new JsonArray([.. step.Commands]),
            ["lines"] = new JsonArray([.. step.Lines]),
        });
        run.Say($"{steps.Count}. {step.Title}");
        foreach (string command in step.Commands)
        {
            run.Say($"   > {command}");
        }

        foreach (string line in step.Lines)
        {
            run.Say($"   {line}");
        }

        run.Say("");
    }
}
