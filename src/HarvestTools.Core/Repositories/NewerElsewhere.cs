using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>
/// Exports that slices name, that are not archived on this machine, and whose labels go further than those that are. Slices that
/// no other one follows count: of two machines that each cut a version, either may have the later labels, and what a line went
/// back from on purpose is behind.
/// </summary>
internal static class NewerElsewhere
{
    /// <summary>Of each project the latest, with the slice that names it and the export that this machine has in its place.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slices">All slices, as other machines may have made them.</param>
    /// <param name="here">The newest export of each project on this machine.</param>
    public static IEnumerable<(SliceManifest Slice, SliceExport Newer, SliceExport Here)> All(
        Repository repository, IReadOnlyCollection<SliceManifest> slices, IReadOnlyList<SliceExport> here)
    {
        HashSet<string> followed = [.. slices.SelectMany(static slice => slice.Parents)];
        return
            from slice in slices
            where !followed.Contains(slice.Version)
            from named in SliceInputs.UnderPresentNames(repository, slice).Exports
            where named.LabelsThrough is not null
            let taken = here.FirstOrDefault(export => export.Project == named.Project)
            where taken is not null && named.LabelsThrough?.Instant > taken.LabelsThrough?.Instant && !repository.Archive.ProjectsOf(named.Sha256).Any()
            group (slice, named, taken) by named.Project into project
            select project.MaxBy(static entry => entry.named.LabelsThrough!.Value.Instant);
    }
}
