namespace HarvestTools.Files;

/// <summary>Read-only marking: the write permissions on Unix, the ReadOnly attribute on Windows.</summary>
internal static class FileAccessBits
{
    private const UnixFileMode AnyWrite = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public static bool IsReadOnly(string path) => OperatingSystem.IsWindows()
        ? (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0
        : (File.GetUnixFileMode(path) & AnyWrite) == 0;

    /// <summary>Takes the write permissions away and leaves the read permissions as the umask made them.</summary>
    public static void MakeReadOnly(string path)
    {
        FileFaults.Before(FileCall.SetMode, path);
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(path, File.GetAttributes(path) | FileAttributes.ReadOnly);
        }
        else
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & ~AnyWrite);
        }
    }

    /// <summary>Lets the owner write.</summary>
    public static void MakeWritable(string path)
    {
        FileFaults.Before(FileCall.SetMode, path);
        if (OperatingSystem.IsWindows())
        {
            File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
        }
        else
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserWrite);
        }
    }

    /// <summary>
    /// Windows refuses to replace or delete a read-only file; Unix asks the folder's permissions instead.
    /// Returns true where the mark was there and was taken away.
    /// </summary>
    public static bool ClearForReplacement(string path)
    {
        if (!OperatingSystem.IsWindows() || !File.Exists(path) || !IsReadOnly(path))
        {
            return false;
        }

        FileFaults.Before(FileCall.SetMode, path);
        File.SetAttributes(path, File.GetAttributes(path) & ~FileAttributes.ReadOnly);
        return true;
    }
}
