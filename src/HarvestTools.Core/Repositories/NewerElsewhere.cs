using HarvestTools.Manifests;

namespace HarvestTools.Repositories;

/// <summary>Exports that a slice names, that are not archived on this machine, and whose labels go further than those that are.</summary>
internal static class NewerElsewhere
{
    /// <summary>The first of them with the export that this machine has in its place; null where there is none.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice, as another machine may have made it.</param>
    /// <param name="here">The newest export of each project on this machine.</param>
    public static (SliceExport Newer, SliceExport Here)? Find(Repository repository, SliceManifest slice, IReadOnlyList<SliceExport> here) =>
        All(repository, slice, here).Select(static pair => ((SliceExport, SliceExport)?)pair).FirstOrDefault();

    /// <summary>All of them.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="slice">The slice, as another machine may have made it.</param>
    /// <param name="here">The newest export of each project on this machine.</param>
    public static IEnumerable<(SliceExport Newer, SliceExport Here)> All(Repository repository, SliceManifest slice, IReadOnlyList<SliceExport> here)
    {
        HashSet<string> archived = [.. repository.Archive.List().Select(static record => record.Sha256)];
        return
            from named in SliceInputs.UnderPresentNames(repository, slice).Exports
            where !archived.Contains(named.Sha256)
            let taken = here.FirstOrDefault(export => export.Project == named.Project)
            where taken is not null && named.LabelsThrough?.Instant > taken.LabelsThrough?.Instant
            select (named, taken);
    }
}
