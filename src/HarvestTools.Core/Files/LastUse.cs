namespace HarvestTools.Files;

/// <summary>
/// When something of the cache was used last: the time of a file or folder that is never changed otherwise. The system's own time of
/// reading is off on most disks, or a day late. It is written once a day at most, so that a use costs one look.
/// </summary>
internal static class LastUse
{
    private static readonly TimeSpan s_exact = TimeSpan.FromDays(1);

    /// <summary>Says that it is used now. What cannot be written counts as used when it was written.</summary>
    /// <param name="path">A file or folder of the cache.</param>
    public static void Mark(string path)
    {
        try
        {
            DateTime now = DateTime.UtcNow;
            if (now - File.GetLastWriteTimeUtc(path) > s_exact)
            {
                FileFaults.Before(FileCall.SetMode, path);
                File.SetLastWriteTimeUtc(path, now);
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception) || exception is ArgumentException)
        {
            // A cache on a disk that is read-only is as good as any.
        }
    }

    /// <summary>When it was used last.</summary>
    /// <param name="path">A file or folder of the cache.</param>
    public static DateTimeOffset Of(string path) => new(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
}
