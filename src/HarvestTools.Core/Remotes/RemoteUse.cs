using HarvestTools.Json;

namespace HarvestTools.Remotes;

/// <summary>
/// A push, while it relies on what is in a remote: it has leased all of that, and no removal is under way that would take any of it. What
/// is there is looked at after this began, never before.
/// </summary>
internal sealed class RemoteUse : IDisposable
{
    private readonly IRemoteFiles _files;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellation;
    private readonly Lock _gate = new();
    private RemoteLease _lease;
    private ITimer? _timer;
    private bool _lapsed;
    private bool _over;

    private RemoteUse(IRemoteFiles files, TimeProvider clock, RemoteLease lease, CancellationToken cancellation)
    {
        (_files, _clock, _lease, _cancellation) = (files, clock, lease, cancellation);
    }

    /// <summary>Leases, and waits for a removal that would take something of it.</summary>
    /// <param name="files">The remote. The repository has said there what it needs.</param>
    /// <param name="clock">The present time.</param>
    /// <param name="objects">What the push relies on or sends: hashes of objects, keys of tables.</param>
    /// <param name="notice">Receives a sentence where it waits; null for nobody.</param>
    /// <param name="wait">Waits; null for the system's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HarvestException">RemoteSweepWaited, RemoteNoteUnreadable; the remote cannot be written.</exception>
    public static RemoteUse Begin(
        IRemoteFiles files, TimeProvider clock, IReadOnlyCollection<string> objects, Action<string>? notice, Action<TimeSpan, CancellationToken>? wait, CancellationToken cancellation)
    {
        var use = new RemoteUse(files, clock, LeaseOf(RemoteLeases.NewPath(), clock.GetUtcNow(), null, objects), cancellation);
        try
        {
            RemoteLeases.Put(files, use._lease, cancellation);

            // Between two objects is not often enough: one may take days to send, and so may tables to derive.
            use._timer = clock.CreateTimer(static of => ((RemoteUse)of!).TryRenew(), use, RemoteTimes.LeaseAge, RemoteTimes.LeaseAge / 4);
            WaitForSweeps(files, clock, objects, notice, wait, cancellation);
            return use;
        }
        catch
        {
            use.Dispose();
            throw;
        }
    }

    /// <summary>Waits until no removal is under way that would take one of some objects; each is bounded, and so is the wait.</summary>
    /// <inheritdoc cref="Begin" path="/param"/>
    /// <exception cref="HarvestException">RemoteSweepWaited, RemoteNoteUnreadable.</exception>
    public static void WaitForSweeps(
        IRemoteFiles files, TimeProvider clock, IReadOnlyCollection<string> objects, Action<string>? notice, Action<TimeSpan, CancellationToken>? wait, CancellationToken cancellation)
    {
        DateTimeOffset begun = clock.GetUtcNow();
        bool first = true;
        while (RemoteSweeps.Of(files, clock.GetUtcNow(), out _, cancellation).FirstOrDefault(sweep => objects.Any(sweep.Objects.Contains)) is { } under)
        {
            if (clock.GetUtcNow() - begun > RemoteTimes.MostWait)
            {
                throw RemoteErrors.RemoteSweepWaited(files.Name, under.By, under.Path);
            }

            if (first)
            {
                notice?.Invoke(RemoteText.WaitingForSweep(files.Name, under.By));
                first = false;
            }

            (wait ?? Sleep)(RemoteTimes.Look, cancellation);
        }
    }

    /// <summary>Leases again where that was long ago; called while the push goes on.</summary>
    public void Renew()
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            if (_over || now < _lease.Expires.Instant - RemoteTimes.Lease + RemoteTimes.LeaseAge)
            {
                return;
            }

            // A machine that slept over the end cannot know what went meanwhile.
            _lapsed |= now >= _lease.Expires.Instant;
            RemoteLease renewed = LeaseOf(_lease.Path, now, _lease.Begun, _lease.Objects);
            RemoteLeases.Put(_files, renewed, _cancellation);
            _lease = renewed;
        }
    }

    /// <summary>Whether the lease was over for a moment, so that what is there has to be looked at again.</summary>
    public bool HasLapsed()
    {
        lock (_gate)
        {
            return _lapsed || _clock.GetUtcNow() >= _lease.Expires.Instant;
        }
    }

    /// <summary>Takes the lease back. Where that fails it is over by itself after its time.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            // One that is under way in the timer's thread has ended, and none begins any more.
            _over = true;
        }

        try
        {
            _ = _files.Remove(_lease.Path, CancellationToken.None);
        }
        catch (HarvestException)
        {
            // Who may not delete anything there leaves it, and it keeps what is needed anyway.
        }
    }

    private void TryRenew()
    {
        try
        {
            Renew();
        }
        catch (Exception exception) when (exception is HarvestException or OperationCanceledException)
        {
            // Tried again before a day is over; the push itself meets what is wrong with the remote, and asks at its end whether it lapsed.
        }
    }

    private static RemoteLease LeaseOf(string path, DateTimeOffset now, Timestamp? begun, IReadOnlyCollection<string> objects) =>
        new(path, begun ?? Timestamp.From(now), Timestamp.From(now + RemoteTimes.Lease), objects);

    private static void Sleep(TimeSpan pause, CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(pause);
        cancellation.ThrowIfCancellationRequested();
    }
}
