using HarvestTools.Files;
using HarvestTools.Remotes;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Remotes;

public sealed class FolderFilesTests() : RemoteFilesConformance(new FolderHarness())
{
    private protected override bool EndsReading => false;

    [Fact]
    public void A_folder_that_is_not_there_is_no_empty_remote()
    {
        using var folder = new TemporaryFolder();
        using var files = new FolderFiles(folder["share"]);
        Assert.Equal("RemoteNotThere", Assert.Throws<HarvestException>(() => files.Find("a")).ErrorId);
        Assert.Equal("RemoteNotThere", Assert.Throws<HarvestException>(() => files.List("").Count()).ErrorId);
        Assert.Equal("RemoteNotThere", Assert.Throws<HarvestException>(() => files.TryCreate("a", Upload.OfBytes("a", [1]))).ErrorId);
        Assert.False(Directory.Exists(folder["share"]));
    }
}

public sealed class FolderStoreTests() : ObjectStoreConformance(new RemoteStoreHarness(new FolderHarness()));

/// <summary>A remote that is a folder.</summary>
internal sealed class FolderHarness : RemoteHarness
{
    private readonly TemporaryFolder _folder = new();

    public override IRemoteFiles Files => new FolderFiles(_folder.Path);

    public override IRemoteFiles OpenAgain() => new FolderFiles(_folder.Path);

    public override IReadOnlyDictionary<string, byte[]> Everything() => Directory
        .GetFiles(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .ToDictionary(file => Path.GetRelativePath(_folder.Path, file).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllBytes, StringComparer.Ordinal);

    public override string? PathOf(string path) => _folder[path];

    public override void Put(string path, byte[] bytes)
    {
        string full = _folder[path];
        if (File.Exists(full))
        {
            FileAccessBits.ClearForReplacement(full);
            File.Delete(full);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, bytes);
    }

    public override void Dispose() => _folder.Dispose();
}
