using HarvestTools.Archive;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What a look at one object of a remote found.</summary>
public enum RemoteState
{
    /// <summary>It is there, and its bytes were read or the checksum that the store keeps was compared.</summary>
    Verified,

    /// <summary>It is there with the right size; the store keeps no checksum, and the bytes were not read.</summary>
    Present,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Other bytes are there.</summary>
    Damaged,
}

/// <summary>One object of a remote.</summary>
/// <param name="What">For people: <c>export of project a</c>.</param>
/// <param name="Sha256">Its hash.</param>
/// <param name="Version">The first slice that needs it.</param>
/// <param name="Bytes">Its size there; 0 where it is missing.</param>
/// <param name="State">What was found.</param>
public sealed record RemoteObject(string What, string Sha256, string Version, long Bytes, RemoteState State)
{
    /// <summary>Whether it is a medium.</summary>
    public bool IsMedium { get; init; }

    /// <summary>When it was removed there since nothing needed it; null for what is there, and for what was never there or is lost.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>Whether it is tables that were pushed, and the hash is the part's key.</summary>
    public bool IsTables { get; init; }
}

/// <summary>What a remote has of what slices name.</summary>
/// <param name="Remote">Its name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Versions">The slices.</param>
/// <param name="Objects">What they need.</param>
/// <param name="Deep">Whether all bytes were read.</param>
public sealed record RemoteReport(string Remote, string Address, IReadOnlyList<string> Versions, IReadOnlyList<RemoteObject> Objects, bool Deep)
{
    /// <summary>How many temporary files of uploads are there, under way or killed; a push removes those older than a day.</summary>
    public int Leftovers { get; init; }

    /// <summary>How many are there with the right bytes, as far as was looked.</summary>
    public int Verified => Count(RemoteState.Verified);

    /// <summary>How many are there with the right size, unread.</summary>
    public int Present => Count(RemoteState.Present);

    /// <summary>How many are not there.</summary>
    public int Missing => Count(RemoteState.Missing);

    /// <summary>How many have other bytes.</summary>
    public int Damaged => Count(RemoteState.Damaged);

    /// <summary>How many objects are in a state.</summary>
    public int Count(RemoteState state) => Objects.Count(one => one.State == state);

    /// <summary>Whether all is there, as far as was looked.</summary>
    public bool IsWhole => Objects.All(static one => one.State is RemoteState.Verified or RemoteState.Present);

    /// <summary>What to do about what is missing or damaged; empty where nothing is.</summary>
    public Remedy Remedy => Count(RemoteState.Damaged) > 0 ? $"Run {Push(deep: true)} on a machine whose archive is whole; it replaces what is damaged and adds what is missing."
        : Count(RemoteState.Missing) > 0 ? $"Run {Push(deep: false)} on a machine that has it."
        : Remedy.None;

    // A push sends media and tables only where it is asked to.
    private RemedyAction.PushSlices Push(bool deep) => new(Deep: deep)
    {
        Media = Objects.Any(static one => one is { IsMedium: true, State: RemoteState.Missing or RemoteState.Damaged }),
        Tables = Objects.Any(static one => one is { IsTables: true, State: RemoteState.Damaged }),
    };
}

/// <summary>
/// Looks at what a remote has of what slices name, without bringing it here: by a list and by the checksums that the store keeps, or by
/// reading all of it. What is found damaged is marked there, so that the next push replaces it.
/// </summary>
public static class CheckRemote
{
    /// <param name="repository">The repository.</param>
    /// <param name="versions">Versions or ranges; empty for all slices.</param>
    /// <param name="remoteName">The remote; null for the one that is meant.</param>
    /// <param name="deep">Read every object.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <param name="media">Also the media that the slices list.</param>
    /// <exception cref="HarvestException">A slice or the remote is unknown; the remote cannot be read.</exception>
    public static RemoteReport Run(Repository repository, IReadOnlyList<string> versions, string? remoteName, bool deep, WorkContext context, bool media = false)
    {
        IReadOnlyList<SliceManifest> slices = TransferSlices.Slices(repository, new TransferRequest { Versions = versions }, context.Cancellation);
        using Remote remote = repository.OpenRemote(remoteName);
        remote.Files.RequireLayout(context.Cancellation);
        IReadOnlyList<NeededObject> needed = [.. SliceObjects.Of(repository, slices), .. media ? SliceMediaLists.Objects(repository, slices, [], versions.Count > 0, readable: true) : []];
        RemoteObject[] objects = WithRemovals(remote, Look(remote, needed, deep, context), context.Cancellation);
        if (deep)
        {
            objects = [.. objects, .. TransferTables.Look(repository, remote, slices, context.Cancellation), .. TransferProgramTables.Look(repository, remote, slices, context), .. DamagedRecords(remote, needed, context.Cancellation)];
        }

        return new RemoteReport(remote.Name, remote.Files.Name, [.. slices.Select(static slice => slice.Version)], objects, deep)
        {
            Leftovers = RemoteLeftovers.Of(remote.Files, context.Cancellation).Count,
        };
    }

