using System.Globalization;
using System.Security.Cryptography;

namespace HarvestTools.Files;

/// <summary>
/// A file being written under a temporary name, <c>.tmp-&lt;process id&gt;-&lt;random&gt;-&lt;machine&gt;</c>, that gets its final
/// name only when it is complete and on disk. Disposing it without a commit deletes it; a killed process leaves the
/// temporary file and nothing under the final name.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    public const string TemporaryPrefix = ".tmp-";
    private const string LockName = ".lock";

    // Small enough that it is no large object for the collector: small files are written by the thousand.
    private const int BufferBytes = 32 * 1024;

    // A virus scanner or an indexer may hold a file for a moment on Windows; a wait of half a second in all covers it.
    private const int SharingRetries = 10;
    private const int SharingPauseMilliseconds = 50;

    private readonly FileStream _stream;
    private FlushedStream? _flushed;
    private bool _closed;
    private bool _settled;

    private PendingFile(FileStream stream)
    {
        _stream = stream;
    }

    public string TemporaryPath => _stream.Name;

    public Stream Stream => _stream;

    /// <summary>The open file, to read what was written and flushed before it gets its name.</summary>
    public Microsoft.Win32.SafeHandles.SafeFileHandle Handle => _stream.SafeFileHandle;

    /// <summary>The same for many bytes in order, which go to disk while they are written.</summary>
    public FlushedStream FlushedStream => _flushed ??= new FlushedStream(_stream);

    /// <summary>Opens a temporary file in the folder, which is made if it is missing.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="bufferBytes">0 where all is written at once or in large pieces.</param>
    public static PendingFile Create(string folder, int bufferBytes = BufferBytes)
    {
        DurableFolder.Ensure(folder);
        StaleFiles.Sweep(folder);
        string path = TemporaryName(folder);
        try
        {
            // FileShare.None holds an advisory lock on Unix too, by which a clean-up knows a file in use from a stale one.
            return new PendingFile(FileFaults.Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferBytes));
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "write");
        }
    }

    /// <summary>Whether a file's name is one that this gives: a temporary file, or the lock of a folder.</summary>
    public static bool IsOwn(string name) => IsTemporary(name) || name == LockName;

    /// <summary>Whether a file's name is that of a temporary file.</summary>
    public static bool IsTemporary(string name) => name.StartsWith(TemporaryPrefix, StringComparison.Ordinal);

    public static string TemporaryName(string folder) => Path.Combine(
        folder,
        string.Create(CultureInfo.InvariantCulture, $"{TemporaryPrefix}{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}-{StaleFiles.Machine}"));

    /// <summary>Has the system begin to put on disk what was written; the commit waits for it.</summary>
    public void BeginFlush()
    {
        try
        {
            FlushedStream.Begin();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, TemporaryPath, "write");
        }
    }

    /// <summary>Gives the file its final name, replacing what is there, read-only or not.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before the name was given; disposing leaves nothing.</exception>
    public void Commit(string path, bool readOnly = false, CancellationToken cancellation = default) => Commit(path, readOnly, durable: true, cancellation);

    /// <summary>The same without waiting for the disk, for a file that shows by itself whether it is whole and can be made again.</summary>
    public void CommitUnflushed(string path) => Commit(path, readOnly: false, durable: false, CancellationToken.None);

    /// <summary>The same as a commit, read-only, but for the folder, which is the caller's to flush, once for many.</summary>
    public void CommitName(string path, CancellationToken cancellation) => Commit(path, readOnly: true, durable: true, cancellation, flushFolder: false);

    /// <summary>Ends the file, which is on disk when <see cref="IDiskFlush.Rest"/> returns for its folder; <see cref="CommitCompleted"/> comes after that.</summary>
    public void Complete()
    {
        try
        {
            _flushed?.Settle();
            _stream.Flush();
            DiskFlush.Current.Later(_stream.SafeFileHandle, TemporaryPath);
            _closed = true;
            _stream.Dispose();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, TemporaryPath, "write");
        }
    }

    /// <summary>Gives a completed file its final name; the folder is the caller's to flush, once for many.</summary>
    public void CommitCompleted(string path) => Commit(path, readOnly: false, durable: true, CancellationToken.None, flushFolder: false);

    private void Commit(string path, bool readOnly, bool durable, CancellationToken cancellation, bool flushFolder = true)
    {
        try
        {
            Close(readOnly, durable);

            // The disk may have taken seconds, and a caller that gave up meanwhile counts on nothing being there.
            cancellation.ThrowIfCancellationRequested();
            Replace(TemporaryPath, path);
            _settled = true;
            if (durable && flushFolder)
            {
                DurableFolder.Flush(FolderOf(path));
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "write");
        }
    }

    /// <summary>
    /// Gives the file its final name unless that name is taken: of several processes that try at once exactly one
    /// gets true. After false the caller still holds the temporary file and disposes it.
    /// </summary>
    public bool TryCommitNew(string path, bool readOnly = false)
    {
        try
        {
            Close(readOnly);
            if (!TryTakeName(path))
            {
                return false;
            }

            _settled = true;
            try
            {
                DurableFolder.Flush(FolderOf(path));
            }
            catch (HarvestException)
            {
                // The caller is refused and tries again; the name would be taken then, by itself.
                Discard(path);
                throw;
            }

            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "create");
        }
    }

    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            try
            {
                using (_stream)
                {
                    _flushed?.Settle();
                }
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                // The buffered rest could not be written (a full disk); the file is thrown away, so nothing is lost.
            }
        }

        if (!_settled)
        {
            _settled = true;
            Discard(TemporaryPath);
        }
    }

    /// <summary>Renames over the target. Sharing violations on Windows are tried again for a short while.</summary>
    internal static void Replace(string source, string target)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                FileAccessBits.ClearForReplacement(target);
                FileFaults.Before(FileCall.Move, target);
                File.Move(source, target, overwrite: true);
                return;
            }
            catch (Exception exception) when (WaitToPass(exception, attempt))
            {
                // It is tried again.
            }
        }
    }

    /// <summary>Deletes a temporary file as far as the system lets it; a stale one does no harm and fsck removes it.</summary>
    internal static void Discard(string path)
    {
        try
        {
            FileAccessBits.ClearForReplacement(path);
            FileFaults.Before(FileCall.Delete, path);
            File.Delete(path);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            // Throwing here would hide the error that made the caller give up.
        }
    }

    /// <summary>Waits a moment where a fault may pass by itself; false where it does not, or was waited for long enough.</summary>
    /// <param name="exception">The fault.</param>
    /// <param name="attempt">How many times it was tried, from 1.</param>
    internal static bool WaitToPass(Exception exception, int attempt)
    {
        if (!OperatingSystem.IsWindows() || attempt >= SharingRetries || !(exception is UnauthorizedAccessException || FileErrors.IsSharingViolation(exception)))
        {
            return false;
        }

        Thread.Sleep(SharingPauseMilliseconds);
        return true;
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    private void Close(bool readOnly, bool durable = true)
    {
        if (!_closed)
        {
            _flushed?.Settle();
            _stream.Flush();
            if (durable)
            {
                DiskFlush.Current.File(_stream.SafeFileHandle, TemporaryPath);
            }

            _closed = true;
            _stream.Dispose();
        }

        SharedFolder.ShareFile(TemporaryPath);

        // Marked before the rename, so that no moment exists in which the final name is writable.
        if (readOnly)
        {
            FileAccessBits.MakeReadOnly(TemporaryPath);
        }
    }

    private bool TryTakeName(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return TryMove(path);
        }

        // link(2) is the one portable call that is atomic and fails where the name exists; rename(2) would replace.
        int error = UnixNative.HardLink(TemporaryPath, path);
        if (error == 0)
        {
            Discard(TemporaryPath);
            return true;
        }

        if (error == UnixNative.FileExists)
        {
            return false;
        }

        // A file system without hard links (exFAT, some network shares): look and rename under a lock of the folder.
        using FileLock exclusive = FileLock.Acquire(Path.Combine(FolderOf(path), LockName));
        return TryMove(path);
    }

    private bool TryMove(string path)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                if (File.Exists(path))
                {
                    return false;
                }

                FileFaults.Before(FileCall.Move, path);
                File.Move(TemporaryPath, path, overwrite: false);
                return true;
            }
            catch (IOException) when (File.Exists(path))
            {
                return false;
            }
            catch (Exception exception) when (WaitToPass(exception, attempt))
            {
                // It is tried again.
            }
        }
    }
}
