using HarvestTools.Manifests;

namespace HarvestTools.Remotes;

/// <summary>A remote opened: its files, and the objects among them.</summary>
internal sealed class Remote : IDisposable
{
    /// <param name="settings">What harvest.json says of it.</param>
    /// <param name="files">Its files. Disposed with this.</param>
    /// <param name="spill">Full path of the folder for objects on their way.</param>
    /// <param name="transfers">How many requests are made at once.</param>
    public Remote(RemoteSettings settings, IRemoteFiles files, string spill, int transfers = RemoteObjectStore.DefaultTransfers)
    {
        Settings = settings;
        Files = files;
        Objects = new RemoteObjectStore(files, spill, transfers);
    }

    /// <summary>What harvest.json says of it.</summary>
    public RemoteSettings Settings { get; }

    /// <summary>What commands call it.</summary>
    public string Name => Settings.Name;

    /// <summary>All its files.</summary>
    public IRemoteFiles Files { get; }

    /// <summary>Its objects.</summary>
    public RemoteObjectStore Objects { get; }

    public void Dispose() => Files.Dispose();
}