    private static RemoteObject[] WithRemovals(Remote remote, RemoteObject[] objects, CancellationToken cancellation)
    {
        if (!objects.Any(static one => one.State == RemoteState.Missing))
        {
            return objects;
        }

        IReadOnlyDictionary<string, RemovedObject> removed = RemoteRemovals.Of(remote.Files, cancellation);
        return [.. objects.Select(one => one.State == RemoteState.Missing && removed.TryGetValue(one.Sha256, out RemovedObject? gone) ? one with { RemovedAt = gone.RemovedAt.Instant } : one)];
    }

    /// <summary>Records that a pull would leave out; one that is right is part of its export.</summary>
    private static IEnumerable<RemoteObject> DamagedRecords(Remote remote, IReadOnlyList<NeededObject> needed, CancellationToken cancellation)
    {
        NeededObject[] exports = [.. needed.Where(static one => one.Export is not null)];
        ILookup<string, RemoteFile> there = RemoteRecords.Of(remote, cancellation);
        var damaged = new RemoteFile[exports.Length][];
        remote.Objects.RunAtOnce(exports.Length, i => damaged[i] = [.. RemoteRecords.Damaged(remote, exports[i].Sha256, there, cancellation)], cancellation);
        return exports.Zip(damaged).SelectMany(static pair => pair.Second.Select(file =>
            new RemoteObject($"record of the {pair.First.What}", pair.First.Sha256, pair.First.Version, file.Bytes, RemoteState.Damaged)));
    }

    /// <summary>The objects' states, in their order.</summary>
    internal static RemoteObject[] Look(Remote remote, IReadOnlyList<NeededObject> needed, bool deep, WorkContext context)
    {
        IReadOnlyDictionary<string, long> sizes = remote.Objects.Sizes(needed.Select(static one => one.Sha256), context.Cancellation);
        IReadOnlyDictionary<string, long> packs = remote.Objects.Packed(needed.Where(one => one.Export is not null && !sizes.ContainsKey(one.Sha256)).Select(static one => one.Sha256), context.Cancellation);
        var progress = new TransferProgress("Reading", needed.Count, needed.Sum(one => sizes.GetValueOrDefault(one.Sha256)), deep ? context.Progress : null);
        var found = new RemoteObject[needed.Count];
        remote.Objects.RunAtOnce(
            needed.Count,
            i =>
            {
                NeededObject one = needed[i];
                RemoteState state = sizes.TryGetValue(one.Sha256, out long bytes) ? StateOf(remote, one, bytes, deep, progress, context.Cancellation)
                    : packs.TryGetValue(one.Sha256, out bytes) ? StateOfPacked(remote, one, deep, context.Cancellation)
                    : RemoteState.Missing;
                if (state == RemoteState.Damaged)
                {
                    DamageMarks.TryPut(remote.Files, one.Sha256, context.Cancellation);
                }

                progress.Finished();
                found[i] = new RemoteObject(one.What, one.Sha256, one.Version, bytes, state) { IsMedium = one.Links is not null };
            },
            context.Cancellation);
        return found;
    }

    private static RemoteState StateOf(Remote remote, NeededObject one, long bytes, bool deep, TransferProgress progress, CancellationToken cancellation)
    {
        if (one.Bytes is { } recorded && recorded != bytes)
        {
            return RemoteState.Damaged;
        }

        if (deep)
        {
            return remote.Objects.HashNow(one.Sha256, new ByteAdvance(progress.Moved), cancellation) switch
            {
                null => RemoteState.Missing,
                var actual => actual == one.Sha256 ? RemoteState.Verified : RemoteState.Damaged,
            };
        }

        if (!remote.Files.KeepsChecksums)
        {
            return RemoteState.Present;
        }

        return remote.Files.Find(RemoteObjectStore.PathOf(one.Sha256), cancellation) switch
        {
            null => RemoteState.Missing,
            { Sha256: null } => RemoteState.Present,
            { Sha256: { } actual } => actual == one.Sha256 ? RemoteState.Verified : RemoteState.Damaged,
        };
    }

    /// <summary>What a pack gives is known once it is read: a store's checksum is of the pack.</summary>
    private static RemoteState StateOfPacked(Remote remote, NeededObject one, bool deep, CancellationToken cancellation)
    {
        try
        {
            return !deep ? RemoteState.Present
                : remote.Objects.HashNow(one.Sha256, cancellation: cancellation) == one.Sha256 ? RemoteState.Verified
                : RemoteState.Damaged;
        }
        catch (HarvestException damaged) when (damaged.Fault == HarvestFault.Damaged)
        {
            return RemoteState.Damaged;
        }
    }
}
