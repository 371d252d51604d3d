namespace HarvestTools.Files;

/// <summary>
/// Removes folders so that a killed process leaves either all of one or nothing under its name: it is renamed first, to a
/// temporary name beside it, and only then deleted.
/// </summary>
internal static class SetAsideFolder
{
    /// <summary>Renames the folder; null where there is none.</summary>
    /// <exception cref="HarvestException">The file system refuses; the folder is as it was.</exception>
    public static string? Take(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        FileKinds.RequireStoredFolder(folder, "remove");

        string parent = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        StaleFiles.Sweep(parent);
        string aside = PendingFile.TemporaryName(parent);
        try
        {
            FileFaults.Before(FileCall.Move, aside);
            Directory.Move(folder, aside);
            DurableFolder.Flush(parent);
            return aside;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            // Another process was first.
            return exception is DirectoryNotFoundException && !Directory.Exists(folder) ? null : throw FileErrors.From(exception, folder, "remove");
        }
    }

    /// <summary>Deletes what was set aside, read-only files included; false where something of it stays, which does no harm.</summary>
    public static bool TryDelete(string aside)
    {
        try
        {
            foreach (string file in Directory.EnumerateFiles(aside, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            {
                FileAccessBits.ClearForReplacement(file);
            }

            FileFaults.Before(FileCall.Delete, aside);
            Directory.Delete(aside, recursive: true);
            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return false;
        }
    }
}
