namespace HarvestTools.Workflows;

/// <summary>The errors of archiving an export; each factory's name is the error's id.</summary>
internal static class AddErrors
{
    public static HarvestException ProjectUnknown(string path) => new(
        nameof(ProjectUnknown),
        HarvestFault.Usage,
        $"The export '{path}' does not say which project it is of.",
        $"Name the project: {new RemedyAction.AddExport(path, RemedyAction.AnyName)}.",
        path);

    public static HarvestException ProjectsSeveral(string path, IReadOnlyList<long> ids) => new(
        nameof(ProjectsSeveral),
        HarvestFault.Usage,
        $"The export '{path}' has tasks of several projects ({string.Join(", ", ids.Take(10))}).",
        $"Name the project to archive it under: {new RemedyAction.AddExport(path, RemedyAction.AnyName)}.",
        path);
}
