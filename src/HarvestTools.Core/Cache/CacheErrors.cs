namespace HarvestTools.Cache;

/// <summary>The errors of deriving and keeping the tables of one export; each factory's name is the error's id.</summary>
internal static class CacheErrors
{
    public static void RequireHash(string fileName, string expected, string actual)
    {
        if (expected != actual)
        {
            throw ExportHashDiffers(fileName, expected, actual);
        }
    }

    public static HarvestException ExportHashDiffers(string fileName, string expected, string actual) => new(
        nameof(ExportHashDiffers),
        HarvestFault.Damaged,
        $"The export '{fileName}' should have SHA-256 {expected} but has {actual}.",
        $"Run {new RemedyAction.RepairArchive()}, or add the original export again.",
        fileName);

    public static HarvestException PartDamaged(string source) => new(
        nameof(PartDamaged),
        HarvestFault.Damaged,
        $"The tables in {source} are not what their record or the slice says; nothing of them was kept.",
        $"They are derived here when they are needed; {new RemedyAction.PushSlices() { Tables = true }} on a machine whose archive is whole replaces them there.",
        source);

    public static HarvestException RowsOfProgram(string harvestVersion) => new(
        nameof(RowsOfProgram),
        HarvestFault.Usage,
        $"Under {harvestVersion} a program of the team's own writes the tables, and this needs rows that the rules derive.",
        "Do it with slices that were made under rules; the documentation on own programs lists what works with those of a program.",
        harvestVersion);
}
