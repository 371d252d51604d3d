using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>
/// A store with what a test needs to do behind its back. A new implementation brings one of these, and a class of two lines
/// that derives from <see cref="ObjectStoreConformance"/>.
/// </summary>
internal abstract class StoreHarness : IDisposable
{
    /// <summary>An empty store.</summary>
    public abstract IObjectStore Store { get; }

    /// <summary>Puts other bytes where the object's are, as a failing disk would.</summary>
    public abstract void Damage(string sha256, byte[] bytes);

    /// <summary>Puts bytes under a name that no store gives.</summary>
    public abstract void PutForeign(string name);

    /// <summary>Everything that is kept anywhere in the store, objects, unfinished additions and what was set aside alike.</summary>
    public abstract int CountEverything();

    /// <summary>Bytes that were set aside.</summary>
    public abstract IEnumerable<byte[]> SetAside();

    public abstract void Dispose();
}

/// <summary>The folder of a repository's archive.</summary>
internal sealed class LocalHarness : StoreHarness
{
    private readonly HarvestTools.Tests.Files.TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;

    public LocalHarness()
    {
        _store = new LocalObjectStore(_folder["archive"]);
    }

    public override IObjectStore Store => _store;

    public override void Damage(string sha256, byte[] bytes)
    {
        string path = _store.PathOf(sha256);
        HarvestTools.Files.FileAccessBits.ClearForReplacement(path);
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    public override void PutForeign(string name) => _folder.Write($"archive/sha256/{name}", "anything");

    public override int CountEverything() => Directory.Exists(_folder["archive"])
        ? Directory.GetFiles(_folder["archive"], "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Length
        : 0;

    public override IEnumerable<byte[]> SetAside() =>
        Directory.Exists(_store.QuarantineFolder) ? Directory.GetFiles(_store.QuarantineFolder).Select(File.ReadAllBytes) : [];

    public override void Dispose() => _folder.Dispose();
}
