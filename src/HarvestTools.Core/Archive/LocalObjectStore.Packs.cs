using System.Collections.Immutable;
using HarvestTools.Files;
using HarvestTools.Packs;

namespace HarvestTools.Archive;

/// <summary>Objects that are packed.</summary>
internal sealed partial class LocalObjectStore
{
    /// <summary>The packs of the archive.</summary>
    public PackFolder Packs => field ??= new PackFolder(folder) { TakeBack = TakeBackPack };

    /// <summary>Whether an object is here, as plain bytes, which are taken back where they were set aside, or packed.</summary>
    /// <exception cref="HarvestException">HashPrefixInvalid.</exception>
    public bool Holds(string sha256) => LocalPath(sha256) is not null || Packs.Locate(sha256) is not null || LocalPath(sha256) is not null;

    /// <summary>Makes plain bytes of an object that is packed alone, which stays packed too; null where it is not here.</summary>
    /// <exception cref="HarvestException">ObjectDamaged, PackDamaged; the archive cannot be written.</exception>
    public string? TryUnpack(string sha256, CancellationToken cancellation = default) => MovedFile.Open(
        () =>
        {
            if (LocalPath(sha256) is { } path)
            {
                return path;
            }

            using PackStream? packed = Packs.TryOpen(sha256, LocalPath, cancellation);
            if (packed is null)
            {
                return LocalPath(sha256);
            }

            // Hashed on its way, so that a pack that gives other bytes is found.
            using PendingLocalObject pending = BeginPlain();
            StreamCopy.Run(packed, pending.Stream, Packs.PathOf(sha256), ObjectsFolder, cancellation);
            string actual = pending.Stream.Sha256();
            return actual != sha256 ? throw ArchiveErrors.ObjectDamaged(Packs.PathOf(sha256), sha256, actual) : Committed(pending, sha256, cancellation);
        },
        IsMoved);

    /// <summary>Opens the file of an object's pack, one that was set aside after it came back; null where it is not packed.</summary>
    /// <exception cref="HarvestException">The file cannot be read.</exception>
    public FileStream? TryOpenPackFile(string sha256) => MovedFile.Open(() => Packs.Locate(sha256) is { } path ? AtomicFile.OpenRead(path, bufferBytes: 0) : null);

    /// <summary>What the end of an object's pack says; null where it is not packed.</summary>
    /// <exception cref="HarvestException">PackDamaged, PackUnsupported; the file cannot be read.</exception>
    public PackLayout? TryPackLayout(string sha256) => MovedFile.Open(() => Packs.Locate(sha256) is { } path ? PackReader.LayoutOf(path, sha256) : null);

    /// <summary>Whether an error may be one of a pack, an anchor or plain bytes that another process moved between two looks.</summary>
    private static bool IsMoved(HarvestException fault) => FileErrors.IsGone(fault) || fault.ErrorId == nameof(PackErrors.AnchorMissing);

    /// <summary>The hash that a packed object's bytes have now, whatever there is of it besides; null where it is not packed.</summary>
    public string? PackedHashNow(string sha256, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using PackStream? packed = MovedFile.Open(() => Packs.TryOpen(sha256, LocalPath, cancellation), IsMoved);
        return packed is null ? null : StreamHash.Compute(packed, Packs.PathOf(sha256), progress, cancellation);
    }

    /// <summary>Begins a pack that comes from elsewhere.</summary>
    public void PrepareToWrite() => beforeWriting?.Invoke();

    /// <summary>
    /// Gives a pack its name. A transfer may bring an export as a patch against one that <c>pack</c> is just making a patch against it: each would
    /// be read by the other alone, and neither could be. So that is looked at under a lock, and nothing is named where it is so.
    /// </summary>
    /// <param name="sha256">The export.</param>
    /// <param name="pack">Its pack, which gives its bytes.</param>
    /// <param name="anchor">What it is a patch against; null where it is whole.</param>
    /// <param name="cancellation">Heeded until the pack has its name.</param>
    /// <returns>False where what it is against cannot be read without it; the pack can then be named later.</returns>
    /// <exception cref="HarvestException">The archive cannot be written.</exception>
    public bool TryName(string sha256, PendingFile pack, string? anchor, CancellationToken cancellation)
    {
        string path = Packs.PathOf(sha256);
        FileKinds.RequireStoredFolder(Path.GetDirectoryName(path)!, "write");
        DurableFolder.Ensure(Path.GetDirectoryName(path)!);
        using FileLock? names = lockPackNames?.Invoke(cancellation);
        if (anchor is not null && !IsReadableWithout(anchor, [sha256]))
        {
            return false;
        }

        pack.Commit(path, readOnly: true, cancellation);
        return true;
    }

