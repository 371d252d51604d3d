namespace HarvestTools.Files;

/// <summary>
/// A folder of files being written under a temporary name beside its final one. It gets that name when all of them are complete and on
/// disk, in one step: many small files of one thing cost one name, and no wait for the disk each. Disposing it without that deletes it.
/// </summary>
internal sealed class PendingFolder : IDisposable
{
    private readonly List<(string Name, PendingContent Content, bool Optional)> _files = [];
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
    /// <param name="optional">Whether all else is as good without it: that it cannot be written is no fault.</param>
    public Stream Begin(string name, bool readOnly = false, bool optional = false)
    {
        var content = new PendingContent(Path.Combine(TemporaryPath, name), readOnly);
        _files.Add((name, content, optional));
        return content;
    }

    /// <summary>Ends all files. They are on disk when <see cref="IDiskFlush.Rest"/> returns for <see cref="TemporaryPath"/>.</summary>
    /// <exception cref="HarvestException">One cannot be written.</exception>
    public void Complete()
    {
        foreach ((string name, PendingContent content, bool optional) in _files)
        {
            try
            {
                content.End();
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                if (!optional)
                {
                    throw FileErrors.From(exception, Path.Combine(TemporaryPath, name), "write");
                }

                PendingFile.Discard(Path.Combine(TemporaryPath, name));
            }
        }
    }

    /// <summary>
    /// Gives the folder its final name. Where there is such a folder already, its files are replaced, the one that was begun last only
    /// when the others are in place and on disk. What has its name keeps it.
    /// </summary>
    /// <param name="path">Full path. The name is the caller's to flush, once for many.</param>
    /// <exception cref="HarvestException">The file system refused it.</exception>
    public void Commit(string path)
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

            Replace(_files[i].Name, Path.Combine(path, _files[i].Name), _files[i].Optional);
        }

        DurableFolder.Flush(path);
        _committed = true;
    }

    public void Dispose()
    {
        foreach ((_, PendingContent content, _) in _files)
        {
            content.Dispose();
        }

        if (!_settled)
        {
            _settled = true;
            _ = SetAsideFolder.TryDelete(TemporaryPath);
        }
    }

    private bool TryMove(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        for (int attempt = 1; ; attempt++)
        {
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
            catch (Exception exception) when (PendingFile.WaitToPass(exception, attempt))
            {
                // It is tried again.
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                throw FileErrors.From(exception, path, "write");
            }
        }
    }

    private void Replace(string name, string target, bool optional)
    {
        if (optional && FileKinds.Of(target) is not (FileKind.Regular or FileKind.None))
        {
            return;
        }

        try
        {
            PendingFile.Replace(Path.Combine(TemporaryPath, name), target);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            if (!optional)
            {
                throw FileErrors.From(exception, target, "write");
            }
        }
    }
}
