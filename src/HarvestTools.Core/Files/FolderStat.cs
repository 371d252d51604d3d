namespace HarvestTools.Files;

/// <summary>
/// What the file system knows of a folder without listing it: a name that comes, goes or is taken by another file changes its times.
/// What is written into a file of the folder in place does not.
/// </summary>
internal static class FolderStat
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Null where there is no such folder, or the system does not say.</summary>
    public static FileStat? TryGet(string folder) => OperatingSystem.IsWindows() ? OnWindows(folder) : FileStat.TryGet(folder);

    /// <summary>Whether the file system keeps whole seconds alone, so that a second change within one of them is not seen.</summary>
    public static bool IsCoarse(FileStat stat) =>
        stat.Modified % (OperatingSystem.IsWindows() ? TimeSpan.TicksPerSecond : NanosecondsPerSecond) == 0;

    /// <summary>A folder cannot be opened as files are there; the time at which it was made is in the place of its number.</summary>
    private static FileStat? OnWindows(string folder)
    {
        try
        {
            var info = new DirectoryInfo(folder);
            return info.Exists ? new FileStat(0, info.LastWriteTimeUtc.ToFileTimeUtc(), 0, (ulong)info.CreationTimeUtc.ToFileTimeUtc(), 0) : null;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return null;
        }
    }
}
