using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class DuCommand : HarvestCommand
{
    public DuCommand()
        : base("du", "Show what archive and cache take of the disk, by project, and what 'gc' would free.")
    {
    }

    public override void Run(Invocation run)
    {
        run.Document["space"] = null;
        ArchiveSpace space = MeasureArchive.Run(run.Repository, run.Context);
        run.Document["space"] = Shape(space);
        TextTable table = new TextTable("project", "exports", "loose", "packed", "cached", "quarantined");
        foreach (ProjectSpace project in space.Projects)
        {
            table.Add(project.Project, Figures.Count(project.Exports), Figures.Size(project.LooseBytes), Figures.Size(project.PackedBytes), Figures.Size(project.CachedBytes), Figures.Size(project.QuarantinedBytes));
        }

        table.Add("all", Figures.Count(space.Objects), Figures.Size(space.LooseBytes), Figures.Size(space.PackedBytes), Figures.Size(space.CachedBytes), Figures.Size(space.QuarantinedBytes));
        run.Say(table);
        if (space.DamagedBytes > 0)
        {
            run.Say($"{Figures.Size(space.DamagedBytes)} of damaged objects {Figures.Plural(space.DamagedBytes, "is", "are")} in quarantine, for a look by hand.");
        }

        run.Say(space.NotKnown is { } unknown
            ? $"What nothing needs is not known: {unknown.Message}"
            : $"Nothing needs {Figures.Count(space.UnreachableObjects ?? 0, "object")} ({Figures.Size(space.UnreachableBytes ?? 0)}); {Figures.Size(space.RemovableBytes ?? 0)} in quarantine can go. 'harvest gc' lists them.");
    }

    private static JsonObject Shape(ArchiveSpace space) => new()
    {
        ["folder"] = space.Folder,
        ["objects"] = space.Objects,
        ["bytes"] = space.Bytes,
        ["loose_bytes"] = space.LooseBytes,
        ["packed_bytes"] = space.PackedBytes,
        ["other_bytes"] = space.OtherBytes,
        ["cached_bytes"] = space.CachedBytes,
        ["quarantined_bytes"] = space.QuarantinedBytes,
        ["damaged_bytes"] = space.DamagedBytes,
        ["unreachable_objects"] = space.UnreachableObjects,
        ["unreachable_bytes"] = space.UnreachableBytes,
        ["removable_bytes"] = space.RemovableBytes,
        ["not_known"] = space.NotKnown is { } fault ? ErrorText.ToJson(fault) : null,
        ["projects"] = Shapes.List(space.Projects, static project => new JsonObject
        {
            ["project"] = project.Project,
            ["exports"] = project.Exports,
            ["loose_bytes"] = project.LooseBytes,
            ["packed_bytes"] = project.PackedBytes,
            ["cached_bytes"] = project.CachedBytes,
            ["quarantined_bytes"] = project.QuarantinedBytes,
        }),
    };
}
