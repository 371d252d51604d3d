using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Brings what slices name from a remote into the archive: objects and records, and on request tables into the cache and media to where their links lead.</summary>
public static class PullSlices
{
    /// <exception cref="HarvestException">A slice or the remote is unknown; the remote cannot be read, or the archive cannot be written.</exception>
    public static TransferResult Run(Repository repository, TransferRequest request, WorkContext context)
    {
        IReadOnlyList<SliceManifest> slices = TransferSlices.Slices(repository, request, context.Cancellation);
        using Remote remote = repository.OpenRemote(request.Remote, request.Transfers);

        // What is here is not brought, and has to be here at the end. What these slices need is what the repository needs.
        using IDisposable? use = request.DryRun ? null : ArchiveUse.Begin(repository, context);
        IReadOnlyList<NeededObject> needed = SliceObjects.Of(repository, slices);
        IReadOnlySet<string> here = repository.Archive.Local.Contains(needed.Select(static one => one.Sha256), context.Cancellation);
        NeededObject[] missing = [.. needed.Where(one => !here.Contains(one.Sha256))];
        IReadOnlyDictionary<string, long> there = remote.Objects.Sizes(missing.Select(static one => one.Sha256), context.Cancellation);
        IReadOnlyDictionary<string, long> packs = remote.Objects.Packed(missing.Where(one => one.Export is not null && !there.ContainsKey(one.Sha256)).Select(static one => one.Sha256), context.Cancellation);
        there = there.Concat(packs).ToDictionary(StringComparer.Ordinal);
        var items = new List<TransferredItem>(needed.Where(one => here.Contains(one.Sha256))
            .Select(one => new TransferredItem(one.What, one.Sha256, one.Export?.Bytes ?? 0, TransferOutcome.AlreadyThere)));
        items.AddRange(NotThere(remote, [.. missing.Where(one => !there.ContainsKey(one.Sha256))], context.Cancellation));
        NeededThing[] moving = [.. missing.Where(one => there.ContainsKey(one.Sha256)).Select(one => new NeededThing(one.What, one.Sha256, there[one.Sha256]))];
        if (request.DryRun)
        {
            items.AddRange(moving.Select(static one => new TransferredItem(one.What, one.Id, one.Bytes, TransferOutcome.Pending)));
        }
        else
        {
            repository.EnsureIgnored();
            new RepositoryRegistry(repository.Archive).Add(repository, [.. needed.Select(static one => one.Sha256)], context.Clock.GetUtcNow());
            var progress = new TransferProgress("Pulling", moving.Length, moving.Sum(static one => one.Bytes), context.Progress);
            items.AddRange(TransferSlices.Run(remote, moving, one => packs.ContainsKey(one.Id) ? PullPack(repository, remote, one, progress, context.Cancellation) : Pull(repository, remote, one, progress, context.Cancellation), context.Cancellation));
        }

        int records = request.DryRun ? 0 : PullRecords(repository, remote, needed, context.Cancellation);
        if (request.Tables)
        {
            items.AddRange(TransferTables.Pull(repository, remote, slices, request.DryRun, context));
            items.AddRange(TransferProgramTables.Pull(repository, remote, slices, request.DryRun, context));
        }

        if (request.Media)
        {
            items.AddRange(new TransferMedia(repository, context).Pull(
                remote, SliceMediaLists.Objects(repository, slices, request.Episodes, request.Versions.Count > 0), request.DryRun));
        }

        return new TransferResult(remote.Name, remote.Files.Name, [.. slices.Select(static slice => slice.Version)], items, records);
    }

    /// <summary>What the remote has not: removed there since nothing needed it, or never there.</summary>
    private static IEnumerable<TransferredItem> NotThere(Remote remote, IReadOnlyList<NeededObject> missing, CancellationToken cancellation)
    {
        if (missing.Count == 0)
        {
            return [];
        }

        IReadOnlyDictionary<string, RemovedObject> removed = RemoteRemovals.Of(remote.Files, cancellation);
        return missing.Select(one => new TransferredItem(one.What, one.Sha256, 0, TransferOutcome.Failed)
        {
            Error = removed.TryGetValue(one.Sha256, out RemovedObject? gone) ? TransferErrors.RemovedFromRemote(one, remote.Name, Figures.Date(gone.RemovedAt.Instant)) : TransferErrors.NotInRemote(one, remote.Name),
        });
    }

    private static TransferredItem Pull(Repository repository, Remote remote, NeededThing one, TransferProgress progress, CancellationToken cancellation)
    {
        using ObjectContent content = remote.Objects.TryOpen(one.Id, cancellation) ?? throw RemoteErrors.RemoteFileGone(remote.Files.Name, RemoteObjectStore.PathOf(one.Id));
        using PendingObject pending = repository.Archive.Local.BeginAdd();
        StreamCopy.Run(content.Stream, pending.Stream, remote.Files.Name, repository.Archive.Folder, cancellation, progress.Moved);
        if (pending.Stream.Sha256() != one.Id)
        {
            DamageMarks.TryPut(remote.Files, one.Id, cancellation);
            throw ArchiveErrors.RemoteObjectDamaged(remote.Files.Name, one.Id);
        }

        _ = pending.Commit(one.Id, cancellation);
        progress.Finished();
        return new TransferredItem(one.What, one.Id, one.Bytes, TransferOutcome.Moved);
    }

    private static TransferredItem PullPack(Repository repository, Remote remote, NeededThing one, TransferProgress progress, CancellationToken cancellation)
    {
        if (!remote.Objects.TryBringPack(one.Id, repository.Archive.Local, progress.Moved, cancellation))
        {
            throw RemoteErrors.RemoteFileGone(remote.Files.Name, RemoteObjectStore.PackPathOf(one.Id));
        }

        progress.Finished();
        return new TransferredItem(one.What, one.Id, one.Bytes, TransferOutcome.Moved);
    }

    private static int PullRecords(Repository repository, Remote remote, IReadOnlyList<NeededObject> needed, CancellationToken cancellation)
    {
        ILookup<string, RemoteFile> there = RemoteRecords.Of(remote, cancellation);
        return needed.Where(static one => one.Export is not null).Sum(one => RemoteRecords.Pull(repository, remote, one.Sha256, there, cancellation));
    }
}
