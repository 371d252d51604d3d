using System.CommandLine;
using HarvestTools.Repositories;

namespace HarvestTools.Cli.Commands;

internal sealed class InitCommand : HarvestCommand
{
    private readonly Argument<string?> _folder;

    public InitCommand()
        : base("init", "Make a folder a repository: write harvest.json with every default spelt out, and the store's folders.")
    {
        _folder = With(new Argument<string?>("DIR")
        {
            Description = "The folder, made if it is missing (default: the current one).",
            Arity = ArgumentArity.ZeroOrOne,
        });
    }

    public override void Run(Invocation run)
    {
        run.Document["root"] = null;
        run.Document["settings"] = null;
        Repository repository = Repository.Initialize(run.Value(_folder) is { } folder ? run.Resolve(folder) : run.Folder);
        run.Document["root"] = repository.Root;
        run.Document["settings"] = repository.SettingsPath;
        run.Say($"{repository.Root} is now a repository.");
        run.Say($"harvest.json has the rules as {repository.Settings.Harvest.FullVersion}; commit it and slices/. Git ignores .harvest/.");
        run.Next("harvest add FILE…");
    }
}
