using System.Diagnostics;

namespace HarvestTools.Files;

/// <summary>
/// A lock between processes: a file held open without sharing (a mandatory share mode on Windows, flock(2) elsewhere).
/// The system releases it when the process ends, however it ends; the empty file stays.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int PatienceSeconds = 30;
    private const int PauseMilliseconds = 10;

    private readonly FileStream _stream;

    private FileLock(FileStream stream)
    {
        _stream = stream;
    }

    /// <summary>Waits up to half a minute for the lock; nothing that is done under one takes that long.</summary>
    public static FileLock Acquire(string path, CancellationToken cancellation = default) =>
        Acquire(path, FileAccess.ReadWrite, FileShare.None, cancellation);

    /// <summary>The same for a lock that any number hold at once, and nobody beside one that <see cref="Acquire(string, CancellationToken)"/> gave.</summary>
    public static FileLock AcquireShared(string path, CancellationToken cancellation = default) =>
        Acquire(path, FileAccess.Read, FileShare.Read, cancellation);

    // Unix has a shared lock for a file that is opened to be read (flock with LOCK_SH), Windows a share mode; neither is one for writers.
    private static FileLock Acquire(string path, FileAccess access, FileShare share, CancellationToken cancellation)
    {
        DurableFolder.Ensure(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileKinds.RequireStored(path, "lock");
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var held = new FileLock(FileFaults.Open(path, FileMode.OpenOrCreate, access, share, 1));
                SharedFolder.ShareLock(held._stream.SafeFileHandle, path);
                return held;
            }
            catch (IOException exception) when (FileErrors.IsSharingViolation(exception))
            {
                if (Stopwatch.GetElapsedTime(started).TotalSeconds > PatienceSeconds)
                {
                    throw FileErrors.LockTimedOut(path, PatienceSeconds);
                }

                cancellation.ThrowIfCancellationRequested();
                Thread.Sleep(PauseMilliseconds);
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                throw FileErrors.From(exception, path, "lock");
            }
        }
    }

    public void Dispose() => _stream.Dispose();
}
