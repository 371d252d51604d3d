namespace HarvestTools.Files;

/// <summary>Folders whose creation, and whose file names, survive a crash of the machine.</summary>
internal static class DurableFolder
{
    // Who makes a folder below one that another thread is making must see it shared.
    private static readonly Lock Making = new();

    /// <summary>Flushes the names in a folder to disk.</summary>
    public static void Flush(string folder) => DiskFlush.Current.Folder(folder);

    /// <summary>Makes the folder and its missing parents, each one flushed into its parent.</summary>
    public static void Ensure(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(Path.GetFullPath(folder));
        if (!string.IsNullOrEmpty(parent))
        {
            Ensure(parent);
        }

        try
        {
            // Succeeds also where another process was faster.
            FileFaults.Before(FileCall.MakeFolder, folder);
            lock (Making)
            {
                Directory.CreateDirectory(folder);
                if (!string.IsNullOrEmpty(parent))
                {
                    SharedFolder.Inherit(folder, parent);
                }
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw File.Exists(folder) ? FileErrors.NotAFolder(folder) : FileErrors.From(exception, folder, "create the folder");
        }

        if (!string.IsNullOrEmpty(parent))
        {
            Flush(parent);
        }
    }
}
