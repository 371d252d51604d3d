using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Json;
using HarvestTools.Remotes;
using HarvestTools.Strings;

namespace HarvestTools.Space;

/// <summary>Removes from a remote what nothing needed for long enough, so that no push that goes on at the same time loses anything.</summary>
/// <remarks>
/// It says first what it may remove, then looks whether it is alone, then looks at everything again; a push leases first and then looks what is
/// being removed. One of the two always sees the other. What it said holds for minutes and is said again meanwhile; near its end nothing is removed.
/// </remarks>
/// <param name="remote">The remote.</param>
/// <param name="clock">The present time.</param>
/// <param name="by">Who removes, for people.</param>
/// <param name="cancellation">Ends it between two files.</param>
internal sealed class RemoteSweeper(Remote remote, TimeProvider clock, string by, CancellationToken cancellation)
{
    private readonly Lock _gate = new();
    private RemoteSweep? _sweep;

    /// <summary>Looks, says what may go, looks again, and removes.</summary>
    /// <param name="look">Looks at the remote as it is now.</param>
    /// <param name="forgotten">Ids of repositories that are taken out of the registry.</param>
    /// <returns>The second look, and what was removed.</returns>
    /// <exception cref="HarvestException">RemoteGcRunning, RemoteGcLapsed; what a look throws.</exception>
    public (RemoteLook Look, IReadOnlySet<string> Removed) Run(Func<RemoteLook> look, IReadOnlyCollection<string> forgotten)
    {
        RequireAlone();
        RemoteLook first = look();
        _sweep = SweepOf(RemoteSweeps.NewPath(), first.Due);
        try
        {
            RemoteSweeps.Put(remote.Files, _sweep, cancellation);
            RequireAlone();
            RemoteLook last = look();
            foreach (string id in forgotten)
            {
                _ = RemoteRegistry.Forget(remote.Files, id, cancellation);
            }

            RemoteThing[] going = [.. last.Contents.Things.Values.Where(thing => last.Due.Contains(thing.Sha256) && first.Due.Contains(thing.Sha256))];
            HashSet<string> anchors = [.. last.Anchors.Where(pair => !first.Due.Contains(pair.Key) || !last.Due.Contains(pair.Key)).Select(static pair => pair.Value)];
            going = [.. going.Where(thing => !anchors.Contains(thing.Sha256))];
            DateTimeOffset now = clock.GetUtcNow();
            RemoveExpired(last.ExpiredLeases);

            // The words first: what is gone without one would count as lost.
            var at = Timestamp.From(now);
            RemoteRemovals.Add(remote.Files, [.. going.Select(thing => new RemovedObject(thing.Sha256, at, thing.What))], cancellation);
            HashSet<string> removed = Remove(going, last.Anchors);
            RemoteCandidates.Put(remote.Files, last.Candidates(now, removed), cancellation);
            return (last, removed);
        }
        finally
        {
            TryRemove(_sweep.Path);
        }
    }

    /// <summary>The hashes of which all files are gone.</summary>
    private HashSet<string> Remove(RemoteThing[] things, IReadOnlyDictionary<string, string> anchors)
    {
        // Killed in between, it leaves nothing that looks whole: what says of something that it is there goes first, a patch before its anchor.
        var kept = new HashSet<string>(StringComparer.Ordinal);
        Remove(things, static file => file.Path.StartsWith("exports/", StringComparison.Ordinal) || file.Path.EndsWith("/" + PartStore.RecordName, StringComparison.Ordinal), kept);
        for (List<RemoteThing> left = [.. things]; left.Count > 0;)
        {
            HashSet<string> against = [.. left.Select(thing => anchors.GetValueOrDefault(thing.Sha256)).OfType<string>()];
            RemoteThing[] next = [.. left.Where(thing => !against.Contains(thing.Sha256))];

            // None is free where somebody made each a patch against the other, which nobody can read.
            next = next.Length == 0 ? [.. left] : next;
            Remove(next, static _ => true, kept);
            kept.UnionWith(next.Where(thing => kept.Contains(thing.Sha256)).Select(thing => anchors.GetValueOrDefault(thing.Sha256)).OfType<string>().ToArray());
            left.RemoveAll(next.Contains);
        }

        return [.. things.Select(static thing => thing.Sha256).Where(sha256 => !kept.Contains(sha256))];
    }

    private void Remove(RemoteThing[] things, Func<RemoteFile, bool> which, HashSet<string> kept)
    {
        (RemoteThing Thing, RemoteFile File)[] files = [.. from thing in things where !kept.Contains(thing.Sha256) from file in thing.Files where which(file) select (thing, file)];
        remote.Objects.RunAtOnce(
            files.Length,
            i =>
            {
                Renew();
                if (!remote.Files.TryRemove(files[i].File, cancellation))
                {
                    lock (kept)
                    {
                        kept.Add(files[i].Thing.Sha256);
                    }
                }
            },
            cancellation);
    }

    /// <summary>Says again that a removal is under way, before others take it for dead.</summary>
    private void Renew()
    {
        lock (_gate)
        {
            DateTimeOffset expires = _sweep!.Expires.Instant;
            if (expires - clock.GetUtcNow() < RemoteTimes.SweepLeft + (RemoteTimes.Sweep / 4))
            {
                Require(expires);
                _sweep = SweepOf(_sweep.Path, _sweep.Objects);
                RemoteSweeps.Put(remote.Files, _sweep, cancellation);

                // What was written too late may have been taken for dead before.
                Require(expires);
            }

            Require(_sweep.Expires.Instant - RemoteTimes.SweepLeft);
        }
    }

    private void Require(DateTimeOffset until)
    {
        if (clock.GetUtcNow() >= until)
        {
            throw SpaceErrors.RemoteGcLapsed(remote.Files.Name);
        }
    }

    private void RequireAlone()
    {
        if (RemoteSweeps.Of(remote.Files, clock.GetUtcNow(), out IReadOnlyList<string> expired, cancellation).FirstOrDefault(other => other.Path != _sweep?.Path) is { } other)
        {
            throw SpaceErrors.RemoteGcRunning(remote.Files.Name, other.By, Figures.Time(other.Expires.Instant + RemoteTimes.Slack), other.Path);
        }

        RemoveExpired(expired);
    }

    private void RemoveExpired(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            TryRemove(path);
        }
    }

    private void TryRemove(string path)
    {
        try
        {
            _ = remote.Files.Remove(path, CancellationToken.None);
        }
        catch (HarvestException)
        {
            // It counts no more after its time.
        }
    }

    private RemoteSweep SweepOf(string path, IReadOnlySet<string> objects) => new(path, by, Timestamp.From(clock.GetUtcNow() + RemoteTimes.Sweep), objects);
}
