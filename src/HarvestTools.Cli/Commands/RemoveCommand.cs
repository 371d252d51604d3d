using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Manifests;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class RemoveCommand : HarvestCommand
{
    private readonly Argument<string[]> _versions;
    private readonly Option<bool> _yes;

    public RemoveCommand()
        : base("remove", "Remove slices that nothing needs: record, definition and cached tables. Without --yes it only says what would go. Archived exports stay.")
    {
        _versions = With(new Argument<string[]>("VERSION") { Description = "The slices.", Arity = ArgumentArity.OneOrMore });
        _yes = With(new Option<bool>("--yes") { Description = "Remove them; left out, nothing is removed." });
    }

    public override void Run(Invocation run)
    {
        var slices = new JsonArray();
        run.Document["slices"] = slices;
        bool yes = run.Value(_yes);
        var known = new List<string>();
        SliceStore store = run.Repository.Slices;
        run.ForEach(run.Value(_versions) ?? [], version => known.Add(store.Load(version).Version));
        var going = new List<string>();
        run.ForEach(RemoveSlice.InOrder(run.Repository, known, run.Context), version =>
        {
            SliceRemoval removal = yes ? RemoveSlice.Run(run.Repository, version, run.Context) : RemoveSlice.Plan(run.Repository, version, going, run.Context);
            going.Add(version);
            slices.Add((JsonNode)new JsonObject
            {
                ["version"] = removal.Version,
                ["removed"] = removal.Removed,
                ["folder"] = removal.Folder,
                ["files"] = Shapes.List(removal.Files, static file => JsonValue.Create(file)),
                ["cache_folder"] = removal.CacheFolder,
                ["cache_bytes"] = removal.CacheBytes,
                ["kept_exports"] = Shapes.List(removal.KeptExports, static export => JsonValue.Create(export)),
            });
            Say(run, removal);
        });
        if (!yes && going.Count > 0)
        {
            run.Say($"Nothing was removed. 'harvest remove {string.Join(' ', going)} --yes' removes {Figures.Plural(going.Count, "it", "them")}.");
        }
    }

    private static void Say(Invocation run, SliceRemoval removal)
    {
        run.Say($"{(removal.Removed ? "removed" : "would remove")}  {removal.Version}");
        run.Say($"  {Path.GetRelativePath(run.Folder, removal.Folder)}: {string.Join(", ", removal.Files)}");
        run.Say(removal.CacheFolder is null
            ? "  no cached tables of its own"
            : $"  {Path.GetRelativePath(run.Folder, removal.CacheFolder)}: {Figures.Size(removal.CacheBytes)} of cached tables");
        run.Say($"  {(removal.Removed ? "stayed" : "stays")} in the archive: {Figures.List(removal.KeptExports)}");
    }
}
