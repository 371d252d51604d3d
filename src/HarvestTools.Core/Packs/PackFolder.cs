using System.Collections.Immutable;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Packs;

/// <summary>One file of a folder of packs.</summary>
/// <param name="Sha256">The object that it is named by.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Path">Full path.</param>
internal readonly record struct StoredPack(string Sha256, long Bytes, string Path);

/// <summary>
/// The packs of an archive, <c>packs/ab/abcd….pack</c>: one file an export, so that one is added, moved to a remote and removed like any
/// other object. Any number of processes may read; who writes or removes holds the lock of the packs.
/// </summary>
/// <param name="archive">Full path of the archive; it need not exist.</param>
internal sealed class PackFolder(string archive)
{
    public const string FolderName = "packs";

    public const string Suffix = ".pack";

    /// <summary>
    /// Asked for a pack that is not at its place: moves it there, or says where it can be read. The second argument is whether only a whole
    /// pack will do.
    /// </summary>
    public Func<string, bool, string?> TakeBack { get; init; } = static (_, _) => null;

    /// <summary>The folder of the packs, <c>…/packs</c>.</summary>
    public string Folder { get; } = Path.Combine(archive, FolderName);

    /// <summary>Where the pack of an object is, or would be.</summary>
    public string PathOf(string sha256) => Path.Combine(Folder, sha256[..2], sha256 + Suffix);

    /// <summary>The object that a file is the pack of, by its name and place; null for another file.</summary>
    public string? ObjectOf(string path) =>
        Path.GetFileName(path) is var name && name.EndsWith(Suffix, StringComparison.Ordinal) && name[..^Suffix.Length] is var sha256
            && Sha256Text.IsNormal(sha256) && path == PathOf(sha256) ? sha256 : null;

    /// <summary>The file of an object's pack; null where there is none.</summary>
    public string? Find(string sha256)
    {
        string path = PathOf(sha256);
        return FileKinds.Of(path) == FileKind.Regular && FileKinds.Of(Path.GetDirectoryName(path)!) == FileKind.Folder && FileKinds.Of(Folder) == FileKind.Folder ? path : null;
    }

    /// <summary>The same for who needs the object: a pack that was set aside comes back.</summary>
    public string? Locate(string sha256) => Find(sha256) ?? TakeBack(sha256, false);

    /// <summary>All packs, in no order.</summary>
    /// <exception cref="HarvestException">The folder cannot be listed.</exception>
    public IEnumerable<StoredPack> List(CancellationToken cancellation = default)
    {
        foreach (FoundName found in FileKinds.Of(Folder) == FileKind.Folder ? StoreWalk.Of(Folder, recurse: true) : [])
        {
            cancellation.ThrowIfCancellationRequested();
            if (found.Kind == FileKind.Regular && ObjectOf(found.Path) is { } sha256)
            {
                yield return new StoredPack(sha256, FileStat.TryGet(found.Path)?.Bytes ?? 0, found.Path);
            }
        }
    }

    /// <summary>Opens an object for one pass from front to back; null where it is not packed.</summary>
    /// <param name="sha256">The object.</param>
    /// <param name="loose">Where the plain bytes of an anchor are, where they are.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="HarvestException">PackDamaged, PackUnsupported, AnchorMissing; a file cannot be read.</exception>
    public PackStream? TryOpen(string sha256, Func<string, string?> loose, CancellationToken cancellation = default) =>
        Locate(sha256) is { } path ? Open(path, sha256, loose, cancellation) : null;

    /// <summary>The same of a pack wherever its file is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">The object that it is named by.</param>
    /// <param name="loose">Where the plain bytes of an anchor are, where they are.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="HarvestException">As <see cref="TryOpen"/>.</exception>
    public PackStream Open(string path, string sha256, Func<string, string?> loose, CancellationToken cancellation) => Open(path, sha256, loose, [], cancellation);

