using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Remotes;
using HarvestTools.Repositories;

namespace HarvestTools.Workflows;

/// <summary>Something that a push sends.</summary>
/// <param name="Object">What it is.</param>
/// <param name="Path">Its file, when it was looked up.</param>
/// <param name="Bytes">That file's size.</param>
/// <param name="Doubtful">Whether what is there may be damaged.</param>
internal sealed record PushedObject(NeededObject Object, string Path, long Bytes, bool Doubtful) : NeededThing(Object.What, Object.Sha256, Bytes)
{
    /// <summary>Whether its pack is sent.</summary>
    public bool Packed { get; init; }

    /// <summary>Whether it is an export of the archive, which others may pack meanwhile.</summary>
    public bool Archived { get; init; }

    /// <summary>Of a pack, what it is a patch against; null for a whole one.</summary>
    public string? Anchor { get; set; }

    /// <summary>Why it cannot be sent; null where nothing is known against it.</summary>
    public HarvestException? Fault { get; set; }
}

/// <summary>
/// The packs that a push sends, and what they are patches against. A patch is there only after its anchor: a push that is killed leaves none
/// that cannot be read, which the next one would take for an export that is there.
/// </summary>
internal static class PushedPacks
{
    /// <summary>What packed exports of this machine are patches against: sent with them, or relied on where it is there.</summary>
    /// <param name="local">The archive.</param>
    /// <param name="needed">What slices need.</param>
    public static IReadOnlySet<string> AnchorsOf(LocalObjectStore local, IEnumerable<NeededObject> needed)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (NeededObject one in needed.Where(one => one.Export is not null && local.LocalPath(one.Sha256) is null))
        {
            for (string? of = AnchorOf(local, one.Sha256); of is not null && anchors.Add(of); of = AnchorOf(local, of))
            {
                // What it is a patch against may be a patch itself, where machines packed differently.
            }
        }

