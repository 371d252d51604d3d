using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Media;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Moves the media that slices list: from the folders of the media roots into the remote, where they are objects like all others, and
/// back into these folders. Nothing that is in such a folder is ever overwritten.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="context">Threads, progress, cancellation.</param>
internal sealed class TransferMedia(Repository repository, WorkContext context)
{
    private readonly MediaRoots _roots = repository.MediaRoots;

    /// <summary>
    /// A file that has the medium's size, which an upload holds against its hash; null where there is none.
    /// </summary>
    /// <param name="medium">The medium.</param>
    /// <param name="why">Why there is none.</param>
    public string? SourceOf(NeededObject medium, out HarvestException? why)
    {
        why = null;
        if (repository.Archive.Local.LocalPath(medium.Sha256) is { } archived)
        {
            return archived;
        }

        foreach (string link in medium.Links!)
        {
            MediaPlace place = _roots.Find(link);
            if (place.Exists && FileStat.TryGet(place.Path!)?.Bytes == medium.Bytes)
            {
                return place.Path;
            }

            why ??= MediaErrors.MediumNotHere(link, medium.Version, place.Path, place.Exists ? "is a file of another size now" : place.Problem!);
        }

        return null;
    }

    /// <summary>What an upload throws where the file has other bytes than the slice lists.</summary>
    public static HarvestException Differs(NeededObject medium, string path) =>
        MediaErrors.MediumNotHere(medium.Links![0], medium.Version, path, "has other bytes now");

    /// <summary>Brings media to their places.</summary>
    /// <param name="remote">The remote.</param>
    /// <param name="media">What is needed.</param>
    /// <param name="dryRun">Move nothing.</param>
    public IReadOnlyList<TransferredItem> Pull(Remote remote, IReadOnlyList<NeededObject> media, bool dryRun)
    {
        (string Link, MediaPlace Place)[][] places = [.. media.Select(one => one.Links!.Select(link => (link, _roots.Find(link))).ToArray())];
        using var hashes = new MediaHashes(
            repository, "Hashing media", [.. places.SelectMany(static all => all).Where(static one => one.Place.Exists).Select(static one => one.Place.Path!)], trusted: true, context);
        var states = new State[media.Count];
        hashes.Run(media.Count, i => states[i] = Look(media[i], places[i], hashes));
        string[] absent = [.. states.Where(static state => state.Fault is null && state.Free.Count > 0 && state.Whole is null).Select(static state => state.Medium.Sha256)];
        IReadOnlyDictionary<string, long> there = remote.Objects.Sizes(absent, context.Cancellation);
        State[] moving = [.. states.Where(static state => state.Fault is null && state.Free.Count > 0)];
        var items = new List<TransferredItem>(states.Where(static state => state.Fault is not null || state.Free.Count == 0)
            .Select(static state => Item(state.Medium, state.Fault is null ? TransferOutcome.AlreadyThere : TransferOutcome.Failed, state.Fault)));
        if (dryRun)
        {
            return [.. items, .. moving.Select(state => state.Whole is null && !there.ContainsKey(state.Medium.Sha256)
                ? Item(state.Medium, TransferOutcome.Failed, TransferErrors.NotInRemote(state.Medium, remote.Name))
                : Item(state.Medium, TransferOutcome.Pending, null))];
        }

        var progress = new TransferProgress("Pulling media", moving.Length, moving.Sum(static state => state.Medium.Bytes ?? 0), context.Progress);
        return [.. items, .. TransferSlices.Run(
            remote,
            [.. moving.Select(static state => new Move(state))],
            move =>
            {
                Place(remote, move.State, hashes, progress);
                progress.Finished();
                return Item(move.State.Medium, TransferOutcome.Moved, null);
            },
            context.Cancellation)];
    }

    private static TransferredItem Item(NeededObject medium, TransferOutcome outcome, HarvestException? error) =>
        new(medium.What, medium.Sha256, medium.Bytes ?? 0, outcome) { Error = error };

