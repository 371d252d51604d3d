using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Files;

/// <summary>
/// Folders that several users share through a group: writable for it and with the set-group-ID bit, as <c>git init --shared=group</c> makes its own.
/// What is made in one gets the group's bits whatever the umask says, so that the next user can go on. Windows inherits permissions by itself.
/// </summary>
internal static class SharedFolder
{
    // The second bit says that it is meant, and has Linux give what is made there to the folder's group and not to the maker's own:
    // a folder such as /tmp is writable for its group too.
    private const UnixFileMode Shared = UnixFileMode.GroupWrite | UnixFileMode.SetGroup;
    private const UnixFileMode OfFolder = Shared | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Whether a folder is shared.</summary>
    /// <param name="folder">Full path.</param>
    public static bool Is(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        try
        {
            // Linux hands the bit down at once; the one who is making the folder may not have come to the rest yet.
            return (File.GetUnixFileMode(folder) & Shared) switch
            {
                Shared => true,
                UnixFileMode.SetGroup => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) is { Length: > 0 } parent && Is(parent),
                _ => false,
            };
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return false;
        }
    }

    /// <summary>Shares a folder that was just made, where the one that it is in is shared.</summary>
    /// <param name="made">Full path.</param>
    /// <param name="parent">Full path of the folder that it is in.</param>
    public static void Inherit(string made, string parent)
    {
        if (OperatingSystem.IsWindows() || !Is(parent))
        {
            return;
        }

        try
        {
            UnixFileMode mode = File.GetUnixFileMode(made);
            if ((mode & OfFolder) != OfFolder)
            {
                FileFaults.Before(FileCall.SetMode, made);
                File.SetUnixFileMode(made, mode | OfFolder);
            }
        }
        catch (UnauthorizedAccessException)
        {
            // Another user made it in the same moment, and shares it too.
        }
    }

    /// <summary>Lets the group use a lock file of a shared folder: a lock is opened to write.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">Its path.</param>
    public static void ShareLock(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        UnixFileMode mode = File.GetUnixFileMode(file);
        if ((mode & Group) != Group && Is(Path.GetDirectoryName(Path.GetFullPath(path))!))
        {
            try
            {
                File.SetUnixFileMode(file, mode | Group);
            }
            catch (UnauthorizedAccessException)
            {
                // Another user's, who lets the owner's group alone write it.
            }
        }
    }

    /// <summary>Lets the group read a file that was written in a shared folder.</summary>
    /// <param name="path">Full path.</param>
    public static void ShareFile(string path)
    {
        if (!OperatingSystem.IsWindows()
            && File.GetUnixFileMode(path) is var mode && (mode & UnixFileMode.GroupRead) == 0
            && Is(Path.GetDirectoryName(path)!))
        {
            FileFaults.Before(FileCall.SetMode, path);
            File.SetUnixFileMode(path, mode | UnixFileMode.GroupRead);
        }
    }
}