    /// <summary>Removes an object's plain bytes, after its pack was read and compared.</summary>
    /// <returns>False where others became patches against them meanwhile, without which the pack cannot be read.</returns>
    /// <exception cref="HarvestException">The file cannot be removed.</exception>
    public bool TryRemovePlain(string sha256)
    {
        RequireFolders(PathOf(sha256), "remove");
        FileKinds.RequireStored(PathOf(sha256), "remove");
        using FileLock? names = lockPackNames?.Invoke(CancellationToken.None);
        if (LayoutOf(sha256) is not { } layout || (layout.Anchor is { } anchor && !IsReadableWithout(anchor, [sha256])))
        {
            return false;
        }

        _ = File.Exists(PathOf(sha256)) && StoredFile.Remove(PathOf(sha256));
        return true;
    }

    /// <summary>Whether an export is here in a form that some others are not needed for: as plain bytes, or by packs that end at a whole one.</summary>
    private bool IsReadableWithout(string sha256, ImmutableHashSet<string> others) => !others.Contains(sha256) && (
        IsHere(PathOf(sha256)) || Unreachable.Find(sha256) is not null
        || (LayoutOf(sha256) is { } layout && (layout.Anchor is not { } anchor || IsReadableWithout(anchor, others.Add(sha256)))));

    /// <summary>
    /// What the end of an object's pack says, wherever that is: nothing is moved under the lock of the names. Null where there is none, or it
    /// is damaged.
    /// </summary>
    /// <exception cref="HarvestException">The file cannot be read: whether it is a patch is not known.</exception>
    private PackLayout? LayoutOf(string sha256)
    {
        try
        {
            return (Packs.Find(sha256) ?? Unreachable.FindPack(sha256)) is { } path ? PackReader.LayoutOf(path, sha256) : null;
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.Damaged or HarvestFault.InvalidData or HarvestFault.NotFound || FileErrors.IsGone(fault))
        {
            return null;
        }
    }

    private string? Committed(PendingObject pending, string sha256, CancellationToken cancellation)
    {
        _ = pending.Commit(sha256, cancellation);
        return LocalPath(sha256);
    }

    /// <summary>An object that is not here as plain bytes; an unpacking that ended meanwhile has put those there.</summary>
    private ObjectContent? TryOpenPacked(string sha256, CancellationToken cancellation)
    {
        if (Packs.TryOpen(sha256, LocalPath, cancellation) is { } packed)
        {
            return new ObjectContent(packed, packed.Length);
        }

        return LocalPath(sha256) is { } path ? ContentOf(path) : null;
    }

    /// <summary>Removes the pack of an object, after those that are patches against it have bytes of their own.</summary>
    private bool RemovePacked(string sha256, CancellationToken cancellation)
    {
        bool isAnchor = (Packs.Find(sha256) ?? Unreachable.FindPack(sha256)) is { } path
            && PackFolder.TryLayout(new StoredPack(sha256, 0, path)) is not { Anchor: not null };
        foreach (string patch in isAnchor || LocalPath(sha256) is not null ? PatchesOf(sha256, cancellation) : [])
        {
            if (TryUnpack(patch, cancellation) is not null)
            {
                _ = Packs.Remove(patch);
            }
        }

        return Packs.Remove(sha256);
    }

    /// <summary>Which of some objects others are patches against, those that nothing reaches included.</summary>
    public IReadOnlySet<string> AnchorsOf(IEnumerable<string> objects, CancellationToken cancellation = default)
    {
        HashSet<string> anchors = new(StringComparer.Ordinal);
        foreach (StoredPack pack in Packs.List(cancellation).Concat(Unreachable.List().Where(static one => one.Packed).Select(static one => new StoredPack(one.Sha256, one.Bytes, one.Path))))
        {
            cancellation.ThrowIfCancellationRequested();
            anchors.Add(PackFolder.TryLayout(pack)?.Anchor ?? "");
        }

        anchors.IntersectWith(objects);
        return anchors;
    }

    /// <summary>Those that are patches against an object, the ones that nothing reaches included: they may be needed again.</summary>
    private IEnumerable<string> PatchesOf(string anchor, CancellationToken cancellation) => Packs.PatchesOf(anchor, cancellation)
        .Concat(Unreachable.List()
            .Where(one => one.Packed && PackFolder.TryLayout(new StoredPack(one.Sha256, one.Bytes, one.Path))?.Anchor == anchor)
            .Select(static one => one.Sha256)
            .ToList());
}
