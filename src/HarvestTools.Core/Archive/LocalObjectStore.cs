using System.Security.Cryptography;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>
/// A folder of objects, <c>sha256/ab/abcd…</c>: plain bytes, read-only, written once, so that <c>sha256sum</c>, links and
/// copies of the folder work. Any number of processes may add at once: whoever comes second finds the same bytes.
/// </summary>
/// <param name="folder">Full path; it need not exist.</param>
/// <param name="beforeWriting">Called before anything is written, for example to keep a new store out of git.</param>
internal sealed class LocalObjectStore(string folder, Action? beforeWriting = null) : IObjectStore
{
    public const string QuarantineName = "quarantine";

    /// <summary>The folder of the objects, <c>…/sha256</c>.</summary>
    public string ObjectsFolder { get; } = Path.Combine(folder, "sha256");

    /// <summary>Where damaged objects are set aside; no object is read from there.</summary>
    public string QuarantineFolder { get; } = Path.Combine(folder, QuarantineName);

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
        return File.Exists(path) ? path : null;
    }

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string hash in sha256)
        {
            cancellation.ThrowIfCancellationRequested();
            if (LocalPath(hash) is not null)
            {
                found.Add(hash);
            }
        }

        return found;
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (LocalPath(sha256) is not { } path)
        {
            return null;
        }

        // Whoever reads a whole object reads large pieces: a buffer in between would only copy them once more.
        FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        return new ObjectContent(file, file.Length);
    }

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        bool all = prefix.Length < 2;
        string root = all ? ObjectsFolder : Path.Combine(ObjectsFolder, prefix[..2]);
        foreach (FileInfo file in Files(root, all ? "*" : $"{prefix}*", recurse: all))
        {
            cancellation.ThrowIfCancellationRequested();
            if (PendingFile.IsOwn(file.Name))
            {
                continue;
            }

            StoredKind kind = !Sha256Text.IsNormal(file.Name) ? StoredKind.Foreign
                : file.FullName == PathOf(file.Name) ? StoredKind.Object
                : StoredKind.Misplaced;
            if (prefix.Length == 0 || (kind == StoredKind.Object && file.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                yield return new StoredObject(
                    kind, kind == StoredKind.Foreign ? Path.GetRelativePath(ObjectsFolder, file.FullName) : file.Name, file.Length, file.FullName);
            }
        }
    }

    public PendingObject BeginAdd()
    {
        beforeWriting?.Invoke();
        return new PendingLocalObject(this, PendingFile.Create(ObjectsFolder));
    }

    public bool Remove(string sha256, CancellationToken cancellation = default)
    {
        string path = PathOf(sha256);
        cancellation.ThrowIfCancellationRequested();
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            FileAccessBits.ClearForReplacement(path);
            File.Delete(path);
            DurableFolder.Flush(Path.GetDirectoryName(path)!);
            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "remove");
        }
    }

    /// <summary>Moves a file that is not what its name says out of the way; returns where it went.</summary>
    public string Quarantine(string path)
    {
        DurableFolder.Ensure(QuarantineFolder);

        // Damage may happen twice to one object; no evidence is overwritten.
        string target = Path.Combine(QuarantineFolder, $"{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        try
        {
            PendingFile.Replace(path, target);
            DurableFolder.Flush(QuarantineFolder);
            return target;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "move to quarantine");
        }
    }

    /// <summary>Files of a folder in the order in which the system gives them.</summary>
    /// <exception cref="HarvestException">It cannot be listed.</exception>
    private static IEnumerable<FileInfo> Files(string folder, string pattern, bool recurse)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = recurse, AttributesToSkip = 0, IgnoreInaccessible = false };
        IEnumerator<FileInfo> files = Try(folder, () => new DirectoryInfo(folder).EnumerateFiles(pattern, options).GetEnumerator());
        using (files)
        {
            while (Try(folder, files.MoveNext))
            {
                yield return files.Current;
            }
        }
    }

    private static T Try<T>(string folder, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "list");
        }
    }
}
