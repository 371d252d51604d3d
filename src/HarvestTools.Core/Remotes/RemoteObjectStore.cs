using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Work;

namespace HarvestTools.Remotes;

/// <summary>
/// The objects of a remote, in the layout of a local archive: <c>sha256/ab/abcd…</c>. What is there is never changed, except where it
/// is damaged; then it is kept below <c>quarantine/</c>.
/// </summary>
/// <param name="files">The remote's files.</param>
/// <param name="spill">Full path of the folder where objects of unknown length are kept until they are whole.</param>
/// <param name="transfers">How many requests are made at once.</param>
internal sealed partial class RemoteObjectStore(IRemoteFiles files, string spill, int transfers = RemoteObjectStore.DefaultTransfers) : IObjectStore
{
    public const int DefaultTransfers = 8;

    // So many are asked for one by one, a few at a time, before a list of everything is quicker.
    private const int FewObjects = 32;

    public string Name => files.Name;

    /// <summary>Where an object is, with <c>/</c>.</summary>
    /// <exception cref="HarvestException">HashPrefixInvalid.</exception>
    public static string PathOf(string sha256) =>
        Sha256Text.IsNormal(sha256) ? $"sha256/{sha256[..2]}/{sha256}" : throw ArchiveErrors.HashPrefixInvalid(sha256);

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        var missing = sha256.ToHashSet(StringComparer.Ordinal);
        var found = Sizes(missing, cancellation).Keys.ToHashSet(StringComparer.Ordinal);
        missing.ExceptWith(found);
        found.UnionWith(Packed(missing, cancellation).Keys);
        return found;
    }

    /// <summary>The sizes of those of the objects asked for that are here as plain bytes: a few asked for one by one, many found in a list of all.</summary>
    /// <param name="sha256">Hashes in normal form.</param>
    /// <param name="cancellation">Ends the search.</param>
    public IReadOnlyDictionary<string, long> Sizes(IEnumerable<string> sha256, CancellationToken cancellation = default)
    {
        string[] wanted = [.. sha256.Distinct(StringComparer.Ordinal)];
        string[] paths = [.. wanted.Select(PathOf)];
        cancellation.ThrowIfCancellationRequested();
        if (wanted.Length > FewObjects)
        {
            var asked = wanted.ToHashSet(StringComparer.Ordinal);
            return List(cancellation: cancellation)
                .Where(stored => stored.Kind == StoredKind.Object && asked.Contains(stored.Name))
                .ToDictionary(static stored => stored.Name, static stored => stored.Bytes, StringComparer.Ordinal);
        }

        var found = new RemoteFile?[wanted.Length];
        RunAtOnce(wanted.Length, i => found[i] = files.Find(paths[i], cancellation), cancellation);
        return wanted.Zip(found).Where(static pair => pair.Second is not null)
            .ToDictionary(static pair => pair.First, static pair => pair.Second!.Bytes, StringComparer.Ordinal);
    }

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        string start = prefix.Length >= 2 ? $"sha256/{prefix[..2]}/{prefix}" : "sha256/";
        foreach (RemoteFile file in files.List(start, cancellation))
        {
            string name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
            if (!Sha256Text.IsNormal(name))
            {
                if (prefix.Length == 0)
                {
                    yield return new StoredObject(StoredKind.Foreign, file.Path["sha256/".Length..], file.Bytes, null);
                }
            }
            else if (file.Path != PathOf(name))
            {
                if (prefix.Length == 0)
                {
                    yield return new StoredObject(StoredKind.Misplaced, name, file.Bytes, null);
                }
            }
            else if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield return new StoredObject(StoredKind.Object, name, file.Bytes, null);
            }
        }
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return TryOpenPlain(sha256, cancellation) ?? TryOpenPacked(sha256, [], cancellation);
    }

    public string? LocalPath(string sha256)
    {
        _ = PathOf(sha256);
        return null;
    }

    public PendingObject BeginAdd() => new PendingRemoteObject(this, PendingFile.Create(spill, bufferBytes: 0));

    /// <summary>Adds bytes that are known.</summary>
    /// <param name="upload">The bytes.</param>
    /// <param name="doubted">Whether what is there is known to be damaged.</param>
    /// <param name="cancellation">Ends the upload.</param>
    /// <exception cref="HarvestException">UploadDamaged; the remote cannot be written.</exception>
    public AddOutcome Add(Upload upload, bool doubted = false, CancellationToken cancellation = default)
    {
        string path = PathOf(upload.Sha256);
        if (files.TryCreate(path, upload, cancellation))
        {
            return AddOutcome.Added;
        }

        if (!doubted && IsWhole(upload.Sha256, upload.Bytes, cancellation: cancellation))
        {
            return AddOutcome.AlreadyThere;
        }

        ReplaceDamaged(path, upload.Sha256, upload, cancellation);
        return AddOutcome.Replaced;
    }

    /// <summary>Puts a file in the place of a damaged one, whose bytes are kept.</summary>
    /// <param name="path">With <c>/</c>.</param>
    /// <param name="name">What the damaged bytes are called below <c>quarantine/</c>.</param>
    /// <param name="upload">The right bytes.</param>
    /// <param name="cancellation">Ends the upload.</param>
    public void ReplaceDamaged(string path, string name, Upload upload, CancellationToken cancellation)
    {
        SetAside(path, name, cancellation);
        files.Replace(path, upload, cancellation);
    }

    /// <summary>
    /// Whether the object has the bytes that its name says: by the checksum that the store keeps, else by reading it.
    /// </summary>
    /// <param name="sha256">The object.</param>
    /// <param name="bytes">The size it should have; null where that is not known.</param>
    /// <param name="read">Read it whatever the store says: a checksum is of what came in, not of what is on its disks now.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public bool IsWhole(string sha256, long? bytes, bool read = false, CancellationToken cancellation = default) =>
        files.Find(PathOf(sha256), cancellation) is { } there
        && (bytes is null || there.Bytes == bytes)
        && ((read ? null : there.Sha256) ?? this.HashNow(sha256, cancellation: cancellation)) == sha256;

    public bool Remove(string sha256, CancellationToken cancellation = default) => files.Remove(PathOf(sha256), cancellation);

    /// <summary>Keeps a damaged file's bytes under another name, so that no evidence is lost.</summary>
    private void SetAside(string path, string name, CancellationToken cancellation)
    {
        using PendingFile copy = PendingFile.Create(spill, bufferBytes: 0);
        if (files.TryOpen(path, cancellation: cancellation) is not { } content)
        {
            return;
        }

        string actual;
        using (content.Stream)
        using (var hashed = new HashingStream(copy.Stream))
        {
            StreamCopy.Run(content.Stream, hashed, Name, copy.TemporaryPath, cancellation);
            actual = hashed.Sha256();
        }

        string aside = $"{LocalObjectStore.QuarantineName}/{name}.{actual[..8]}";
        _ = files.TryCreate(aside, Upload.OfPending(copy, actual), cancellation);
    }

    /// <summary>Does numbered pieces of work, as many at once as requests are made.</summary>
    public void RunAtOnce(int count, Action<int> piece, CancellationToken cancellation)
    {
        if (count == 0)
        {
            return;
        }

        using var pool = new WorkerPool(Math.Clamp(count, 1, transfers));
        pool.Run(count, piece, cancellation);
    }

    private sealed class PendingRemoteObject(RemoteObjectStore store, PendingFile file) : PendingObject(file.Stream)
    {
        protected override string Place => file.TemporaryPath;

        protected override AddOutcome Put(string sha256, CancellationToken cancellation) => store.Add(Upload.OfPending(file, sha256), cancellation: cancellation);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
