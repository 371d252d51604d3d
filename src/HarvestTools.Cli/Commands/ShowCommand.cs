using System.CommandLine;
using HarvestTools.Cli.Output;
using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.Cli.Commands;

internal sealed class ShowCommand : HarvestCommand
{
    private readonly Argument<string> _version;

    public ShowCommand()
        : base("show", "Show one slice: exports, rules, tables, models.")
    {
        _version = With(new Argument<string>("VERSION") { Description = "The slice." });
    }

    public override void Run(Invocation run)
    {
        run.Document["manifest"] = null;
        run.Document["slice"] = null;
        run.Document["dataset_sha256"] = null;
        SliceStore slices = run.Repository.Slices;
        SliceManifest slice = slices.Load(run.Value(_version)!);
        run.Document["manifest"] = slices.PathOf(slice.Version);
        run.Document["slice"] = Shapes.Of(slice);
        run.Document["dataset_sha256"] = DatasetDigest.Of(run.Repository, slice);
        if (run.Text)
        {
            SliceText.Write(run, slice);
        }
    }
}
