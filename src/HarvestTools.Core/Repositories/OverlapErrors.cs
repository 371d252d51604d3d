using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Repositories;

/// <summary>The errors of a slice whose exports hold the same task; each factory's name is the error's id.</summary>
internal static class OverlapErrors
{
    public static HarvestException ExportsOverlap(SliceExport first, SliceExport second, IReadOnlyList<long> tasks) => new(
        nameof(ExportsOverlap),
        HarvestFault.Usage,
        $"The exports {Name(first)} and {Name(second)} of project {first.Project} both have {Figures.Count(tasks.Count, "labelled task")} "
            + $"({string.Join(", ", tasks.Take(5))}{(tasks.Count > 5 ? ", …" : "")}), whose rows would count twice.",
        $"Leave one of them out, or say which wins: {new RemedyAction.NewSlice(Project: RemedyAction.AnyName, Prefer: ExportOverlap.Newest)}, or the beginning of its hash in place of {ExportOverlap.Newest}.",
        first.Sha256);

    public static HarvestException PreferredNotInSlice(string prefer) => new(
        nameof(PreferredNotInSlice),
        HarvestFault.Usage,
        $"The preferred export '{prefer}' is not among the slice's exports.",
        "Say 'newest', or the beginning of the hash of an export that the slice has.",
        prefer);

    private static string Name(SliceExport export) => $"{export.Path ?? export.Name ?? export.Project} ({Figures.ShortHash(export.Sha256)})";
}
