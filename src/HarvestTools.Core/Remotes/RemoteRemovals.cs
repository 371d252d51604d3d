using HarvestTools.Archive;

namespace HarvestTools.Remotes;

/// <summary>
/// <c>gc/removed.jsonl</c>: what was removed from a remote since nothing needed it, as an archive's own log has it. What is put there again is
/// there, whatever the log says.
/// </summary>
internal static class RemoteRemovals
{
    public const string Path = "gc/removed.jsonl";

    /// <summary>All of them, by hash.</summary>
    public static IReadOnlyDictionary<string, RemovedObject> Of(IRemoteFiles files, CancellationToken cancellation) =>
        Read(files, cancellation).Objects;

    /// <summary>Adds objects before they are removed. Only who removes writes it, one at a time.</summary>
    public static void Add(IRemoteFiles files, IReadOnlyCollection<RemovedObject> objects, CancellationToken cancellation)
    {
        if (objects.Count > 0)
        {
            RemovalLines all = Read(files, cancellation);
            all.Add(objects);
            files.Replace(Path, Upload.OfBytes(Path, all.ToBytes()), cancellation);
        }
    }

    private static RemovalLines Read(IRemoteFiles files, CancellationToken cancellation) =>
        RemoteNote.TryRead(files, Path, cancellation) is { } bytes ? RemovalLines.Parse(bytes) : new RemovalLines();
}
