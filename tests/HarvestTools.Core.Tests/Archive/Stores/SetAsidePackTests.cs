using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Tests.Packs;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>Packs that were set aside: who needs one has it back, whole, with what it is a patch against, or reads it where it is.</summary>
public sealed class SetAsidePackTests : IDisposable
{
    private static readonly byte[] s_bytes = PackFile.Export(Enumerable.Range(1, 30), bytes: 100);
    private static readonly byte[] s_patch = PackFile.Export(Enumerable.Range(1, 31), bytes: 100);
    private static readonly string s_hash = PackFile.HashOf(s_bytes);
    private static readonly string s_patched = PackFile.HashOf(s_patch);
    private static readonly DateOnly s_day = new(2026, 3, 1);

    private readonly PackFile _packs = new();
    private readonly LocalObjectStore _store;

    public SetAsidePackTests() => _store = new LocalObjectStore(_packs.Folder.Path);

    public void Dispose() => _packs.Dispose();

    [Theory]
    [InlineData("hold")]
    [InlineData("return")]
    [InlineData("open")]
    [InlineData("file")]
    [InlineData("layout")]
    [InlineData("hash")]
    [InlineData("unpack")]
    public void Whoever_needs_the_object_has_its_pack_back(string use)
    {
        _packs.Pack(s_bytes);
        string aside = SetAside(s_hash, s_day);
        Assert.Null(_store.Packs.Find(s_hash));
        Use(use, s_hash, s_bytes);
        Assert.Equal(_store.Packs.PathOf(s_hash), _store.Packs.Find(s_hash));
        Assert.False(File.Exists(aside));
        Assert.Equal(use == "unpack", File.Exists(_store.PathOf(s_hash)));
    }

