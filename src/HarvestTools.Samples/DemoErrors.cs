namespace HarvestTools.Samples;

/// <summary>The errors of the demonstration; each factory's name is the error's id.</summary>
internal static class DemoErrors
{
    public static HarvestException DemoFolderNotEmpty(string folder) => new(
        nameof(DemoFolderNotEmpty),
        HarvestFault.Usage,
        $"The folder '{folder}' exists and is not empty; the demonstration overwrites nothing.",
        "Name another folder, as in 'harvest demo DIR'.",
        folder);
}
