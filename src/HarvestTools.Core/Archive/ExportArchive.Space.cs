using HarvestTools.Files;

namespace HarvestTools.Archive;

/// <content>Who uses the archive while unreachable objects go, and what went.</content>
public sealed partial class ExportArchive
{
    private const string UsersLock = "users";

    /// <summary>What was removed since nothing reached it.</summary>
    internal RemovalLog Removals => field ??= new RemovalLog(Folder);

    /// <summary>
    /// Held by a command from when it first relies on an object that it does not name in a slice.json yet until it does: no object is
    /// moved away meanwhile. Any number hold it at once.
    /// </summary>
    /// <exception cref="HarvestException">LockTimedOut: unreachable objects are being moved, for longer than that takes.</exception>
    internal FileLock Use(CancellationToken cancellation)
    {
        _beforeWriting?.Invoke();
        return FileLock.AcquireShared(Path.Combine(_locks, UsersLock), cancellation);
    }

    /// <summary>Has the archive for one command alone, which looks what is reachable and moves the rest; waits for those that use it.</summary>
    /// <exception cref="HarvestException">LockTimedOut: another command uses it for longer than half a minute.</exception>
    internal FileLock UseAlone(CancellationToken cancellation)
    {
        _beforeWriting?.Invoke();
        return FileLock.Acquire(Path.Combine(_locks, UsersLock), cancellation);
    }

    /// <summary>What was removed since nothing reached it, and is not here; null for what is here, was lost, or never was.</summary>
    internal RemovedObject? RemovedByRetention(string sha256) => Removals.Find(sha256) is { } gone && !_local.Holds(sha256) ? gone : null;

    /// <summary>Has other processes wait that say what their repository needs.</summary>
    internal FileLock LockRegistry() => FileLock.Acquire(Path.Combine(_locks, "repositories"));
}
