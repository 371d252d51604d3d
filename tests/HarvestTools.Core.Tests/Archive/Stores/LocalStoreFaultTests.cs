using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Tests.Files;
using Microsoft.Win32.SafeHandles;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>A disk that refuses, and what has to be on it, when objects are moved and compared.</summary>
public sealed class LocalStoreFaultTests : IDisposable
{
    private static readonly string s_hash = ArchiveFixture.Hash("one");

    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _store;

    public LocalStoreFaultTests()
    {
        _store = new LocalObjectStore(_folder["archive"]);
        _store.AddBytes("one"u8);
    }

    private string Place => _store.PathOf(s_hash);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_names_of_what_comes_back_and_of_what_is_set_aside_are_on_the_disk()
    {
        SetAside();
        var flushed = new Flushed();
        using (DiskFlush.Observe(flushed))
        {
            _store.Return(s_hash);
            Assert.True(File.Exists(Place));
        }

        Assert.Equal(Path.GetDirectoryName(Place), flushed.Folders[^1]);
        flushed.Folders.Clear();
        using (DiskFlush.Observe(flushed))
        {
            _store.Quarantine(Place);
        }

        Assert.Equal(_store.QuarantineFolder, flushed.Folders[^1]);
    }

    [Fact]
    public void One_that_the_disk_does_not_let_back_is_read_where_it_is()
    {
        string aside = SetAside();
        using (FileFaults.Use(new AtMove(static () => { })))
        {
            Assert.Equal(aside, _store.LocalPath(s_hash));
            Assert.StartsWith($"Cannot take back '{Place}'", Assert.Throws<HarvestException>(() => _store.Return(s_hash)).Message, StringComparison.Ordinal);
        }

        Assert.Equal("one", File.ReadAllText(aside));
        Assert.Equal(Place, _store.LocalPath(s_hash));
    }

    [Fact]
    public void One_that_another_process_has_brought_back_meanwhile_is_in_its_place()
    {
        SetAside();
        using (FileFaults.Use(new AtMove(() => File.WriteAllText(Place, "one"))))
        {
            Assert.Equal(Place, _store.LocalPath(s_hash));
        }
    }

    [Fact]
    public void One_that_cannot_be_compared_is_the_fault_and_stays_as_it_is()
    {
        byte[] bytes = new byte[300_000];
        (string sha256, _) = _store.AddBytes(bytes);
        string path = _store.PathOf(sha256);
        using (FileFaults.Use(new AtRead(path)))
        {
            HarvestException fault = Assert.Throws<HarvestException>(() => _store.AddBytes(bytes));
            Assert.Equal(HarvestFault.FileSystem, fault.Fault);
            Assert.StartsWith($"Cannot read '{path}'", fault.Message, StringComparison.Ordinal);
        }

        Assert.Equal(sha256, FileHash.Compute(path));
        Assert.Equal(2, _store.List().Count());
        Assert.False(Directory.Exists(_store.QuarantineFolder));
        Assert.DoesNotContain(Directory.GetFiles(_store.ObjectsFolder), static file => PendingFile.IsTemporary(Path.GetFileName(file)));
    }

    private string SetAside()
    {
        _store.Unreachable.Put(Place, new DateOnly(2026, 3, 1));
        return _store.Unreachable.Find(s_hash)!;
    }

    private sealed class Flushed : IDiskFlush
    {
        public List<string> Folders { get; } = [];

        public void File(SafeFileHandle file, string path)
        {
        }

        public void Folder(string folder) => Folders.Add(folder);
    }

    private sealed class AtMove(Action before) : IFileFaults
    {
        public void Before(FileCall call, string path)
        {
            if (call == FileCall.Move)
            {
                before();
                throw new UnauthorizedAccessException("refused");
            }
        }
    }

    private sealed class AtRead(string of) : IFileFaults
    {
        public void Before(FileCall call, string path)
        {
            if (call == FileCall.Read && path == of)
            {
                throw new IOException("the disk failed");
            }
        }
    }
}
