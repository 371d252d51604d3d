namespace HarvestTools.Tables.Log;

/// <summary>The errors of the temporary file of rows; each factory's name is the error's id.</summary>
internal static class RowLogErrors
{
    public static HarvestException SpillFileCutShort(string path) => new(
        nameof(SpillFileCutShort),
        HarvestFault.FileSystem,
        $"The temporary row file '{path}' is shorter than what was written to it.",
        "Check the disk's free space and health, then run the command again.",
        path);
}
