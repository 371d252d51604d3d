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
    public static FileLock Acquire(string path, CancellationToken cancellation = default)
    {
        DurableFolder.Ensure(Path.GetDirectoryName(Path.GetFullPath(path))!);
        FileKinds.RequireStored(path, "lock");
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                var held = new FileLock(FileFaults.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1));
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