    [Theory]
    [InlineData("hold")]
    [InlineData("open")]
    [InlineData("hash")]
    public void On_a_disk_that_lets_nothing_back_it_is_read_where_it_is(string use)
    {
        _packs.Pack(s_bytes);
        string aside = SetAside(s_hash, s_day);
        using (FileFaults.Use(new AtMove(static () => { })))
        {
            Use(use, s_hash, s_bytes);
            Assert.StartsWith($"Cannot take back '{_store.Packs.PathOf(s_hash)}'", Assert.Throws<HarvestException>(() => _store.Return(s_hash)).Message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(aside));
    }

    [Fact]
    public void One_that_another_process_has_brought_back_meanwhile_is_in_its_place()
    {
        _packs.Pack(s_bytes);
        string aside = SetAside(s_hash, s_day);
        string place = _store.Packs.PathOf(s_hash);
        using (FileFaults.Use(new AtMove(() => File.Copy(aside, place))))
        {
            Assert.Equal(place, _store.Packs.TakeBack(s_hash, false));
        }
    }

    [Fact]
    public void An_anchor_that_was_set_aside_goes_once_its_patches_have_bytes_of_their_own_and_other_packs_wait_on()
    {
        byte[] waiting = PackFile.Export(Enumerable.Range(70, 30), bytes: 100);
        _packs.Pack(s_bytes);
        _packs.Pack(s_patch, s_hash);
        string other = SetAside(_packs.Pack(waiting), s_day);
        SetAside(s_hash, s_day);

        Assert.True(_store.Remove(s_hash));
        Assert.Equal(s_patch, File.ReadAllBytes(_store.PathOf(s_patched)));
        Assert.False(_store.Unreachable.Has(s_hash));
        Assert.True(File.Exists(other));
        Assert.False(File.Exists(_store.PathOf(PackFile.HashOf(waiting))));
    }

    [Fact]
    public void Where_the_plain_bytes_come_back_the_pack_stays()
    {
        _packs.Pack(s_bytes);
        _store.TryUnpack(s_hash);
        string pack = SetAside(s_hash, s_day);
        _store.Unreachable.Put(_store.PathOf(s_hash), s_day);
        _store.Return(s_hash);
        Assert.True(File.Exists(_store.PathOf(s_hash)));
        Assert.True(File.Exists(pack));
    }

    [Fact]
    public void A_patch_comes_back_with_its_anchor_and_an_anchor_alone()
    {
        _packs.Pack(s_bytes);
        _packs.Pack(s_patch, s_hash);
        SetAside(s_patched, s_day);
        SetAside(s_hash, s_day);
        _store.Return(s_hash);
        Assert.Equal((true, false), (_store.Packs.Find(s_hash) is not null, _store.Packs.Find(s_patched) is not null));

        SetAside(s_hash, s_day);
        _store.Return(s_patched);
        Assert.Equal((true, true), (_store.Packs.Find(s_hash) is not null, _store.Packs.Find(s_patched) is not null));
        Assert.Equal(s_patch, _packs.Read(s_patched));
    }

    /// <summary>What it is a patch against is lost, which is no fault of the patch: it waits for that.</summary>
    [Fact]
    public void A_patch_without_its_anchor_stays_and_is_no_damage()
    {
        _packs.Pack(s_bytes);
        _packs.Pack(s_patch, s_hash);
        string aside = SetAside(s_patched, s_day);
        byte[] anchor = File.ReadAllBytes(_store.Packs.PathOf(s_hash));
        Assert.True(_store.Packs.Remove(s_hash));
        _store.Return(s_patched);
        Assert.False(_store.Holds(s_patched));
        Assert.True(File.Exists(aside));

        // Nor is damage of the anchor.
        byte[] damaged = [.. anchor];
        damaged[PackLayout.Mark.Length + 20] ^= 4;
        Directory.CreateDirectory(Path.GetDirectoryName(_store.Packs.PathOf(s_hash))!);
        File.WriteAllBytes(_store.Packs.PathOf(s_hash), damaged);
        Assert.False(_store.Holds(s_patched));
        Assert.True(File.Exists(aside));
        Assert.False(Directory.Exists(_store.QuarantineFolder));

        File.WriteAllBytes(_store.Packs.PathOf(s_hash), anchor);
        Assert.True(_store.Holds(s_patched));
        Assert.False(File.Exists(aside));
    }

    [Fact]
    public void Of_several_days_the_last_whole_pack_comes_back_and_damage_is_kept_as_evidence()
    {
        _packs.Pack(s_bytes);
        byte[] bytes = File.ReadAllBytes(_store.Packs.PathOf(s_hash));
        SetAside(s_hash, s_day);
        byte[] damaged = [.. bytes];
        damaged[PackLayout.Mark.Length + 20] ^= 4;
        Directory.CreateDirectory(_packs.Folder["unreachable/2026-03-02"]);
        File.WriteAllBytes(_packs.Folder[$"unreachable/2026-03-02/{s_hash}.pack"], damaged);

        Assert.True(_store.Holds(s_hash));
        Assert.Equal(bytes, File.ReadAllBytes(_store.Packs.PathOf(s_hash)));
        Assert.Equal(damaged, File.ReadAllBytes(Assert.Single(Directory.GetFiles(_store.QuarantineFolder))));
        Assert.False(_store.Unreachable.Has(s_hash));
    }

    [Fact]
    public void A_pack_waits_while_something_else_is_in_its_place()
    {
        _packs.Pack(s_bytes);
        string aside = SetAside(s_hash, s_day);
        Directory.CreateDirectory(_store.Packs.PathOf(s_hash));
        _store.Return(s_hash);
        Assert.False(_store.Holds(s_hash));
        Assert.True(File.Exists(aside));
    }

    [Fact]
    public void Nothing_comes_back_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there that tests may not have");
        _packs.Pack(s_bytes);
        SetAside(s_hash, s_day);
        string place = Path.GetDirectoryName(_store.Packs.PathOf(s_hash))!;
        Directory.CreateDirectory(_packs.Folder["other"]);
        Directory.Delete(place);
        Directory.CreateSymbolicLink(place, _packs.Folder["other"]);
        Assert.StartsWith($"Cannot write '{place}'", Assert.Throws<HarvestException>(() => _store.Return(s_hash)).Message, StringComparison.Ordinal);
        Directory.Delete(_store.Packs.Folder, recursive: true);
        Directory.CreateSymbolicLink(_store.Packs.Folder, _packs.Folder["other"]);
        Assert.StartsWith($"Cannot write '{_store.Packs.Folder}'", Assert.Throws<HarvestException>(() => _store.Return(s_hash)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_packs.Folder["other"]));
    }

