using System.Security.Cryptography;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Packs;

namespace HarvestTools.Archive;

/// <summary>
/// A folder of objects, <c>sha256/ab/abcd…</c>: plain bytes, read-only, written once, so that <c>sha256sum</c>, links and
/// copies of the folder work. Any number of processes may add at once: whoever comes second finds the same bytes.
/// </summary>
/// <param name="folder">Full path; it need not exist.</param>
/// <param name="beforeWriting">Called before anything is written, for example to keep a new store out of git.</param>
/// <param name="lockPackNames">Has other processes wait that give packs their names; null where there are none.</param>
/// <remarks>Exports may be packed instead, or as well: reading finds them in either form.</remarks>
internal sealed partial class LocalObjectStore(string folder, Action? beforeWriting = null, Func<CancellationToken, FileLock>? lockPackNames = null) : IObjectStore
{
    public const string QuarantineName = "quarantine";

    /// <summary>The folder of the objects, <c>…/sha256</c>.</summary>
    public string ObjectsFolder { get; } = Path.Combine(folder, "sha256");

    /// <summary>Where damaged objects are set aside; no object is read from there.</summary>
    public string QuarantineFolder { get; } = Path.Combine(folder, QuarantineName);

    /// <summary>Objects that nothing reached when they were looked at last, from where one that is needed after all comes back by itself.</summary>
    public UnreachableObjects Unreachable { get; } = new(folder);

    public string Name => "the archive";

    /// <summary>Where the object with that hash is, or would be.</summary>
    /// <exception cref="HarvestException">HashPrefixInvalid.</exception>
    public string PathOf(string sha256)
    {
        if (!Sha256Text.IsNormal(sha256))
        {
            throw ArchiveErrors.HashPrefixInvalid(sha256);
        }

        return Path.Combine(ObjectsFolder, sha256[..2], sha256);
    }

    public string? LocalPath(string sha256)
    {
        string path = PathOf(sha256);
        return IsHere(path) ? path : TakeBack(sha256, path);
    }

    /// <summary>Whether the object is at its place or packed; what was set aside stays there.</summary>
    public bool Has(string sha256) => IsHere(PathOf(sha256)) || Packs.Find(sha256) is not null || IsHere(PathOf(sha256));

    private bool IsHere(string path) =>
        FileKinds.Of(path) == FileKind.Regular && FileKinds.Of(Path.GetDirectoryName(path)!) == FileKind.Folder && FileKinds.Of(ObjectsFolder) == FileKind.Folder;

