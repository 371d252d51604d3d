using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Archive;

/// <summary>
/// The file that an export was added from, as a source of that one object, which may be the JSON in a gzip or zip. The file is anyone's, and may hold other bytes by now:
/// it counts only while it has the hash, and a Git LFS pointer only while git-lfs has the file that it names.
/// </summary>
/// <param name="sha256">The export's hash.</param>
/// <param name="path">Full path; there need be no such file.</param>
/// <param name="hashOf">Gives the hash of the file's export as it is now, null where there is no file; asked at most once.</param>
internal sealed class RecordedFile(string sha256, string path, Func<string, string?> hashOf) : IObjectSource
{
    private readonly Lazy<bool> _holds = new(() => hashOf(path) == sha256 && (LfsPointer.TryRead(path) is not { } pointer || PointedFile.InStore(path, pointer) is not null));

    public string Name => $"'{path}'";

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default) =>
        sha256.Where(Holds).ToHashSet(StringComparer.Ordinal);

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (sha256.StartsWith(prefix, StringComparison.Ordinal) && Holds(sha256))
        {
            yield return new StoredObject(StoredKind.Object, sha256, new FileInfo(path).Length, path);
        }
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!Holds(sha256))
        {
            return null;
        }

        var content = ExportContent.Of(AtomicFile.OpenRead(path, bufferBytes: 0), path);
        return new ObjectContent(content.Stream, content.Bytes ?? 0);
    }

    /// <summary>Null for a packed file, whose own bytes are not the object's.</summary>
    public string? LocalPath(string hash) => Holds(hash) && FileHash.Compute(path) == hash ? path : null;

    private bool Holds(string hash)
    {
        if (!Sha256Text.IsNormal(hash))
        {
            throw ArchiveErrors.HashPrefixInvalid(hash);
        }

        return hash == sha256 && _holds.Value;
    }
}
