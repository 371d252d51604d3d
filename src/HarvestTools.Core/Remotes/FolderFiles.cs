using System.Globalization;
using HarvestTools.Files;

namespace HarvestTools.Remotes;

/// <summary>
/// A remote that is a folder: of another disk, or a share of the network. Files are written beside their place and renamed, so that
/// nobody who looks at the same time sees half of one.
/// </summary>
/// <param name="root">Full path. The folder has to be there: a share that is not mounted looks like an empty one.</param>
internal sealed class FolderFiles(string root) : IRemoteFiles
{
    private const int BufferBytes = 1 << 20;

    public string Name => root;

    public bool KeepsChecksums => false;

    public bool HasConditions(CancellationToken cancellation = default) => true;

    public string? LocalPath(string path) => FileKinds.Of(PathOf(path)) == FileKind.Regular ? PathOf(path) : null;

    public IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default)
    {
        RequireRoot();
        int slash = prefix.LastIndexOf('/');
        string folder = slash < 0 ? root : PathOf(prefix[..slash]);
        foreach (FoundName found in StoreWalk.Of(folder, recurse: true))
        {
            cancellation.ThrowIfCancellationRequested();
            if (found.Kind != FileKind.Regular || PendingFile.IsOwn(found.Name))
            {
                continue;
            }

            string path = RelativeOf(found.Path);
            if (path.StartsWith(prefix, StringComparison.Ordinal) && Look(path, found.Path) is { } file)
            {
                yield return file;
            }
        }
    }

    public RemoteFile? Find(string path, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        string full = PathOf(path);
        if (FileKinds.Of(full) == FileKind.Regular)
        {
            return Look(path, full);
        }

        RequireRoot();
        FileKinds.RequireStored(full, "read");
        return null;
    }

    public RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default)
    {
        if (Find(path, cancellation) is null)
        {
            return null;
        }

        FileStream file = AtomicFile.OpenRead(PathOf(path), bufferBytes: 0);
        file.Position = offset;
        return new RemoteContent(file, file.Length);
    }

    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default)
    {
        // A cheap look first: most names that are taken are known to be.
        if (Find(path, cancellation) is not null)
        {
            return false;
        }

        using PendingFile pending = Filled(path, upload, cancellation);
        return pending.TryCommitNew(PathOf(path), readOnly: true);
    }

    public void Replace(string path, Upload upload, CancellationToken cancellation = default)
    {
        using PendingFile pending = Filled(path, upload, cancellation);
        pending.Commit(PathOf(path), readOnly: true, cancellation);
    }

    public bool Remove(string path, CancellationToken cancellation = default)
    {
        if (Find(path, cancellation) is null)
        {
            return false;
        }

        return StoredFile.Remove(PathOf(path));
    }

    public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default)
    {
        RequireRoot();
        foreach (string found in StaleFiles.Find(PathOf(folder), recurse: true).Where(static found => FileKinds.Of(found) == FileKind.Regular))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new RemoteLeftover(RelativeOf(found), File.GetLastWriteTimeUtc(found));
        }
    }

    public void Dispose()
    {
    }

    private PendingFile Filled(string path, Upload upload, CancellationToken cancellation)
    {
        RequireRoot();
        string folder = Path.GetDirectoryName(PathOf(path))!;
        FileKinds.RequireStoredFolder(folder, "write");
        PendingFile pending = PendingFile.Create(folder, bufferBytes: 0);
        try
        {
            using Stream bytes = upload.Open();
            var buffer = new byte[(int)Math.Clamp(upload.Bytes, 1, BufferBytes)];
            int count;
            while ((count = bytes.Read(buffer)) > 0)
            {
                cancellation.ThrowIfCancellationRequested();
                Write(pending, buffer.AsSpan(0, count));
            }

            return pending;
        }
        catch
        {
            pending.Dispose();
            throw;
        }
    }

    private static void Write(PendingFile pending, ReadOnlySpan<byte> bytes)
    {
        try
        {
            pending.FlushedStream.Write(bytes);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, pending.TemporaryPath, "write");
        }
    }

    private void RequireRoot()
    {
        if (!Directory.Exists(root))
        {
            throw RemoteErrors.RemoteNotThere(Name, "there is no such folder");
        }
    }

    private string RelativeOf(string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');

    private string PathOf(string path) => Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Null for a file that was removed meanwhile.</summary>
    private static RemoteFile? Look(string path, string full)
    {
        try
        {
            var info = new FileInfo(full);
            return new RemoteFile(path, info.Length) { Tag = info.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture) };
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, full, "list");
        }
    }
}
