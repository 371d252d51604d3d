using HarvestTools.Archive;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>
/// Links in the place of objects and of their folders: nothing is read, written or removed through one, whatever it leads to.
/// </summary>
public sealed class LocalStoreLinkTests : IDisposable
{
    private static readonly string s_hash = ArchiveFixture.Hash("one");

    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _other;
    private readonly LocalObjectStore _store;

    public LocalStoreLinkTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        _store = new LocalObjectStore(_folder["archive"]);
        _other = new LocalObjectStore(_folder["other"]);
        _other.AddBytes("one"u8);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_link_to_the_right_bytes_is_no_object()
    {
        Link(_store.PathOf(s_hash), _other.PathOf(s_hash));

        AssertOutOfReach();
        StoredObject listed = Assert.Single(_store.List());
        Assert.Equal((StoredKind.Obstacle, s_hash, 0L, _store.PathOf(s_hash)), (listed.Kind, listed.Sha256, listed.Bytes, listed.Path));
        Assert.Empty(_store.List(s_hash[..2]));

        // Adding the object puts it in the link's place, which is kept.
        Assert.Equal(AddOutcome.Replaced, _store.AddBytes("one"u8).Outcome);
        Assert.Equal(s_hash, _store.HashNow(s_hash));
        Assert.Equal(_other.PathOf(s_hash), new FileInfo(Assert.Single(Directory.GetFileSystemEntries(_store.QuarantineFolder))).LinkTarget);
        Assert.Equal("one", File.ReadAllText(_other.PathOf(s_hash)));
    }

    [Fact]
    public void A_link_in_the_place_of_a_folder_of_objects_is_not_followed()
    {
        string place = Path.GetDirectoryName(_store.PathOf(s_hash))!;
        Link(place, Path.GetDirectoryName(_other.PathOf(s_hash))!);

        AssertOutOfReach();
        StoredObject listed = Assert.Single(_store.List());
        Assert.Equal((StoredKind.Special, s_hash[..2], place), (listed.Kind, listed.Name, listed.Path));
        Assert.Empty(_store.List(s_hash[..2]));
        AssertNotWritten(() => _store.AddBytes("one"u8));
        Assert.Single(_other.List());
    }

    [Fact]
    public void A_link_in_the_place_of_all_objects_is_not_followed()
    {
        Link(_store.ObjectsFolder, _other.ObjectsFolder);

        AssertOutOfReach();
        StoredObject listed = Assert.Single(_store.List());
        Assert.Equal((StoredKind.Special, "sha256", 0L, _store.ObjectsFolder), (listed.Kind, listed.Name, listed.Bytes, listed.Path));
        Assert.Empty(_store.List(s_hash[..2]));
        Assert.Empty(_store.List(s_hash[..1]));
        AssertNotWritten(() => _store.BeginAdd());
        Assert.Single(_other.List());
    }

    [Fact]
    public void Damage_is_not_moved_through_a_link()
    {
        _store.AddBytes("one"u8);
        Link(_store.QuarantineFolder, _folder["other"]);
        string refused = Assert.Throws<HarvestException>(() => _store.Quarantine(_store.PathOf(s_hash))).Message;

        Assert.Contains($"cannot move to '{_store.QuarantineFolder}'", refused, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(s_hash, _store.HashNow(s_hash));
        Assert.Empty(Directory.GetFiles(_folder["other"]));
    }

    [Fact]
    public void A_link_that_is_set_aside_is_renamed_and_what_it_leads_to_stays()
    {
        Link(_folder["archive/sha256/to-file"], _other.PathOf(s_hash));
        Link(_folder["archive/sha256/to-folder"], _other.ObjectsFolder);

        string[] moved = [_store.Quarantine(_folder["archive/sha256/to-file"]), _store.Quarantine(_folder["archive/sha256/to-folder"])];

        Assert.Equal([_other.PathOf(s_hash), _other.ObjectsFolder], moved.Select(static path => new FileInfo(path).LinkTarget));
        Assert.All(moved, path => Assert.Equal(_store.QuarantineFolder, Path.GetDirectoryName(path)));
        Assert.Equal(s_hash, _other.HashNow(s_hash));
    }

    [Fact]
    public void One_that_was_set_aside_is_read_where_it_is_while_a_link_is_in_the_place_of_its_folder()
    {
        _store.AddBytes("one"u8);
        string place = Path.GetDirectoryName(_store.PathOf(s_hash))!;
        _store.Unreachable.Put(_store.PathOf(s_hash), new DateOnly(2026, 3, 1));
        Directory.Delete(place);
        Link(place, _folder["other"]);

        Assert.Equal(_store.Unreachable.Find(s_hash), _store.LocalPath(s_hash));
        AssertNotWritten(() => _store.Return(s_hash));
        Assert.False(File.Exists(_folder[$"other/{s_hash}"]));
    }

    private static void AssertNotWritten(Action write)
    {
        HarvestException refused = Assert.Throws<HarvestException>(write);
        Assert.Equal("NotAStoredFile", refused.ErrorId);
        Assert.StartsWith("Cannot write '", refused.Message, StringComparison.Ordinal);
    }

    private static void Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Directory.Exists(target))
        {
            Directory.CreateSymbolicLink(path, target);
        }
        else
        {
            File.CreateSymbolicLink(path, target);
        }
    }

    /// <summary>Nobody reads or removes the object, and the one that the link leads to is as it was.</summary>
    private void AssertOutOfReach()
    {
        Assert.Null(_store.LocalPath(s_hash));
        Assert.False(_store.Has(s_hash));
        Assert.False(_store.Holds(s_hash));
        Assert.Empty(_store.Contains([s_hash]));
        foreach ((Action use, string action) in new (Action, string)[]
        {
            (() => _store.TryOpen(s_hash)?.Dispose(), "read"), (() => _store.Remove(s_hash), "remove"), (() => _store.TryRemovePlain(s_hash), "remove"),
        })
        {
            HarvestException refused = Assert.Throws<HarvestException>(use);
            Assert.Equal("NotAStoredFile", refused.ErrorId);
            Assert.Contains($"cannot {action} ", refused.Message, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal("one", File.ReadAllText(_other.PathOf(s_hash)));
    }
}
