using HarvestTools.Archive;
using HarvestTools.Remotes;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Remotes;

/// <summary>
/// A remote's files with what a test needs to do behind their back. A new kind of remote brings one of these, and two classes of a
/// few lines: one derives from <see cref="RemoteFilesConformance"/>, one from <see cref="ObjectStoreConformance"/>.
/// </summary>
internal abstract class RemoteHarness : IDisposable
{
    /// <summary>An empty remote.</summary>
    public abstract IRemoteFiles Files { get; }

    /// <summary>The same remote as another process opens it.</summary>
    public abstract IRemoteFiles OpenAgain();

    /// <summary>Every file that is kept anywhere below its root, by path; not what says of the store what it is.</summary>
    public abstract IReadOnlyDictionary<string, byte[]> Everything();

    /// <summary>Puts bytes at a path, whatever is there.</summary>
    public abstract void Put(string path, byte[] bytes);

    /// <summary>Full path of a file; null where the remote is no folder of this machine.</summary>
    public virtual string? PathOf(string path) => null;

    public abstract void Dispose();
}

/// <summary>Objects in a remote.</summary>
internal sealed class RemoteStoreHarness : StoreHarness
{
    private readonly RemoteHarness _remote;
    private readonly TemporaryFolder _spill = new();
    private readonly RemoteObjectStore _store;

    public RemoteStoreHarness(RemoteHarness remote)
    {
        _remote = remote;
        _store = new RemoteObjectStore(new RetryingFiles(remote.Files, wait: static (_, _) => { }), _spill.Path);
    }

    public override IObjectStore Store => _store;

    public override void Damage(string sha256, byte[] bytes) => _remote.Put(RemoteObjectStore.PathOf(sha256), bytes);

    public override void PutForeign(string name) => _remote.Put($"sha256/{name}", "anything"u8.ToArray());

    public override int CountEverything() => _remote.Everything().Count + Directory.GetFiles(_spill.Path).Length;

    public override IEnumerable<byte[]> SetAside() =>
        _remote.Everything().Where(static file => file.Key.StartsWith("quarantine/", StringComparison.Ordinal)).Select(static file => file.Value);

    public override void Dispose()
    {
        _remote.Dispose();
        _spill.Dispose();
    }
}
