using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Repositories;
using HarvestTools.Space;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Puts what slices name into a remote: exports, labeling configurations, definitions, records, and on request tables and media. What is there is
/// found by a list, so that a repeat moves what is missing and nothing else.
/// </summary>
public static class PushSlices
{

    /// <exception cref="HarvestException">A slice or the remote is unknown; the remote cannot be written.</exception>
    public static TransferResult Run(Repository repository, TransferRequest request, WorkContext context)
    {
        using IDisposable? use = request.DryRun ? null : ArchiveUse.TryBegin(repository, context);
        IReadOnlyList<SliceManifest> slices = TransferSlices.Slices(repository, request, context.Cancellation);
        using Remote remote = repository.OpenRemote(request.Remote, request.Transfers);
        IReadOnlyList<NeededObject> media = request.Media ? SliceMediaLists.Objects(repository, slices, request.Episodes, request.Versions.Count > 0) : [];
        var transfer = new TransferMedia(repository, context);
        IReadOnlyList<NeededObject> needed = [.. SliceObjects.Of(repository, slices), .. media];

        // What is set aside to be removed is not taken back by asking what it is a patch against.
        NeededObject[] here = [.. needed.Where(one => !StaysAside(repository, request, one))];

        // What is there is relied on from here on: no look at it before.
        using RemoteUse? relies = request.DryRun ? null : RemoteDeclaration.Begin(
            repository, remote, [.. needed.Select(static one => one.Sha256), .. PushedPacks.AnchorsOf(repository.Archive.Local, here)], request.Tables ? RemoteDeclaration.TablesOf(repository, slices) : s_noTables, context);
        IReadOnlyDictionary<string, long> there = remote.Objects.Sizes(needed.Select(static one => one.Sha256), context.Cancellation);
        IReadOnlyDictionary<string, long> packs = remote.Objects.Packed(needed.Where(one => one.Export is not null && !there.ContainsKey(one.Sha256)).Select(static one => one.Sha256), context.Cancellation);
        IReadOnlySet<string> marked = DamageMarks.Of(remote.Files, context.Cancellation);
        var items = new List<TransferredItem>();
        var moving = new List<PushedObject>();
        foreach (NeededObject one in needed)
        {
            if (StaysAside(repository, request, one) && IsWhole(remote, one.Sha256, context.Cancellation))
            {
                items.Add(new TransferredItem(one.What, one.Sha256, there.GetValueOrDefault(one.Sha256, packs.GetValueOrDefault(one.Sha256)), TransferOutcome.AlreadyThere));
                continue;
            }

            if (packs.TryGetValue(one.Sha256, out long stored) && !request.Deep && !marked.Contains(one.Sha256))
            {
                items.Add(new TransferredItem(one.What, one.Sha256, stored, TransferOutcome.AlreadyThere));
                continue;
            }

            if (PackOf(repository, one) is { } pack && !there.ContainsKey(one.Sha256))
            {
                moving.Add(new PushedObject(one, pack, LengthOf(pack) ?? 0, packs.ContainsKey(one.Sha256)) { Packed = true });
                continue;
            }

            long? size = there.TryGetValue(one.Sha256, out long bytes) ? bytes : null;
            HarvestException? why = null;
            string? path = one.Links is null ? PathOf(repository, one) : transfer.SourceOf(one, out why);
            long? own = path is null ? null : LengthOf(path);
            bool doubtful = size is not null && (request.Deep || marked.Contains(one.Sha256) || (own is not null && own != size));
            if (size is not null && (!doubtful || own is null))
            {
                items.Add(new TransferredItem(one.What, one.Sha256, bytes, TransferOutcome.AlreadyThere));
            }
            else if (own is null && packs.ContainsKey(one.Sha256))
            {
                items.Add(new TransferredItem(one.What, one.Sha256, stored, TransferOutcome.AlreadyThere));
            }
            else if (own is null)
            {
                items.Add(new TransferredItem(one.What, one.Sha256, 0, TransferOutcome.Failed) { Error = why ?? TransferErrors.ObjectNowhere(one, remote.Name) });
            }
            else
            {
                moving.Add(new PushedObject(one, path!, own.Value, doubtful) { Archived = one.Export is not null && path == repository.Archive.Local.PathOf(one.Sha256) });
            }
        }

        IReadOnlyList<IReadOnlyList<PushedObject>> stages = PushedPacks.InOrder(repository, remote, here, moving, items, context.Cancellation);
        if (request.DryRun)
        {
            items.AddRange(moving.Select(static one => new TransferredItem(one.What, one.Id, one.Bytes, one.Doubtful ? TransferOutcome.AlreadyThere : TransferOutcome.Pending)));
        }
        else
        {
            var progress = new TransferProgress("Pushing", moving.Count, moving.Sum(static one => one.Bytes), context.Progress);
            foreach (IReadOnlyList<PushedObject> stage in stages)
            {
                PushedPacks.RequireAnchors(stage, items);
                items.AddRange(TransferSlices.Run(remote, stage, one => Push(repository, remote, one, marked, progress, relies!, context.Cancellation), context.Cancellation));
            }
        }

        int records = request.DryRun ? 0 : PushRecords(repository, remote, needed, items, request.Deep, context.Cancellation);
        if (request.Tables)
        {
            items.AddRange(TransferTables.Push(repository, remote, slices, request, marked, context));
            items.AddRange(TransferProgramTables.Push(repository, remote, slices, request, marked, context));
        }

        if (relies?.HasLapsed() == true)
        {
            // The machine slept for longer than the lease: what was there may be gone.
            throw TransferErrors.LeaseLapsed(remote.Name);
        }

        // Looked for by who writes there anyway: a push that has nothing to do costs a list and no more. File times are the system's, so
        // the clock is too.
        bool wrote = items.Exists(static item => item.Outcome is TransferOutcome.Moved or TransferOutcome.Replaced);
        return new TransferResult(remote.Name, remote.Files.Name, [.. slices.Select(static slice => slice.Version)], items, records)
        {
            LeftoversRemoved = wrote ? RemoteLeftovers.Remove(remote.Files, DateTimeOffset.UtcNow, context.Cancellation) : 0,
        };
    }

