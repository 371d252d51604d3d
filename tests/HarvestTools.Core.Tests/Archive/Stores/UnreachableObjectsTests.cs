using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>The folder of what nothing reached: one folder a day, plain bytes and packs, and what is somebody else's in it.</summary>
public sealed class UnreachableObjectsTests : IDisposable
{
    private static readonly string s_hash = ArchiveFixture.Hash("one");
    private static readonly DateOnly s_day = new(2026, 3, 1);

    private readonly TemporaryFolder _folder = new();
    private readonly UnreachableObjects _aside;

    public UnreachableObjectsTests() => _aside = new UnreachableObjects(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_nothing_went_there_is_no_folder_and_nothing_to_find()
    {
        Assert.Equal(_folder["unreachable"], _aside.Folder);
        Assert.False(_aside.Has(s_hash));
        Assert.Empty(_aside.List());
        _aside.RemoveEmptyDays();
        Assert.False(Directory.Exists(_aside.Folder));

        // A file in its place is nobody's folder.
        _folder.Write("unreachable", "x");
        Assert.False(_aside.Has(s_hash));
    }

    [Fact]
    public void An_object_goes_under_its_day_in_the_form_that_it_has()
    {
        _aside.Put(_folder.Write(s_hash, "one"), s_day);
        string plain = _folder[$"unreachable/2026-03-01/{s_hash}"];
        Assert.Equal("one", File.ReadAllText(plain));
        Assert.False(File.Exists(_folder[s_hash]));
        Assert.Equal((plain, null, true), (_aside.Find(s_hash), _aside.FindPack(s_hash), _aside.Has(s_hash)));
        Assert.Equal([new SetAsideObject(s_hash, 3, s_day, plain)], _aside.List());

        File.Delete(plain);
        _aside.Put(_folder.Write($"{s_hash}.pack", "packed"), s_day, released: true);
        string pack = _folder[$"unreachable/2026-03-01-released/{s_hash}.pack"];
        Assert.Equal((null, pack, true), (_aside.Find(s_hash), _aside.FindPack(s_hash), _aside.Has(s_hash)));
        Assert.Equal([new SetAsideObject(s_hash, 6, s_day, pack) { Packed = true, Released = true }], _aside.List());
    }

    [Fact]
    public void Of_several_days_the_last_is_the_first()
    {
        string[] paths = [Write("2026-03-01", s_hash), Write("2026-02-27", s_hash), Write("2026-03-02", s_hash), Write("2025-12-31-released", s_hash)];
        Assert.Equal(paths[2], _aside.Find(s_hash));
        Assert.Equal([paths[2], paths[0], paths[1], paths[3]], _aside.List().Select(static one => one.Path));
        Assert.Equal([false, false, false, true], _aside.List().Select(static one => one.Released));
        Assert.Equal(new DateOnly(2025, 12, 31), _aside.List().Last().Since);
    }

    [Fact]
    public void What_is_not_of_a_day_or_no_object_is_somebody_elses()
    {
        Write("2026-3-1", s_hash);
        Write("notes", s_hash);
        Write("notes/2026-03-05", s_hash);
        Write("2026-03-01-let-go", s_hash);
        Write("2026-03-01", "notes");
        Write("2026-03-01", s_hash + ".PACK");
        Write("2026-03-01", s_hash.ToUpperInvariant());
        Write("2026-03-01/below", s_hash);
        Write("", "2026-03-04");
        Directory.CreateDirectory(_folder[$"unreachable/2026-03-02/{s_hash}"]);
        Assert.Empty(_aside.List());
        Assert.Null(_aside.Find(s_hash));

        // Nor is it removed with a day that is empty.
        Directory.CreateDirectory(_folder["unreachable/2026-03-03"]);
        Directory.CreateDirectory(_folder["unreachable/mine"]);
        _aside.RemoveEmptyDays();
        Assert.Equal(
            ["2026-03-01", "2026-03-01-let-go", "2026-03-02", "2026-3-1", "mine", "notes"],
            Directory.GetDirectories(_aside.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_pack_here_is_known_by_its_name_and_its_place()
    {
        string pack = _folder[$"unreachable/2026-03-01/{s_hash}.pack"];
        Assert.Equal(s_hash, _aside.PackedObjectOf(pack));
        foreach (string other in new[]
        {
            $"unreachable/{s_hash}.pack", $"unreachable/2026-03-01/below/{s_hash}.pack", $"elsewhere/2026-03-01/{s_hash}.pack",
            $"unreachable/2026-03-01/{s_hash}", "unreachable/2026-03-01/notes.pack",
        })
        {
            Assert.Null(_aside.PackedObjectOf(_folder[other]));
        }
    }

    [Fact]
    public void One_is_removed_once_though_it_is_read_only()
    {
        string path = Write("2026-03-01", s_hash);
        FileAccessBits.MakeReadOnly(path);
        SetAsideObject one = Assert.Single(_aside.List());
        Assert.True(UnreachableObjects.Remove(one));
        Assert.False(File.Exists(path));
        Assert.False(UnreachableObjects.Remove(one));

        Directory.CreateDirectory(path);
        HarvestException refused = Assert.Throws<HarvestException>(() => UnreachableObjects.Remove(one));
        Assert.Equal("NotAStoredFile", refused.ErrorId);
        Assert.StartsWith($"Cannot remove '{path}'", refused.Message, StringComparison.Ordinal);
        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public void What_the_disk_refuses_is_named_by_what_was_asked()
    {
        string path = Write("2026-03-01", s_hash);
        SetAsideObject one = Assert.Single(_aside.List());
        Directory.CreateDirectory(_folder["unreachable/2026-03-05"]);
        using (FileFaults.Use(new Refusing()))
        {
            Assert.StartsWith($"Cannot remove '{path}'", Assert.Throws<HarvestException>(() => UnreachableObjects.Remove(one)).Message, StringComparison.Ordinal);
            string other = _folder.Write("other", "x");
            Assert.StartsWith($"Cannot set aside '{other}'", Assert.Throws<HarvestException>(() => _aside.Put(other, s_day)).Message, StringComparison.Ordinal);
            Assert.True(File.Exists(other));

            // The next run finds it again.
            _aside.RemoveEmptyDays();
        }

        Assert.True(File.Exists(path));
        Assert.True(Directory.Exists(_folder["unreachable/2026-03-05"]));
    }

    [Fact]
    public void Nothing_is_moved_to_where_a_link_leads()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        Directory.CreateDirectory(_folder["other"]);
        string path = _folder.Write(s_hash, "one");
        Directory.CreateSymbolicLink(_aside.Folder, _folder["other"]);
        Assert.StartsWith($"Cannot move to '{_aside.Folder}'", Assert.Throws<HarvestException>(() => _aside.Put(path, s_day)).Message, StringComparison.Ordinal);
        File.Delete(_aside.Folder);
        Directory.CreateDirectory(_aside.Folder);
        Directory.CreateSymbolicLink(_folder["unreachable/2026-03-01"], _folder["other"]);
        Assert.StartsWith($"Cannot move to '{_folder["unreachable/2026-03-01"]}'", Assert.Throws<HarvestException>(() => _aside.Put(path, s_day)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["other"]));
        Assert.True(File.Exists(path));
    }

    private string Write(string day, string name) => _folder.Write($"unreachable/{day}/{name}", "one");

    private sealed class Refusing : IFileFaults
    {
        public void Before(FileCall call, string path)
        {
            if (call is FileCall.Move or FileCall.Delete)
            {
                throw new UnauthorizedAccessException("refused");
            }
        }
    }
}
