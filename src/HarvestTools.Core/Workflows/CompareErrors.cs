namespace HarvestTools.Workflows;

/// <summary>The errors of comparing two exports; each factory's name is the error's id.</summary>
internal static class CompareErrors
{
    public static HarvestException ExportChangedMeanwhile(string path) => new(
        nameof(ExportChangedMeanwhile),
        HarvestFault.InvalidData,
        $"The export '{path}' was changed while it was compared.",
        "Compare again once nothing writes to the file.",
        path);
}
