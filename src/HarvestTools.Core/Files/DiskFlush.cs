using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Files;

/// <summary>What asks the system to put bytes and names on disk.</summary>
internal interface IDiskFlush
{
    /// <summary>Returns when the bytes that the file has got so far are on disk.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">The disk failed. The system reports that once: a second flush of the same file would succeed.</exception>
    void File(SafeFileHandle file, string path);

    /// <summary>Returns when the names in the folder are on disk.</summary>
    /// <param name="folder">Full path.</param>
    /// <exception cref="HarvestException">The disk failed.</exception>
    void Folder(string folder);

    /// <summary>The bytes that the file has got so far are on disk at the latest when <see cref="Rest"/> returns for its folder.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">The disk failed.</exception>
    void Later(SafeFileHandle file, string path) => File(file, path);

    /// <summary>Returns when the files that were left for later, and their names, are on disk: one wait for all of them, where the system has such a thing.</summary>
    /// <param name="folders">Full paths of the folders in which they are, all on one volume.</param>
    /// <exception cref="HarvestException">The disk failed.</exception>
    void Rest(IReadOnlyList<string> folders)
    {
        foreach (string folder in folders)
        {
            Folder(folder);
        }
    }
}

/// <summary>
/// The one place through which files and folders are flushed. That a flush was left out is seen after a power cut and by no
/// reader before it, so tests put an observer in its place.
/// </summary>
internal static class DiskFlush
{
    // Follows the flow of one test into the threads that it starts; tests beside it flush as usual.
    private static readonly AsyncLocal<IDiskFlush?> s_observer = new();

    /// <summary>The system's flush.</summary>
    public static IDiskFlush OfSystem { get; } = new SystemFlush();

    /// <summary>What flushes: the system, unless a test observes.</summary>
    public static IDiskFlush Current => s_observer.Value ?? OfSystem;

    /// <summary>For tests: has everything flush through the observer, on this thread and on those that it starts, until the result is disposed.</summary>
    public static IDisposable Observe(IDiskFlush observer)
    {
        s_observer.Value = observer;
        return new Observation();
    }

    private sealed class Observation : IDisposable
    {
        public void Dispose() => s_observer.Value = null;
    }

    private sealed class SystemFlush : IDiskFlush
    {
        public void File(SafeFileHandle file, string path)
        {
            FileFaults.Before(FileCall.Flush, path);
            RandomAccess.FlushToDisk(file);
        }

        public void Folder(string folder)
        {
            BeforeFolder(folder);

            // On Windows nothing on purpose: NTFS and ReFS journal their names, and a folder handle cannot be flushed
            // without administrator rights.
            if (!OperatingSystem.IsWindows())
            {
                _ = UnixNative.FlushFolder(folder);
            }
        }

        public void Later(SafeFileHandle file, string path)
        {
            FileFaults.Before(FileCall.Flush, path);
            if (OperatingSystem.IsLinux())
            {
                return;
            }

            // A flush has the drive of a Mac empty its whole cache, which one for all of them does as well.
            if (!OperatingSystem.IsMacOS() || !UnixNative.HandToDrive(file))
            {
                RandomAccess.FlushToDisk(file);
            }
        }

        public void Rest(IReadOnlyList<string> folders)
        {
            if (folders.Count == 0 || OperatingSystem.IsWindows())
            {
                return;
            }

            BeforeFolder(folders[0]);
            if (OperatingSystem.IsLinux() && UnixNative.FlushFileSystem(folders[0]))
            {
                return;
            }

            foreach (string folder in folders)
            {
                if (OperatingSystem.IsLinux() || folder == folders[^1])
                {
                    FlushFiles(folder);
                }

                _ = UnixNative.FlushFolder(folder);
            }
        }

        private static void FlushFiles(string folder)
        {
            try
            {
                // All of a folder that has a temporary name; of another those that have.
                string mine = PendingFile.IsTemporary(Path.GetFileName(folder)) ? "*" : PendingFile.TemporaryPrefix + "*";
                foreach (string path in Directory.EnumerateFiles(folder, mine))
                {
                    using SafeFileHandle file = System.IO.File.OpenHandle(path);
                    RandomAccess.FlushToDisk(file);
                }
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                throw FileErrors.From(exception, folder, "flush");
            }
        }

        private static void BeforeFolder(string folder)
        {
            try
            {
                FileFaults.Before(FileCall.FlushFolder, folder);
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                throw FileErrors.From(exception, folder, "flush");
            }
        }
    }
}
