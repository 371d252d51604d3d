namespace HarvestTools.Files;

/// <summary>
/// A folder of files being written under a temporary name beside its final one. It gets that name when all of them are complete and on
/// disk, in one step: many small files of one thing cost one name, and no wait for the disk each. Disposing it without that deletes it.
/// </summary>
internal sealed class PendingFolder : IDisposable
{
    // Small enough that it is no large object for the collector.
    private const int BufferBytes = 8 * 1024;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly List<(string Name, FileStream Stream, bool ReadOnly)> _files = [];
    private bool _committed;
    private bool _settled;

    private PendingFolder(string path)
    {
        TemporaryPath = path;
    }

    public string TemporaryPath { get; }

    /// <summary>Makes a temporary folder in another, which is made if it is missing.</summary>
    /// <param name="parent">Full path.</param>
    public static PendingFolder Create(string parent)
    {
        DurableFolder.Ensure(parent);
        StaleFiles.Sweep(parent);
        string path = PendingFile.TemporaryName(parent);
        try
        {
            FileFaults.Before(FileCall.MakeFolder, path);
            Directory.CreateDirectory(path);
            SharedFolder.Inherit(path, parent);
            return new PendingFolder(path);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "create the folder");
        }
    }

    /// <summary>Begins a file.</summary>
    /// <param name="name">Its final name.</param>
    /// <param name="readOnly">Whether nobody may write to it later.</param>
    public Stream Begin(string name, bool readOnly)
    {
        string path = Path.Combine(TemporaryPath, name);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferBytes };
            if (!OperatingSystem.IsWindows())
            {
                // The mode counts from the next time on that it is opened.
                options.UnixCreateMode = readOnly ? Readable : Readable | UnixFileMode.UserWrite;
            }

            FileStream file = FileFaults.Open(path, options);
            _files.Add((name, file, readOnly));
            return file;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "write");
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its final name.</param>
    /// <param name="write">Writes it whole.</param>
    public void Write(string name, Action<Stream> write)
    {
        try
        {
            write(Begin(name, readOnly: false));
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, Path.Combine(TemporaryPath, name), "write");
        }
    }

    /// <summary>Ends all files. They are on disk when <see cref="IDiskFlush.Rest"/> returns for <see cref="TemporaryPath"/>.</summary>
    public void Complete()
    {
        // One process makes all of them, so that what its umask lets the group do with one it lets it do with all.
        bool isReadable = OperatingSystem.IsWindows() || _files.Count == 0 || IsReadable(_files[0].Stream);
        foreach ((_, FileStream file, bool readOnly) in _files)
        {
            try
            {
                file.Flush();
                DiskFlush.Current.Later(file.SafeFileHandle, file.Name);
                file.Dispose();
                if (!isReadable)
                {
                    SharedFolder.ShareFile(file.Name);
                }

                if (readOnly && OperatingSystem.IsWindows())
                {
                    FileAccessBits.MakeReadOnly(file.Name);
                }
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                throw FileErrors.From(exception, file.Name, "write");
            }
        }
    }

    /// <summary>
    /// Gives the folder its final name. Where there is such a folder already, its files are replaced, the one that was begun last only
    /// when the others are in place and on disk. What has its name keeps it.
    /// </summary>
    /// <param name="path">Full path. The name is the caller's to flush, once for many.</param>
    public void Commit(string path)
    {
        try
        {
            if (_committed)
            {
                return;
            }

            if (TryMove(path))
            {
                _committed = _settled = true;
                return;
            }

            for (int i = 0; i < _files.Count; i++)
            {
                if (i == _files.Count - 1)
                {
                    DurableFolder.Flush(path);
                }

                PendingFile.Replace(Path.Combine(TemporaryPath, _files[i].Name), Path.Combine(path, _files[i].Name));
            }

            DurableFolder.Flush(path);
            _committed = true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "write");
        }
    }

    public void Dispose()
    {
        foreach ((_, FileStream file, _) in _files)
        {
            try
            {
                file.Dispose();
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                // The buffered rest could not be written (a full disk); the file is thrown away, so nothing is lost.
            }
        }

        if (!_settled)
        {
            _settled = true;
            _ = SetAsideFolder.TryDelete(TemporaryPath);
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsReadable(FileStream file) => (File.GetUnixFileMode(file.SafeFileHandle) & UnixFileMode.GroupRead) != 0;

    private bool TryMove(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        try
        {
            FileFaults.Before(FileCall.Move, path);
            Directory.Move(TemporaryPath, path);
            return true;
        }
        catch (IOException) when (Directory.Exists(path))
        {
            // Another process was faster.
            return false;
        }
    }
}
