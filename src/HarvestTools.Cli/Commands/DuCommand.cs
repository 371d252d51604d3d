using System.Text.Json.Nodes;
using HarvestTools.Cli.Output;
using HarvestTools.Strings;
using HarvestTools.Workflows;

namespace HarvestTools.Cli.Commands;

internal sealed class DuCommand : HarvestCommand
{
    public DuCommand()
        : base("du", "Show what archive and cache take of the disk, by project, and what 'pack' and 'gc' would save.")
    {
    }

    public override void Run(Invocation run)
    {
        run.Document["space"] = null;
        ArchiveSpace space = MeasureArchive.Run(run.Repository, run.Context);
        run.Document["space"] = Shape(space);
        TextTable table = new TextTable("project", "exports", "loose", "packed", "cached", "quarantined", "packing saves");
        foreach (ProjectSpace project in space.Projects)
        {
            table.Add(project.Project, Figures.Count(project.Exports), Figures.Size(project.LooseBytes), Figures.Size(project.PackedBytes), Figures.Size(project.CachedBytes), Figures.Size(project.QuarantinedBytes), About(project.PackingSavesBytes));
        }

        // In the cache these are records, indexes and lists that the tables come with.
        long otherCached = space.CachedBytes - space.Projects.Sum(static project => project.CachedBytes);
        if (space.OtherBytes > 0 || otherCached > 0)
        {
            table.Add("of no project", "", Figures.Size(space.OtherBytes), "", Figures.Size(otherCached), "", "");
        }

        table.Add("all", Figures.Count(space.Projects.Sum(static project => project.Exports)), Figures.Size(space.LooseBytes), Figures.Size(space.PackedBytes), Figures.Size(space.CachedBytes), Figures.Size(space.QuarantinedBytes), About(space.PackingSavesBytes));
        run.Say(table);
        if (space.DamagedBytes > 0)
        {
            run.Say($"{Figures.Size(space.DamagedBytes)} of damaged objects {Figures.Plural(space.DamagedBytes, "is", "are")} in quarantine, for a look by hand.");
        }

        run.Say(space.NotKnown is { } unknown
            ? $"What nothing needs is not known: {unknown.Message}"
            : (space.RemovableBytes ?? 0) + (space.UnusedCacheBytes ?? 0) is > 0 and var free ? $"{Unneeded(space)} 'harvest gc --yes' frees {Figures.Size(free)} now, and 'harvest gc' lists what."
            : Unneeded(space));
        if (space.PackingSavesBytes > 0)
        {
            run.Say($"'harvest pack' would save about {Figures.Size(space.PackingSavesBytes.Value)}: an estimate, by {Basis(space)}.");
        }

        if (space.PackingNotKnown.Count > 0)
        {
            run.Say($"What packing would save of {Figures.Plural(space.PackingNotKnown.Count, "project", "projects")} {Figures.List(space.PackingNotKnown)} is not known.");
        }
    }

    private static string Unneeded(ArchiveSpace space) => space.UnreachableObjects is null or 0 ? "Every object is needed by something."
        : $"Nothing needs {Figures.Count(space.UnreachableObjects.Value, "object")} ({Figures.Size(space.UnreachableBytes ?? 0)}): in quarantine first, free once {Figures.Plural(space.UnreachableObjects.Value, "its", "their")} days there are over.";

    private static string About(long? bytes) => bytes is { } known ? $"~{Figures.Size(known)}" : "not known";

    private static string Basis(ArchiveSpace space) => Figures.List(
    [
        .. space.Projects.Any(static project => project.PackingBasis == PackingBasis.Packs) ? ["what is packed so far"] : Array.Empty<string>(),
        .. space.Projects.Any(static project => project.PackingBasis == PackingBasis.Sample) ? ["a trial with the newest exports"] : Array.Empty<string>(),
    ]);

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
        ["unused_cache_bytes"] = space.UnusedCacheBytes,
        ["packing_saves_bytes"] = space.PackingSavesBytes,
        ["not_known"] = space.NotKnown is { } fault ? ErrorText.ToJson(fault) : null,
        ["projects"] = Shapes.List(space.Projects, static project => new JsonObject
        {
            ["project"] = project.Project,
            ["exports"] = project.Exports,
            ["loose_bytes"] = project.LooseBytes,
            ["packed_bytes"] = project.PackedBytes,
            ["cached_bytes"] = project.CachedBytes,
            ["quarantined_bytes"] = project.QuarantinedBytes,
            ["packing_saves_bytes"] = project.PackingSavesBytes,
            ["packing_basis"] = project.PackingBasis,
        }),
    };
}
