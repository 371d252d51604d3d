using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>
/// The files that git-lfs keeps for a checkout, as a source of objects: it names them by their SHA-256 too. The store is git-lfs's own:
/// nothing is written there, and a file that does not have the hash of its name counts as absent, for another source to be asked.
/// </summary>
/// <param name="folder">Full path of a folder in the checkout; it need not be in one.</param>
internal sealed class GitLfsStore(string folder) : IObjectSource
{
    public string Name => "git-lfs's store";

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (string hash in sha256)
        {
            cancellation.ThrowIfCancellationRequested();
            if (PathOf(hash) is not null)
            {
                found.Add(hash);
            }
        }

        return found;
    }

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (string objects in GitLfsFolder.Of(folder).Distinct(StringComparer.Ordinal).Select(static storage => Path.Combine(storage, "objects")))
        {
            // The store is laid out by the first two pairs of digits.
            string root = prefix.Length >= 4 ? Path.Combine(objects, prefix[..2], prefix[2..4]) : prefix.Length >= 2 ? Path.Combine(objects, prefix[..2]) : objects;
            foreach (FoundName found in StoreWalk.Of(root, recurse: true))
            {
                cancellation.ThrowIfCancellationRequested();
                string name = found.Name;
                if (found.Kind == FileKind.Regular
                    && Sha256Text.IsNormal(name)
                    && name.StartsWith(prefix, StringComparison.Ordinal)
                    && found.Path == Path.Combine(objects, name[..2], name[2..4], name)
                    && given.Add(name))
                {
                    yield return new StoredObject(StoredKind.Object, name, new FileInfo(found.Path) is { Exists: true } file ? file.Length : 0, found.Path);
                }
            }
        }
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
    {
        if (PathOf(sha256) is not { } path)
        {
            return null;
        }

        try
        {
            if (FileHash.Compute(path, cancellation: cancellation) != sha256)
            {
                return null;
            }

            FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
            return new ObjectContent(file, file.Length);
        }
        catch (HarvestException gone) when (FileErrors.IsGone(gone))
        {
            // git lfs prune was faster.
            return null;
        }
    }

    /// <summary>The file where it has the hash: nobody who reads it by its path verifies it.</summary>
    /// <inheritdoc/>
    public string? LocalPath(string sha256)
    {
        using ObjectContent? content = TryOpen(sha256);
        return content is null ? null : PathOf(sha256);
    }

    private string? PathOf(string sha256) =>
        Sha256Text.IsNormal(sha256) ? GitLfsFolder.Find(folder, sha256) : throw ArchiveErrors.HashPrefixInvalid(sha256);
}
