using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class TagCommand : HarvestCommand
{
    private readonly Argument<string> _version;

    public TagCommand()
        : base("tag", "Ship a slice: make the annotated git tag slice/VERSION, which holds its key and digests. The check compares the slice with it from then on.")
    {
        _version = With(new Argument<string>("VERSION") { Description = "The slice; it has to be committed as it is." });
    }

    public override void Run(Invocation run)
    {
        run.Document["tag"] = null;
        SliceTag tag = TagSlice.Run(run.Repository, run.Value(_version)!, run.Context);
        run.Document["tag"] = new JsonObject
        {
            ["version"] = tag.Version,
            ["tag"] = tag.Tag,
            ["commit"] = tag.Commit,
            ["key"] = tag.Key,
            ["dataset_sha256"] = tag.DatasetSha256,
        };
        run.Say($"tagged  {tag.Version}  {tag.Tag}  commit {Terminal.Short(tag.Commit)}  data set {Terminal.Short(tag.DatasetSha256)}");
        run.Next($"git push origin {tag.Tag}");
    }
}
