using HarvestTools.Files;

namespace HarvestTools.Programs;

/// <summary>Removes folders of runs, also those that a killed process left.</summary>
internal static class StaleRuns
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Between the folder's making and its lock's another process may look at it.
    private static readonly TimeSpan s_lockGrace = TimeSpan.FromMinutes(10);

    public static void Sweep()
    {
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{RunFolder.Prefix}*"))
            {
                if (IsStale(folder))
                {
                    TryDelete(folder);
                }
            }
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // What is left takes space and does no other harm.
        }
    }

    private static bool IsStale(string folder)
    {
        string path = Path.Combine(folder, RunFolder.LockName);
        try
        {
            if (FileKinds.Of(folder) != FileKind.Folder)
            {
                return false;
            }

            if (!File.Exists(path))
            {
                return DateTime.UtcNow - Directory.GetCreationTimeUtc(folder) > s_lockGrace;
            }

            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                return true;
            }
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // In use, or another user's.
            return false;
        }
    }

    public static void TryDelete(string root)
    {
        try
        {
            Unlock(new DirectoryInfo(root));
            Directory.Delete(root, recursive: true);
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // The next run tries again.
        }
    }

    /// <summary>A program can take its own folders' rights away, and the exports' folder has none to begin with; links are not followed.</summary>
    private static void Unlock(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= OwnerAlone;
        }

        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                Unlock(below);
            }
            else if (OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.ReadOnly))
            {
                entry.Attributes &= ~FileAttributes.ReadOnly;
            }
        }
    }
}