    private PackStream Open(string path, string sha256, Func<string, string?> loose, ImmutableHashSet<string> under, CancellationToken cancellation)
    {
        PackReader? pack = null;
        IPackAnchor? anchor = null;
        try
        {
            pack = PackReader.Open(path, sha256);
            anchor = pack.Layout.Anchor is { } of ? OpenAnchor(of, loose, under.Add(sha256), cancellation) ?? throw PackErrors.AnchorMissing(path, sha256, of) : null;
            var stream = new PackStream(pack, anchor, Folder);
            (pack, anchor) = (null, null);
            return stream;
        }
        finally
        {
            pack?.Dispose();
            anchor?.Dispose();
        }
    }

    /// <summary>An export as the one that others are patches against, in whatever form it is here; null where it is not.</summary>
    /// <inheritdoc cref="TryOpen"/>
    public IPackAnchor? OpenAnchor(string sha256, Func<string, string?> loose, CancellationToken cancellation = default) => OpenAnchor(sha256, loose, [], cancellation);

    /// <summary>The same for who reads a patch.</summary>
    /// <param name="sha256">The anchor.</param>
    /// <param name="loose">Where the plain bytes of an anchor are, where they are.</param>
    /// <param name="under">The patches that are read by it, none of which it may be read by in turn.</param>
    /// <param name="cancellation">Ends the opening.</param>
    /// <exception cref="HarvestException">As <see cref="TryOpen"/>.</exception>
    public IPackAnchor? OpenAnchor(string sha256, Func<string, string?> loose, ImmutableHashSet<string> under, CancellationToken cancellation)
    {
        HarvestException? damaged = null;
        bool whole = false;
        if ((Find(sha256) ?? TakeBack(sha256, true)) is { } path)
        {
            PackReader? pack = null;
            try
            {
                pack = PackReader.Open(path, sha256);
                whole = !pack.IsPatch;
                if (pack is { IsPatch: false, Layout.ByTask: true })
                {
                    PackReader anchor = pack;
                    pack = null;
                    return anchor;
                }
            }
            catch (HarvestException fault) when (fault.Fault == HarvestFault.Damaged)
            {
                // The plain bytes do as well.
                damaged = fault;
            }
            finally
            {
                pack?.Dispose();
            }
        }

        if (loose(sha256) is { } plain)
        {
            return RawAnchor.TryOpen(plain, sha256, cancellation);
        }

        // Machines that share a remote may have packed against different anchors, so that what is whole on one is a patch on another.
        return damaged is not null ? throw damaged : whole || under.Contains(sha256) || Locate(sha256) is not { } patch ? null : Unpacked(patch, sha256, loose, under, cancellation);
    }

    /// <summary>An anchor that is here as nothing but a patch itself, unpacked into a temporary file.</summary>
    private RawAnchor? Unpacked(string path, string sha256, Func<string, string?> loose, ImmutableHashSet<string> under, CancellationToken cancellation)
    {
        using PackStream packed = Open(path, sha256, loose, under, cancellation);
        FileStream plain = PackStream.TemporaryFile(Folder);
        try
        {
            StreamCopy.Run(packed, plain, path, Folder, cancellation);
            plain.Position = 0;
        }
        catch
        {
            plain.Dispose();
            throw;
        }

        return RawAnchor.TryOpen(plain, plain.SafeFileHandle, plain, path, sha256, cancellation);
    }

    /// <summary>The objects that are patches against another one.</summary>
    /// <param name="anchor">That one.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlyList<string> PatchesOf(string anchor, CancellationToken cancellation = default)
    {
        var patches = new List<string>();
        foreach (StoredPack pack in List(cancellation))
        {
            if (TryLayout(pack)?.Anchor == anchor)
            {
                patches.Add(pack.Sha256);
            }
        }

        patches.Sort(StringComparer.Ordinal);
        return patches;
    }

    /// <summary>What the end of a pack says; null where that is damaged or gone.</summary>
    public static PackLayout? TryLayout(StoredPack pack)
    {
        try
        {
            return PackReader.LayoutOf(pack.Path, pack.Sha256);
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.Damaged or HarvestFault.InvalidData or HarvestFault.NotFound or HarvestFault.FileSystem)
        {
            return null;
        }
    }

    /// <summary>Removes a pack; false where there is none.</summary>
    /// <exception cref="HarvestException">The file cannot be removed.</exception>
    public bool Remove(string sha256) => Find(sha256) is { } path && StoredFile.Remove(path);
}
