namespace HarvestTools.Files;

/// <summary>
/// Gives the bytes of a file of this machine a second place, without a second copy of them where the file system can: as a second name,
/// or as a clone that shares blocks until one of the two is changed (.NET's copy asks for that on Linux, macOS and Windows).
/// </summary>
internal static class FileClone
{
    /// <summary>Makes a second name of a file, else a copy; both are read-only then. False, with nothing changed, where the name is taken.</summary>
    /// <param name="source">Full path of a file that is never changed in place.</param>
    /// <param name="target">Full path.</param>
    /// <exception cref="HarvestException">The file system refuses.</exception>
    public static bool TryLinkNew(string source, string target)
    {
        DurableFolder.Ensure(Path.GetDirectoryName(target)!);
        try
        {
            if (File.Exists(target))
            {
                return false;
            }

            if (AtomicFile.TryLink(source, target))
            {
                DurableFolder.Flush(Path.GetDirectoryName(target)!);
                return true;
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, target, "write");
        }

        return TryCopyNew(source, target, static _ => { });
    }

    /// <summary>Makes a read-only copy, a clone where the file system can. False, with nothing changed, where the name is taken.</summary>
    /// <param name="source">Full path.</param>
    /// <param name="target">Full path.</param>
    /// <param name="verify">Gets the path of the copy before it has its name; what it throws undoes the copy.</param>
    /// <exception cref="HarvestException">The file system refuses.</exception>
    public static bool TryCopyNew(string source, string target, Action<string> verify)
    {
        string folder = Path.GetDirectoryName(target)!;
        DurableFolder.Ensure(folder);
        StaleFiles.Sweep(folder);
        string temporary = PendingFile.TemporaryName(folder);
        try
        {
            FileFaults.Before(FileCall.OpenWrite, temporary);
            File.Copy(source, temporary, overwrite: false);

            // The copy has the source's mode, by which nobody may write it, and flushing needs a file that is open for that on Windows.
            FileAccessBits.MakeWritable(temporary);
            verify(temporary);
            using (FileStream copy = FileFaults.Open(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0))
            {
                DiskFlush.Current.File(copy.SafeFileHandle, temporary);
            }

            FileAccessBits.MakeReadOnly(temporary);
            if (File.Exists(target))
            {
                return false;
            }

            FileFaults.Before(FileCall.Move, target);
            File.Move(temporary, target, overwrite: false);
            DurableFolder.Flush(folder);
            return true;
        }
        catch (IOException) when (File.Exists(target))
        {
            return false;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, target, "write");
        }
        finally
        {
            PendingFile.Discard(temporary);
        }
    }
}
