using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>
/// The file that an export was added from, as a source of that one object. The file is anyone's, and may hold other bytes by now:
/// it counts only while it has the hash.
/// </summary>
/// <param name="sha256">The export's hash.</param>
/// <param name="path">Full path; there need be no such file.</param>
/// <param name="hashOf">Gives the file's hash as it is now, null where there is no file; asked at most once.</param>
internal sealed class RecordedFile(string sha256, string path, Func<string, string?> hashOf) : IObjectSource
{
    private readonly Lazy<bool> _holds = new(() => hashOf(path) == sha256);

    public string Name => $"'{path}'";

    public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default) =>
        sha256.Where(hash => LocalPath(hash) is not null).ToHashSet(StringComparer.Ordinal);

    public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (sha256.StartsWith(prefix, StringComparison.Ordinal) && LocalPath(sha256) is { } file)
        {
            yield return new StoredObject(StoredKind.Object, sha256, new FileInfo(file).Length, file);
        }
    }

    public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (LocalPath(sha256) is not { } file)
        {
            return null;
        }

        FileStream stream = AtomicFile.OpenRead(file, bufferBytes: 0);
        return new ObjectContent(stream, stream.Length);
    }

    public string? LocalPath(string hash)
    {
        if (!Sha256Text.IsNormal(hash))
        {
            throw ArchiveErrors.HashPrefixInvalid(hash);
        }

        return hash == sha256 && _holds.Value ? path : null;
    }
}
