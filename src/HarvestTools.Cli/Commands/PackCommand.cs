using System.CommandLine;
using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class PackCommand : HarvestCommand
{
    private readonly Argument<string[]> _projects;
    private readonly Option<bool> _undo;

    public PackCommand()
        : base("pack", "Pack archived exports: the newest of a project whole, those before it as small patches against it. Every command reads them as before.")
    {
        _projects = With(new Argument<string[]>("PROJECT") { Description = "The projects (default: all).", Arity = ArgumentArity.ZeroOrMore });
        _undo = With(new Option<bool>("--undo") { Description = "Make plain files of packed exports again." });
    }

    public override void Run(Invocation run)
    {
        var packed = new JsonArray();
        run.Document["exports"] = packed;
        string[] projects = run.Value(_projects) ?? [];
        var all = new List<PackedExport>();
        if (run.Value(_undo))
        {
            using UnpackExports unpacking = UnpackExports.Begin(run.Repository, projects, run.Context);
            run.ForEach(unpacking.Targets, target => Report(run, packed, all, unpacking.Unpack(target, run.Context)));
        }
        else
        {
            using PackExports packing = PackExports.Begin(run.Repository, projects, run.Context);
            run.ForEach(packing.Targets, target => Report(run, packed, all, packing.Pack(target, run.Context)));
        }

        long bytes = all.Sum(static export => export.Bytes);
        long stored = all.Sum(static export => export.StoredBytes);
        run.Document["bytes"] = bytes;
        run.Document["stored_bytes"] = stored;
        run.Say(all.Count == 0
            ? run.Value(_undo) ? "No export is packed here." : "No export is archived here that could be packed."
            : $"{Figures.Count(all.Count, "export")} of {Figures.Size(bytes)} {(all.Count == 1 ? "takes" : "take")} {Figures.Size(stored)}.");
    }

    private static void Report(Invocation run, JsonArray document, List<PackedExport> all, PackedExport export)
    {
        all.Add(export);
        document.Add((JsonNode)new JsonObject
        {
            ["project"] = export.Project,
            ["sha256"] = export.Sha256,
            ["bytes"] = export.Bytes,
            ["stored_bytes"] = export.StoredBytes,
            ["anchor"] = export.Anchor,
            ["outcome"] = export.Outcome.ToString(),
        });
        string outcome = export.Outcome switch
        {
            PackOutcome.Packed => "packed",
            PackOutcome.AlreadyPacked => "already packed",
            PackOutcome.KeptPlain => "kept plain",
            _ => "unpacked",
        };
        string how = export.Outcome switch
        {
            PackOutcome.Unpacked => "",
            PackOutcome.KeptPlain => "  (a pack would not be smaller)",
            _ when export.Anchor is null => "  whole",
            _ => $"  against {Terminal.Short(export.Anchor)}",
        };
        run.Say($"{outcome}  {export.Project}  {Terminal.Short(export.Sha256)}  {Figures.Size(export.Bytes)} -> {Figures.Size(export.StoredBytes)}{how}");
    }
}
