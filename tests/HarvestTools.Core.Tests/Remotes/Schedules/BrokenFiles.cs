using HarvestTools.Remotes;

namespace HarvestTools.Tests.Remotes.Schedules;

/// <summary>Shows nothing of one folder: a protocol that looks there is broken by it.</summary>
internal sealed class Blind(IRemoteFiles inner, string folder) : Passing(inner)
{
    public override IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default) =>
        prefix == folder ? [] : base.List(prefix, cancellation);
}

/// <summary>Shows of leases and registry what it showed first: a protocol that looks again is broken by it.</summary>
internal sealed class Remembering(IRemoteFiles inner) : Passing(inner)
{
    private readonly Dictionary<string, IReadOnlyList<RemoteFile>> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]?> _read = new(StringComparer.Ordinal);

    public override IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default) => prefix is not (RemoteLeases.Folder or RemoteRegistry.Folder)
        ? base.List(prefix, cancellation)
        : _lists.TryGetValue(prefix, out IReadOnlyList<RemoteFile>? known) ? known : _lists[prefix] = [.. base.List(prefix, cancellation)];

    public override RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default)
    {
        if (!path.StartsWith(RemoteLeases.Folder, StringComparison.Ordinal) && !path.StartsWith(RemoteRegistry.Folder, StringComparison.Ordinal))
        {
            return base.TryOpen(path, offset, cancellation);
        }

        if (!_read.TryGetValue(path, out byte[]? bytes))
        {
            _read[path] = bytes = RemoteNote.TryRead(Inner, path, cancellation);
        }

        return bytes is null ? null : new RemoteContent(new MemoryStream(bytes), bytes.Length);
    }
}

/// <summary>A remote through which everything goes as it is.</summary>
internal abstract class Passing(IRemoteFiles inner) : IRemoteFiles
{
    protected IRemoteFiles Inner => inner;

    public string Name => inner.Name;

    public bool KeepsChecksums => inner.KeepsChecksums;

    public bool HasConditions(CancellationToken cancellation = default) => inner.HasConditions(cancellation);

    public virtual IEnumerable<RemoteFile> List(string prefix, CancellationToken cancellation = default) => inner.List(prefix, cancellation);

    public RemoteFile? Find(string path, CancellationToken cancellation = default) => inner.Find(path, cancellation);

    public virtual RemoteContent? TryOpen(string path, long offset = 0, CancellationToken cancellation = default) => inner.TryOpen(path, offset, cancellation);

    public bool TryCreate(string path, Upload upload, CancellationToken cancellation = default) => inner.TryCreate(path, upload, cancellation);

    public void Replace(string path, Upload upload, CancellationToken cancellation = default) => inner.Replace(path, upload, cancellation);

    public bool Remove(string path, CancellationToken cancellation = default) => inner.Remove(path, cancellation);

    public bool TryRemove(RemoteFile seen, CancellationToken cancellation = default) => inner.TryRemove(seen, cancellation);

    public IEnumerable<RemoteLeftover> Leftovers(string folder, CancellationToken cancellation = default) => inner.Leftovers(folder, cancellation);

    public void Dispose() => inner.Dispose();
}
