using HarvestTools.Files;
using HarvestTools.Packs;

namespace HarvestTools.Archive;

/// <summary>Objects that come back from where unreachable ones wait.</summary>
internal sealed partial class LocalObjectStore
{
    /// <summary>Puts an object back that was set aside, as plain bytes and packed, as it is there. What is there and damaged is not.</summary>
    /// <param name="sha256">Its hash in normal form.</param>
    /// <exception cref="HarvestException">The file system refuses; the object is in one of the two places.</exception>
    public void Return(string sha256)
    {
        if (ReturnPlain(sha256) is null)
        {
            _ = ReturnPack(sha256, wholeAlone: false);
        }
    }

    /// <summary>The plain bytes; null where they are not there either, or damaged.</summary>
    private string? ReturnPlain(string sha256)
    {
        string path = PathOf(sha256);
        try
        {
            for (string? aside = IsHere(path) ? null : Unreachable.Find(sha256); aside is not null; aside = Unreachable.Find(sha256))
            {
                // It may be long since a check looked at it.
                if (FileHash.Compute(aside) != sha256)
                {
                    _ = Quarantine(aside);
                    continue;
                }

                RequireFolders(path, "write");
                MoveBack(aside, path);
                break;
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "take back");
        }

        return IsHere(path) ? path : null;
    }

    /// <summary>The same for all who only ask: on a disk that is read-only or full the object is read where it is.</summary>
    private string? TakeBack(string sha256, string path)
    {
        try
        {
            return Unreachable.Find(sha256) is null ? null : ReturnPlain(sha256);
        }
        catch (HarvestException)
        {
            // Where another process was faster it is in its place.
            return IsHere(path) ? path : Unreachable.Find(sha256);
        }
    }

    /// <summary>The pack, with the one that it is a patch against; null where either is not there, or it is damaged.</summary>
    /// <param name="sha256">The object's hash.</param>
    /// <param name="wholeAlone">Whether a patch stays: it is asked for what others are patches against, and no patch is.</param>
    private string? ReturnPack(string sha256, bool wholeAlone)
    {
        string path = Packs.PathOf(sha256);
        try
        {
            for (string? aside = Packs.Find(sha256) is null ? Unreachable.FindPack(sha256) : null; aside is not null; aside = Unreachable.FindPack(sha256))
            {
                bool? whole = wholeAlone && PackFolder.TryLayout(new StoredPack(sha256, 0, aside)) is not { Anchor: null } ? null : IsWhole(aside, sha256);
                if (whole is null)
                {
                    return Packs.Find(sha256);
                }

                if (whole is false)
                {
                    _ = Quarantine(aside);
                    continue;
                }

                FileKinds.RequireStoredFolder(Packs.Folder, "write");
                FileKinds.RequireStoredFolder(Path.GetDirectoryName(path)!, "write");

                // What it is against may have become a patch against it since it was read.
                using FileLock? names = lockPackNames?.Invoke(CancellationToken.None);
                if (LayoutOf(sha256) is { } layout && (layout.Anchor is not { } anchor || IsReadableWithout(anchor, [sha256])))
                {
                    MoveBack(aside, path);
                }

                break;
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "take back");
        }

        return Packs.Find(sha256);
    }

    /// <summary>Nothing where something else took its place meanwhile.</summary>
    private static void MoveBack(string aside, string path)
    {
        if (FileKinds.Of(path) == FileKind.None)
        {
            DurableFolder.Ensure(Path.GetDirectoryName(path)!);
            PendingFile.Replace(aside, path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Whether a pack gives the object's bytes; null where that is not its own fault: what it is a patch against is not here, or damaged.</summary>
    private bool? IsWhole(string pack, string sha256)
    {
        try
        {
            using PackStream stream = Packs.Open(pack, sha256, LocalPath, default);
            return StreamHash.Compute(stream, pack, null, default) == sha256;
        }
        catch (HarvestException fault) when (fault.ErrorId == nameof(PackErrors.PackDamaged) && fault.Subject is string of && of == sha256)
        {
            return false;
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.Damaged or HarvestFault.InvalidData)
        {
            return null;
        }
    }

    /// <summary>The same for all who only ask: on a disk that is read-only or full the pack is read where it is.</summary>
    private string? TakeBackPack(string sha256, bool wholeAlone)
    {
        try
        {
            return Unreachable.FindPack(sha256) is null ? Packs.Find(sha256) : ReturnPack(sha256, wholeAlone);
        }
        catch (HarvestException)
        {
            return Packs.Find(sha256) ?? Unreachable.FindPack(sha256);
        }
    }

    /// <summary>
    /// In the words of a sentence about its file: what is wrong with an object that was set aside; null where it is whole, or another process
    /// took it back or removed it meanwhile. Nothing is taken back for it.
    /// </summary>
    public string? WhyNotWhole(SetAsideObject one, CancellationToken cancellation)
    {
        try
        {
            string actual;
            if (one.Packed)
            {
                var there = new PackFolder(folder) { TakeBack = (sha256, _) => Unreachable.FindPack(sha256) };
                using PackStream stream = there.Open(one.Path, one.Sha256, sha256 => IsHere(PathOf(sha256)) ? PathOf(sha256) : Unreachable.Find(sha256), cancellation);
                actual = StreamHash.Compute(stream, one.Path, null, cancellation);
            }
            else
            {
                actual = FileHash.Compute(one.Path, cancellation: cancellation);
            }

            return actual == one.Sha256 ? null : $"no longer has the hash it is named by, but {actual}";
        }
        catch (HarvestException) when (FileKinds.Of(one.Path) == FileKind.None)
        {
            return null;
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.Damaged or HarvestFault.InvalidData or HarvestFault.NotFound or HarvestFault.FileSystem)
        {
            return one.Packed && fault.Fault != HarvestFault.FileSystem ? "cannot be unpacked" : "cannot be read";
        }
    }
}