    [Fact]
    public void Who_asks_for_an_anchor_gets_a_whole_pack_alone()
    {
        _packs.Pack(s_bytes);
        _packs.Pack(s_patch, s_hash);
        string patch = SetAside(s_patched, s_day);
        string whole = SetAside(s_hash, s_day);
        Assert.Null(_store.Packs.TakeBack(s_patched, true));
        Assert.True(File.Exists(patch));
        Assert.Equal(_store.Packs.PathOf(s_hash), _store.Packs.TakeBack(s_hash, true));
        Assert.False(File.Exists(whole));
        Assert.Equal(_store.Packs.PathOf(s_patched), _store.Packs.TakeBack(s_patched, false));
        Assert.Null(_store.Packs.TakeBack(PackFile.HashOf([1]), false));
        Assert.Equal(_store.Packs.PathOf(s_hash), _store.Packs.TakeBack(s_hash, false));
    }

    [Fact]
    public void What_others_are_patches_against_is_known_wherever_those_are()
    {
        byte[] second = PackFile.Export(Enumerable.Range(1, 32), bytes: 100);
        byte[] alone = PackFile.Export(Enumerable.Range(40, 30), bytes: 100);
        _packs.Pack(s_bytes);
        _packs.Pack(alone);
        _packs.Pack(s_patch, s_hash);
        string[] all = [s_hash, PackFile.HashOf(alone), s_patched];
        Assert.Equal([s_hash], _store.AnchorsOf(all));
        Assert.Empty(_store.AnchorsOf([s_patched, PackFile.HashOf(alone)]));
        SetAside(s_patched, s_day);
        Assert.Equal([s_hash], _store.AnchorsOf(all));
        Assert.Throws<OperationCanceledException>(() => _store.AnchorsOf(all, new CancellationToken(canceled: true)));

        // An anchor that goes leaves them bytes of their own.
        _packs.Pack(second, s_hash);
        Assert.True(_store.Remove(s_hash));
        Assert.Empty(_store.AnchorsOf(all));
        Assert.Equal(s_patch, File.ReadAllBytes(_store.PathOf(s_patched)));
        Assert.Equal(second, File.ReadAllBytes(_store.PathOf(PackFile.HashOf(second))));
        Assert.Null(_store.Unreachable.FindPack(s_patched));
        Assert.Equal(PackFile.HashOf(alone), Assert.Single(_store.Packs.List()).Sha256);
    }

    private void Use(string use, string sha256, byte[] bytes)
    {
        switch (use)
        {
            case "hold":
                Assert.True(_store.Holds(sha256));
                break;
            case "return":
                _store.Return(sha256);
                break;
            case "open":
                using (ObjectContent content = _store.Open(sha256))
                {
                    Assert.Equal(bytes, content.ToArray("it"));
                }

                break;
            case "file":
                using (FileStream file = _store.TryOpenPackFile(sha256)!)
                {
                    Assert.Equal(new FileInfo(_store.Packs.PathOf(sha256)).Length, file.Length);
                }

                Assert.Null(_store.TryOpenPackFile(PackFile.HashOf([1])));
                break;
            case "layout":
                Assert.Null(_store.TryPackLayout(sha256)!.Anchor);
                Assert.Null(_store.TryPackLayout(PackFile.HashOf([1])));
                break;
            case "hash":
                Assert.Equal(sha256, _store.PackedHashNow(sha256));
                break;
            default:
                Assert.Equal(bytes, File.ReadAllBytes(_store.TryUnpack(sha256)!));
                break;
        }
    }

    private string SetAside(string sha256, DateOnly day)
    {
        _store.Unreachable.Put(_store.Packs.PathOf(sha256), day);
        return _store.Unreachable.FindPack(sha256)!;
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
}