    private static readonly Dictionary<string, IReadOnlyList<string>> s_noTables = new(StringComparer.Ordinal);

    private static TransferredItem Push(
        Repository repository, Remote remote, PushedObject one, IReadOnlySet<string> marked, TransferProgress progress, RemoteUse relies, CancellationToken cancellation)
    {
        relies.Renew();
        AddOutcome outcome = AddOutcome.AlreadyThere;
        if (one.Fault is not null)
        {
            throw one.Fault;
        }

        if (one.Packed)
        {
            if (!one.Doubtful || !IsWhole(remote, one.Id, cancellation))
            {
                outcome = PushedPacks.Push(repository, remote, one, progress.Moved, cancellation);
            }
        }
        else if (!one.Doubtful || !remote.Objects.IsWhole(one.Id, one.Bytes, read: true, cancellation))
        {
            try
            {
                using ArchivedUpload? archived = one.Archived ? ArchivedUpload.Of(repository.Archive.Local, one.Id, repository.SpillFolder, progress.Moved, cancellation) : null;
                outcome = remote.Objects.Add(archived?.Upload ?? Upload.OfFile(one.Path, one.Id, progress.Moved), one.Doubtful, cancellation);
            }
            catch (HarvestException differs) when (one.Object.Links is not null && differs.ErrorId == nameof(RemoteErrors.UploadDamaged))
            {
                throw TransferMedia.Differs(one.Object, one.Path);
            }
        }

        if (marked.Contains(one.Id))
        {
            DamageMarks.Remove(remote.Files, one.Id, cancellation);
        }

        progress.Finished();
        return new TransferredItem(one.What, one.Id, one.Bytes, outcome switch
        {
            AddOutcome.Added => TransferOutcome.Moved,
            AddOutcome.Replaced => TransferOutcome.Replaced,
            _ => TransferOutcome.AlreadyThere,
        });
    }

    /// <summary>After the objects: a record says that its export can be had.</summary>
    private static int PushRecords(
        Repository repository, Remote remote, IReadOnlyList<NeededObject> needed, IReadOnlyList<TransferredItem> items, bool deep, CancellationToken cancellation)
    {
        HashSet<string> failed = [.. items.Where(static item => item.Outcome == TransferOutcome.Failed).Select(static item => item.Sha256)];
        string[] exports = [.. needed.Where(one => one.Export is not null && !failed.Contains(one.Sha256)).Select(static one => one.Sha256)];
        ILookup<string, RemoteFile> there = RemoteRecords.Of(remote, cancellation);
        int written = 0;
        remote.Objects.RunAtOnce(
            exports.Length,
            i => Interlocked.Add(ref written, RemoteRecords.Push(repository, remote, exports[i], there, deep, cancellation)),
            cancellation);
        return written;
    }

    /// <summary>Null where the file is gone: a repair beside this may have set it aside.</summary>
    private static long? LengthOf(string path) => FileStat.TryGet(path)?.Bytes;

    /// <summary>The object's file: in the archive, else at the recorded path while that has the hash; null where it is not here.</summary>
    private static string? PathOf(Repository repository, NeededObject one) =>
        repository.Archive.Local.LocalPath(one.Sha256)
            ?? (one.Export is { } export && SliceInputs.RecordedPath(repository, export) is { } path && File.Exists(path) && FileHash.Compute(path) == one.Sha256 ? path : null);

    /// <summary>The object's pack where it is here as nothing else; null elsewhere.</summary>
    private static string? PackOf(Repository repository, NeededObject one) =>
        one.Export is not null && repository.Archive.Local.LocalPath(one.Sha256) is null ? repository.Archive.Local.Packs.Locate(one.Sha256) : null;

    private static bool StaysAside(Repository repository, TransferRequest request, NeededObject one) =>
        request is { LeavesAside: true, DryRun: false } && repository.Archive.Local is var local && !local.Has(one.Sha256) && local.Unreachable.Has(one.Sha256);

    private static bool IsWhole(Remote remote, string sha256, CancellationToken cancellation)
    {
        try
        {
            return remote.Objects.HashNow(sha256, cancellation: cancellation) == sha256;
        }
        catch (HarvestException damaged) when (damaged.Fault == HarvestFault.Damaged)
        {
            return false;
        }
    }
}