        return anchors;
    }

    /// <summary>What is to be sent, with the anchors that are not there, in stages: each is sent after the one before.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="needed">What slices need.</param>
    /// <param name="moving">What is to be sent; receives the anchors.</param>
    /// <param name="items">What is there already.</param>
    /// <param name="cancellation">Ends the look.</param>
    public static IReadOnlyList<IReadOnlyList<PushedObject>> InOrder(
        Repository repository, Remote remote, IReadOnlyList<NeededObject> needed, List<PushedObject> moving, IReadOnlyList<TransferredItem> items, CancellationToken cancellation)
    {
        LocalObjectStore local = repository.Archive.Local;
        var sent = moving.DistinctBy(static one => one.Id).ToDictionary(static one => one.Id, StringComparer.Ordinal);

        // Also of those that are there: a push may have been killed between a patch and its anchor.
        HashSet<string> there = [.. items.Where(static item => item.Outcome == TransferOutcome.AlreadyThere).Select(static item => item.Sha256)];
        Queue<(PushedObject? Patch, NeededObject Of)> patches = new(
        [
            .. moving.Where(static one => one.Packed).Select(static one => ((PushedObject?)one, one.Object)),
            .. needed.Where(one => one.Export is not null && there.Contains(one.Sha256) && local.LocalPath(one.Sha256) is null).Select(static one => ((PushedObject?)null, one)),
        ]);
        HashSet<string> known = [.. remote.Objects.Contains(AnchorsOf(local, needed), cancellation)];
        while (patches.TryDequeue(out (PushedObject? Patch, NeededObject Of) next))
        {
            string? anchor = AnchorOf(local, next.Of.Sha256, out HarvestException? damaged);
            if (next.Patch is { } patch)
            {
                (patch.Anchor, patch.Fault) = (anchor, damaged);
            }

            if (anchor is null || sent.ContainsKey(anchor) || !known.Add(anchor))
            {
                continue;
            }

            PushedObject added = Anchor(local, anchor, next.Of);
            sent.Add(anchor, added);
            moving.Insert(0, added);
            if (added.Packed)
            {
                patches.Enqueue((added, added.Object));
            }
        }

        return Stages(moving, sent);
    }

    /// <summary>Has those fail whose anchor could not be sent.</summary>
    /// <param name="stage">What is sent next.</param>
    /// <param name="items">What was sent.</param>
    public static void RequireAnchors(IReadOnlyList<PushedObject> stage, IEnumerable<TransferredItem> items)
    {
        if (stage.All(static one => one.Anchor is null))
        {
            return;
        }

        var failed = items.Where(static item => item.Error is not null).DistinctBy(static item => item.Sha256).ToDictionary(static item => item.Sha256, static item => item.Error, StringComparer.Ordinal);
        foreach (PushedObject one in stage)
        {
            one.Fault ??= one.Anchor is { } anchor ? failed.GetValueOrDefault(anchor) : null;
        }
    }

    /// <summary>Sends a pack. One that was unpacked meanwhile, or packed against another export, is sent as plain bytes.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="one">The object.</param>
    /// <param name="sent">Receives how many bytes were read.</param>
    /// <param name="cancellation">Ends the upload.</param>
    public static AddOutcome Push(Repository repository, Remote remote, PushedObject one, Action<int> sent, CancellationToken cancellation)
    {
        LocalObjectStore local = repository.Archive.Local;
        using (FileStream? pack = local.TryOpenPackFile(one.Id))
        {
            if (pack is not null && PackReader.LayoutOf(pack.SafeFileHandle, pack.Name, one.Id).Anchor == one.Anchor)
            {
                // Its own hash says nothing of what it gives: damaged here, it would be damaged there.
                RequireWhole(local, one.Id, cancellation);
                if (one.Doubtful && one.Anchor is { } anchor)
                {
                    FreeAnchor(repository, remote, one.Id, anchor, cancellation);
                }

                using var bytes = new HandleStream(pack.SafeFileHandle, pack.Name);
                string sha256 = StreamHash.Compute(bytes, pack.Name, null, cancellation);
                return remote.Objects.AddPack(one.Id, Upload.OfOpen(pack, sha256, sent), one.Doubtful, cancellation);
            }
        }

        using var archived = ArchivedUpload.Of(local, one.Id, repository.SpillFolder, sent, cancellation);
        return remote.Objects.Add(archived.Upload, cancellation: cancellation);
    }

    /// <summary>
    /// What takes the place of a damaged whole pack may be a patch against one that the remote has as a patch against that pack, as another
    /// machine sent it: neither could be read then. So the remote has plain bytes of that one first.
    /// </summary>
    private static void FreeAnchor(Repository repository, Remote remote, string sha256, string anchor, CancellationToken cancellation)
    {
        if (!remote.Objects.IsReadableWithout(anchor, [sha256], cancellation))
        {
            using var plain = ArchivedUpload.Of(repository.Archive.Local, anchor, repository.SpillFolder, sent: null, cancellation);
            _ = remote.Objects.Add(plain.Upload, cancellation: cancellation);
        }
    }

    private static void RequireWhole(LocalObjectStore local, string sha256, CancellationToken cancellation)
    {
        if (local.PackedHashNow(sha256, cancellation: cancellation) is { } actual && actual != sha256)
        {
            throw ArchiveErrors.ObjectDamaged(local.Packs.PathOf(sha256), sha256, actual);
        }
    }

    /// <summary>Whole ones first, then patches against these, and so on.</summary>
    private static List<IReadOnlyList<PushedObject>> Stages(IReadOnlyList<PushedObject> moving, Dictionary<string, PushedObject> sent)
    {
        var stages = new List<IReadOnlyList<PushedObject>>();
        var left = new List<PushedObject>(moving);
        var waiting = new HashSet<string>(sent.Keys, StringComparer.Ordinal);
        while (left.Count > 0)
        {
            List<PushedObject> next = left.FindAll(one => one.Anchor is null || !waiting.Contains(one.Anchor));

            // Each a patch against the other: nobody can read them, and each says so when it is sent.
            next = next.Count == 0 ? [.. left] : next;
            stages.Add(next);
            waiting.ExceptWith(next.Select(static one => one.Id));
            left.RemoveAll(one => next.Exists(taken => ReferenceEquals(taken, one)));
        }

        return stages;
    }

    private static PushedObject Anchor(LocalObjectStore local, string sha256, NeededObject patch)
    {
        NeededObject anchor = patch with { Sha256 = sha256, What = patch.What.StartsWith("anchor", StringComparison.Ordinal) ? patch.What : $"anchor of the {patch.What}", Export = null };
        string? pack = local.Packs.Locate(sha256);
        string? path = pack ?? local.LocalPath(sha256) ?? local.Packs.Locate(sha256);
        return new PushedObject(anchor, path ?? local.PathOf(sha256), path is null ? 0 : FileStat.TryGet(path)?.Bytes ?? 0, Doubtful: false)
        {
            Packed = pack is not null,
            Archived = true,
            Fault = path is null ? ArchiveErrors.ObjectNotFound(sha256) : null,
        };
    }

    private static string? AnchorOf(LocalObjectStore local, string sha256) => AnchorOf(local, sha256, out _);

    private static string? AnchorOf(LocalObjectStore local, string sha256, out HarvestException? damaged)
    {
        try
        {
            damaged = null;
            return local.TryPackLayout(sha256)?.Anchor;
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
        {
            // Whoever has to send it says so.
            damaged = fault;
            return null;
        }
    }
}
