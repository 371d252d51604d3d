namespace HarvestTools.Files;

/// <summary>Files of a store, which are read-only and are removed for good.</summary>
internal static class StoredFile
{
    /// <summary>Removes one, and waits until its name is off the disk; true, for who counts.</summary>
    /// <param name="path">Full path of a file that is there.</param>
    /// <exception cref="HarvestException">The file system refuses.</exception>
    public static bool Remove(string path)
    {
        try
        {
            FileAccessBits.ClearForReplacement(path);
            FileFaults.Before(FileCall.Delete, path);
            File.Delete(path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "remove");
        }
    }
}