    private static State Look(NeededObject medium, (string Link, MediaPlace Place)[] places, MediaHashes hashes)
    {
        var state = new State(medium);
        foreach ((string link, MediaPlace place) in places)
        {
            if (place.Path is not { } path)
            {
                state.Fault ??= MediaErrors.MediumWithoutPlace(link, medium.Version, place.Problem!);
            }
            else if (!place.Exists)
            {
                state.Free.Add((link, path));
            }
            else if (hashes.TryGet(path)?.Sha256 == medium.Sha256)
            {
                state.Whole ??= path;
            }
            else
            {
                state.Fault ??= MediaErrors.MediumInTheWay(link, medium.Version, path);
            }
        }

        return state;
    }

    /// <summary>The first place from the remote, unless the bytes are on this machine already; all others as second names of it.</summary>
    private void Place(Remote remote, State state, MediaHashes hashes, TransferProgress progress)
    {
        string? whole = state.Whole;
        foreach ((string link, string path) in state.Free)
        {
            // Taken meanwhile, it may be by another pull, which puts the same bytes there.
            bool placed = whole is not null ? Double(remote, state.Medium, whole, path) : Bring(remote, state.Medium, path, progress);
            if (!placed && hashes.TryGet(path)?.Sha256 != state.Medium.Sha256)
            {
                throw MediaErrors.MediumInTheWay(link, state.Medium.Version, path);
            }

            whole ??= path;
            if (placed)
            {
                hashes.Written(path, state.Medium.Sha256);
            }
        }
    }

    /// <summary>A second name of a file that nobody writes to; of one that somebody may edit a copy, which does not change with it.</summary>
    private static bool Double(Remote remote, NeededObject medium, string whole, string path) => FileAccessBits.IsReadOnly(whole)
        ? FileClone.TryLinkNew(whole, path)
        : FileClone.TryCopyNew(whole, path, copy => RequireHash(remote, medium, FileHash.Compute(copy)));

    private bool Bring(Remote remote, NeededObject medium, string path, TransferProgress progress)
    {
        // Of a folder of this machine a clone costs no space, where the file system has them.
        string stored = RemoteObjectStore.PathOf(medium.Sha256);
        if (remote.Files.LocalPath(stored) is { } local)
        {
            return FileClone.TryCopyNew(local, path, copy => RequireHash(remote, medium, FileHash.Compute(copy, new ByteAdvance(progress.Moved), context.Cancellation)));
        }

        using ObjectContent content = remote.Objects.TryOpen(medium.Sha256, context.Cancellation) ?? throw TransferErrors.NotInRemote(medium, remote.Name);
        using PendingFile pending = PendingFile.Create(System.IO.Path.GetDirectoryName(path)!, bufferBytes: 0);
        using var hashed = new HashingStream(pending.Stream);
        StreamCopy.Run(content.Stream, hashed, remote.Files.Name, pending.TemporaryPath, context.Cancellation, progress.Moved);
        RequireHash(remote, medium, hashed.Sha256());
        return pending.TryCommitNew(path, readOnly: true);
    }

    private static void RequireHash(Remote remote, NeededObject medium, string actual)
    {
        if (actual != medium.Sha256)
        {
            DamageMarks.TryPut(remote.Files, medium.Sha256, CancellationToken.None);
            throw ArchiveErrors.RemoteObjectDamaged(remote.Files.Name, medium.Sha256, media: true);
        }
    }

    /// <summary>Where a medium is and is not.</summary>
    private sealed class State(NeededObject medium)
    {
        public NeededObject Medium => medium;

        /// <summary>A file that has it.</summary>
        public string? Whole { get; set; }

        /// <summary>Places where nothing is yet.</summary>
        public List<(string Link, string Path)> Free { get; } = [];

        public HarvestException? Fault { get; set; }
    }

    private sealed record Move(State State) : NeededThing(State.Medium.What, State.Medium.Sha256, State.Medium.Bytes ?? 0);
}
