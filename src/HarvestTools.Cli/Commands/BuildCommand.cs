using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Arguments;
using HarvestTools.Cli.Output;
using HarvestTools.History;
using HarvestTools.Manifests;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class BuildCommand : HarvestCommand
{
    private readonly Argument<string[]> _versions;

    public BuildCommand()
        : base("build", "Put the Parquet tables of slices into the cache: found there, shared with another slice, or derived from the archive.")
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "The slices (default: all).", Arity = ArgumentArity.ZeroOrMore });
    }

    public override void Run(Invocation run)
    {
        var slices = new JsonArray();
        run.Document["slices"] = slices;
        WorkContext context = run.Context;
        IReadOnlyList<string> versions = SliceArguments.Versions(run, _versions);
        run.ForEach(versions, version =>
        {
            SliceManifest slice = run.Repository.Slices.Load(version);
            BuiltSlice built = BuildSlice.Run(run.Repository, slice, context);
            if (run.Json)
            {
                slices.Add((JsonNode)Shapes.Of(built));
            }

            run.Say($"{built.Version}  {BuildText.Headline(built)}");
            BuildText.Write(run, built, tally: versions.Count == 1);
            if (versions.Count == 1 && !RegisteredModels.Of(slice).Any())
            {
                run.Next($"train on it, then harvest register {slice.Version} NAME FILE");
            }
        });
    }
}