    /// <summary>Refuses a store whose folders are links: what is written there would be written into another archive.</summary>
    /// <param name="path">Where an object is to be.</param>
    /// <param name="action">A verb as in "cannot <c>write</c> …".</param>
    /// <exception cref="HarvestException">NotAStoredFile.</exception>
    public void RequireFolders(string path, string action)
    {
        FileKinds.RequireStoredFolder(ObjectsFolder, action);
        FileKinds.RequireStoredFolder(Path.GetDirectoryName(path)!, action);
    }

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string hash in sha256)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Holds(hash))
            {
                found.Add(hash);
            }
        }

        return found;
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default) => MovedFile.Open(
        () =>
        {
            cancellation.ThrowIfCancellationRequested();
            if (LocalPath(sha256) is { } path)
            {
                return ContentOf(path);
            }

            // Something else in its place is named: an object that is merely absent would be looked for elsewhere.
            RequireFolders(PathOf(sha256), "read");
            FileKinds.RequireStored(PathOf(sha256), "read");
            return TryOpenPacked(sha256, cancellation);
        },
        IsMoved);

    private static ObjectContent ContentOf(string path)
    {
        // Whoever reads a whole object reads large pieces: a buffer in between would only copy them once more.
        FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        return new ObjectContent(file, file.Length);
    }

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        bool all = prefix.Length < 2;
        string root = all ? ObjectsFolder : Path.Combine(ObjectsFolder, prefix[..2]);
        if (prefix.Length == 0 && FileKinds.Of(ObjectsFolder) is not (FileKind.Folder or FileKind.None))
        {
            yield return new StoredObject(StoredKind.Special, Path.GetFileName(ObjectsFolder), 0, ObjectsFolder);
        }

        // What is below a folder in an object's place is no business of the store's: the folder is named.
        foreach (FoundName found in FileKinds.Of(ObjectsFolder) == FileKind.Folder ? StoreWalk.Of(root, recurse: all, path => !IsPlaceOfObject(path)) : [])
        {
            cancellation.ThrowIfCancellationRequested();
            StoredKind? kind = KindOf(found);
            if (kind is { } one && (prefix.Length == 0 || (kind == StoredKind.Object && found.Name.StartsWith(prefix, StringComparison.Ordinal))))
            {
                yield return new StoredObject(
                    one,
                    one is StoredKind.Foreign or StoredKind.Special ? Path.GetRelativePath(ObjectsFolder, found.Path) : found.Name,
                    found.Kind == FileKind.Regular ? LengthOf(found.Path) : 0,
                    found.Path);
            }
        }

        foreach (StoredPack pack in Packs.List(cancellation))
        {
            if (pack.Sha256.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new StoredObject(StoredKind.Object, pack.Sha256, pack.Bytes, pack.Path) { Packed = true };
            }
        }
    }

    /// <summary>Null for what a list has nothing to say of: folders, and temporary files.</summary>
    private StoredKind? KindOf(FoundName found) => found.Kind switch
    {
        FileKind.None => null,
        FileKind.Regular when PendingFile.IsOwn(found.Name) => null,
        FileKind.Regular when !Sha256Text.IsNormal(found.Name) => StoredKind.Foreign,
        FileKind.Regular => IsPlaceOfObject(found.Path) ? StoredKind.Object : StoredKind.Misplaced,
        _ when IsPlaceOfObject(found.Path) => StoredKind.Obstacle,
        FileKind.Folder => null,
        _ => StoredKind.Special,
    };

    private bool IsPlaceOfObject(string path) => Path.GetFileName(path) is var name && Sha256Text.IsNormal(name) && path == PathOf(name);

    /// <summary>0 for a file that was removed meanwhile.</summary>
    private static long LengthOf(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "list");
        }
    }

    public PendingObject BeginAdd() => Begin(plain: false);

    /// <summary>Begins an object that becomes plain bytes also where it is packed.</summary>
    public PendingLocalObject BeginPlain() => Begin(plain: true);

    private PendingLocalObject Begin(bool plain)
    {
        beforeWriting?.Invoke();
        FileKinds.RequireStoredFolder(ObjectsFolder, "write");
        return new PendingLocalObject(this, PendingFile.Create(ObjectsFolder, bufferBytes: 0), plain);
    }

    public bool Remove(string sha256, CancellationToken cancellation = default)
    {
        string path = PathOf(sha256);
        cancellation.ThrowIfCancellationRequested();
        RequireFolders(path, "remove");
        FileKinds.RequireStored(path, "remove");
        bool removed = RemovePacked(sha256, cancellation);
        removed |= File.Exists(path) && StoredFile.Remove(path);

        // What is to go must not come back from where unreachable objects wait.
        for (string? aside = Unreachable.Find(sha256) ?? Unreachable.FindPack(sha256); aside is not null; aside = Unreachable.Find(sha256) ?? Unreachable.FindPack(sha256))
        {
            removed |= StoredFile.Remove(aside);
        }

        return removed;
    }

    /// <summary>
    /// Moves what is not what its name says out of the way, a folder with all that is in it, a link without what it leads to;
    /// returns where it went.
    /// </summary>
    public string Quarantine(string path)
    {
        FileKinds.RequireStoredFolder(QuarantineFolder, "move to");
        DurableFolder.Ensure(QuarantineFolder);

        // Damage may happen twice to one object; no evidence is overwritten.
        string target = Path.Combine(QuarantineFolder, $"{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        try
        {
            if (Directory.Exists(path))
            {
                // Also of a link to a folder: the link itself is renamed.
                FileFaults.Before(FileCall.Move, target);
                Directory.Move(path, target);
            }
            else
            {
                PendingFile.Replace(path, target);
            }

            DurableFolder.Flush(QuarantineFolder);
            return target;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "move to quarantine");
        }
    }
}
