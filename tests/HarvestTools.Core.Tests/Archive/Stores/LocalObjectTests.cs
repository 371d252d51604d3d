using HarvestTools.Archive;
using HarvestTools.Tests.Packs;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>What an archive's folder does besides what every store does: plain and packed objects, and those that were set aside.</summary>
public sealed class LocalObjectTests : IDisposable
{
    private static readonly byte[] s_bytes = PackFile.Export(Enumerable.Range(1, 30), bytes: 100);
    private static readonly string s_hash = PackFile.HashOf(s_bytes);
    private static readonly DateOnly s_day = new(2026, 3, 1);

    private readonly PackFile _packs = new();
    private readonly LocalObjectStore _store;
    private int _begun;

    public LocalObjectTests()
    {
        _store = new LocalObjectStore(_packs.Folder.Path, () => _begun++);
    }

    public void Dispose() => _packs.Dispose();

    [Fact]
    public void Reading_and_listing_make_no_folder_and_adding_says_so_before_it_writes()
    {
        Assert.Equal("the archive", _store.Name);
        Assert.Empty(_store.List());
        Assert.Null(_store.TryOpen(s_hash));
        Assert.False(_store.Remove(s_hash));
        Assert.Equal(0, _begun);
        Assert.Empty(Directory.GetFileSystemEntries(_packs.Folder.Path));
        _store.AddBytes(s_bytes);
        _store.BeginPlain().Dispose();
        Assert.Equal(2, _begun);
    }

    [Fact]
    public void A_packed_object_is_here_without_a_path()
    {
        _packs.Pack(s_bytes);

        Assert.True(_store.Holds(s_hash));
        Assert.True(_store.Has(s_hash));
        Assert.Null(_store.LocalPath(s_hash));
        Assert.Equal([s_hash], _store.Contains([s_hash]));
        using ObjectContent content = _store.Open(s_hash);
        Assert.Equal((long)s_bytes.Length, content.Bytes);
        Assert.Equal(s_bytes, content.ToArray("it"));
        Assert.Equal(s_hash, _store.PackedHashNow(s_hash));
        Assert.Equal((AddOutcome.AlreadyThere, 0), (_store.AddBytes(s_bytes).Outcome, _store.List().Count(static stored => !stored.Packed)));

        StoredObject listed = Assert.Single(_store.List(s_hash[..5]));
        Assert.Equal((StoredKind.Object, s_hash, true, _store.Packs.PathOf(s_hash)), (listed.Kind, listed.Sha256, listed.Packed, listed.Path));
        Assert.Empty(_store.List(s_hash[..4] + (s_hash[4] == '0' ? '1' : '0')));
        Assert.Throws<OperationCanceledException>(() => _store.List(cancellation: new CancellationToken(canceled: true)).ToList());
    }

    [Fact]
    public void Unpacking_makes_plain_bytes_and_the_pack_stays()
    {
        Assert.Null(_store.TryUnpack(s_hash));
        Assert.Null(_store.PackedHashNow(s_hash));
        Assert.Empty(Directory.GetFileSystemEntries(_packs.Folder.Path));
        _packs.Pack(s_bytes);

        Assert.Equal(_store.PathOf(s_hash), _store.TryUnpack(s_hash));
        Assert.Equal(s_bytes, File.ReadAllBytes(_store.PathOf(s_hash)));
        Assert.NotNull(_store.Packs.Find(s_hash));
        Assert.Equal([false, true], _store.List().Where(static stored => stored.Kind == StoredKind.Object).Select(static stored => stored.Packed));

        // Then the plain bytes can go, and a second time nothing does.
        Assert.True(_store.TryRemovePlain(s_hash));
        Assert.True(_store.TryRemovePlain(s_hash));
        Assert.False(File.Exists(_store.PathOf(s_hash)));
        Assert.True(_store.Holds(s_hash));
    }

    [Fact]
    public void A_pack_under_the_name_of_another_object_is_not_unpacked_as_that()
    {
        byte[] other = PackFile.Export([7]);
        string name = _packs.Pack(s_bytes);
        string wrong = PackFile.HashOf(other);
        Directory.CreateDirectory(Path.GetDirectoryName(_store.Packs.PathOf(wrong))!);
        File.Move(_store.Packs.PathOf(name), _store.Packs.PathOf(wrong));

        HarvestException fault = Assert.Throws<HarvestException>(() => _store.TryUnpack(wrong));
        Assert.Equal(HarvestFault.Damaged, fault.Fault);
        Assert.False(File.Exists(_store.PathOf(wrong)));

        // Adding the right bytes is how the object comes back.
        Assert.Equal(AddOutcome.Added, _store.AddBytes(other).Outcome);
        Assert.Equal(other, File.ReadAllBytes(_store.LocalPath(wrong)!));
    }

    [Fact]
    public void What_is_begun_as_plain_bytes_becomes_those_though_it_is_packed()
    {
        _packs.Pack(s_bytes);
        using PendingLocalObject pending = _store.BeginPlain();
        pending.Write(s_bytes);
        Assert.Equal(AddOutcome.Added, pending.Commit(s_hash));
        Assert.Equal(s_bytes, File.ReadAllBytes(_store.PathOf(s_hash)));
    }

    [Fact]
    public void Removing_takes_the_plain_bytes_the_pack_and_what_was_set_aside_on_any_day()
    {
        _packs.Pack(s_bytes);
        SetAside(s_bytes, s_day);
        SetAside(s_bytes, s_day.AddDays(2));
        Assert.NotNull(_store.TryUnpack(s_hash));

        Assert.True(_store.Remove(s_hash));
        Assert.False(_store.Holds(s_hash));
        Assert.Null(_store.Unreachable.Find(s_hash));
        Assert.Empty(Files());
        Assert.False(_store.Remove(s_hash));
    }

    [Fact]
    public void Each_form_alone_can_be_removed_and_that_is_said()
    {
        _packs.Pack(s_bytes);
        Assert.True(_store.Remove(s_hash));
        SetAside(s_bytes, s_day);
        Assert.True(_store.Remove(s_hash));
        _store.AddBytes(s_bytes);
        Assert.True(_store.Remove(s_hash));
        Assert.Empty(Files());
    }

    [Fact]
    public void Plain_bytes_beside_a_pack_are_removed_with_it_and_that_is_said()
    {
        _packs.Pack(s_bytes);
        _store.TryUnpack(s_hash);
        Assert.True(_store.Remove(s_hash));
        Assert.Empty(Files());
    }

    [Fact]
    public void Plain_bytes_that_others_are_patches_against_give_those_bytes_of_their_own_before_they_go()
    {
        byte[] patch = PackFile.Export(Enumerable.Range(1, 31), bytes: 100);
        string anchor = _packs.Pack(s_bytes);
        string patched = _packs.Pack(patch, anchor);
        _store.TryUnpack(anchor);
        Assert.True(_store.Packs.Remove(anchor));

        Assert.True(_store.Remove(anchor));
        Assert.Equal(patch, File.ReadAllBytes(_store.LocalPath(patched)!));
    }

    [Fact]
    public void What_is_here_is_not_looked_for_among_what_was_set_aside()
    {
        _store.AddBytes(s_bytes);
        string damaged = SetAside([1, 2], s_day);
        File.Move(damaged, Path.Combine(Path.GetDirectoryName(damaged)!, s_hash));
        _store.Return(s_hash);
        Assert.True(File.Exists(_store.PathOf(s_hash)));
        Assert.False(Directory.Exists(_store.QuarantineFolder));
    }

    [Fact]
    public void A_file_that_is_no_object_is_named_by_its_place_in_the_store()
    {
        _packs.Folder.Write("sha256/ab/notes", "xyz");
        StoredObject listed = Assert.Single(_store.List());
        Assert.Equal((StoredKind.Foreign, Path.Combine("ab", "notes"), 3L), (listed.Kind, listed.Name, listed.Bytes));
    }

    [Fact]
    public void Removing_an_anchor_gives_its_patches_bytes_of_their_own_and_removing_a_patch_does_not()
    {
        byte[] patch = PackFile.Export(Enumerable.Range(1, 31), bytes: 100);
        string anchor = _packs.Pack(s_bytes);
        string patched = _packs.Pack(patch, anchor);
        string second = _packs.Pack(PackFile.Export(Enumerable.Range(1, 32), bytes: 100), anchor);

        Assert.True(_store.Remove(second));
        Assert.Null(_store.LocalPath(patched));
        Assert.True(_store.Remove(anchor));
        Assert.Equal(patch, File.ReadAllBytes(_store.LocalPath(patched)!));
        Assert.Null(_store.Packs.Find(patched));
    }

    [Fact]
    public void One_that_was_set_aside_comes_back_for_who_asks_for_it_and_stays_for_who_only_looks()
    {
        string aside = SetAside(s_bytes, s_day);
        Assert.False(_store.Has(s_hash));
        Assert.Empty(_store.List());
        Assert.True(File.Exists(aside));

        Assert.True(_store.Holds(s_hash));
        Assert.False(File.Exists(aside));
        Assert.Equal(s_bytes, File.ReadAllBytes(_store.PathOf(s_hash)));
        _store.Return(s_hash);
        Assert.True(File.Exists(_store.PathOf(s_hash)));
        _store.Return(PackFile.HashOf([1]));
        Assert.Null(_store.LocalPath(PackFile.HashOf([1])));
    }

    [Fact]
    public void Of_several_days_the_last_whole_one_comes_back_and_damage_is_kept_as_evidence()
    {
        SetAside(s_bytes, s_day);
        string damaged = SetAside(s_bytes, s_day.AddDays(1));
        File.WriteAllBytes(damaged, [1, 2]);

        Assert.Equal(_store.PathOf(s_hash), _store.LocalPath(s_hash));
        Assert.Equal(s_bytes, File.ReadAllBytes(_store.PathOf(s_hash)));
        Assert.Equal([1, 2], File.ReadAllBytes(Assert.Single(Directory.GetFiles(_store.QuarantineFolder))));
        Assert.Null(_store.Unreachable.Find(s_hash));
    }

    [Fact]
    public void One_that_was_set_aside_waits_while_something_else_is_in_its_place()
    {
        string aside = SetAside(s_bytes, s_day);
        Directory.CreateDirectory(_store.PathOf(s_hash));

        Assert.Null(_store.LocalPath(s_hash));
        _store.Return(s_hash);
        Assert.Null(_store.LocalPath(s_hash));
        Assert.True(File.Exists(aside));
        Assert.True(Directory.Exists(_store.PathOf(s_hash)));
    }

    [Fact]
    public void Adding_puts_a_folder_in_the_objects_place_aside_with_all_that_is_in_it()
    {
        Directory.CreateDirectory(_store.PathOf(s_hash));
        File.WriteAllText(Path.Combine(_store.PathOf(s_hash), "notes"), "x");

        // What is below it is nobody's.
        StoredObject listed = Assert.Single(_store.List());
        Assert.Equal((StoredKind.Obstacle, 0L), (listed.Kind, listed.Bytes));
        Assert.Equal(AddOutcome.Replaced, _store.AddBytes(s_bytes).Outcome);
        Assert.Equal(s_bytes, File.ReadAllBytes(_store.PathOf(s_hash)));
        string moved = Assert.Single(Directory.GetDirectories(_store.QuarantineFolder));
        Assert.StartsWith(s_hash + ".", Path.GetFileName(moved), StringComparison.Ordinal);
        Assert.Equal("x", File.ReadAllText(Path.Combine(moved, "notes")));
    }

    [Fact]
    public void Adding_what_is_here_stops_where_it_is_cancelled()
    {
        _store.AddBytes(s_bytes);
        using PendingObject pending = _store.BeginAdd();
        pending.Write(s_bytes);
        Assert.Throws<OperationCanceledException>(() => pending.Commit(s_hash, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_damaged_object_is_set_aside_as_often_as_it_happens()
    {
        string first = _packs.Folder.Write("sha256/a", "1");
        string moved = _store.Quarantine(first);
        string second = _store.Quarantine(_packs.Folder.Write("sha256/a", "2"));

        Assert.NotEqual(moved, second);
        Assert.Equal(["1", "2"], new[] { moved, second }.Select(File.ReadAllText));
        Assert.All(new[] { moved, second }, path => Assert.Matches("^a\\.[0-9a-f]{8}$", Path.GetFileName(path)));
        HarvestException gone = Assert.Throws<HarvestException>(() => _store.Quarantine(first));
        Assert.Contains($"move to quarantine '{first}'", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_that_cannot_be_written_is_named_by_its_place()
    {
        using var pending = new Full();
        HarvestException fault = Assert.Throws<HarvestException>(() => pending.Write("x"u8));
        Assert.Equal(HarvestFault.FileSystem, fault.Fault);
        Assert.Contains("write 'the place'", fault.Message, StringComparison.Ordinal);
    }

    private string SetAside(byte[] bytes, DateOnly day) =>
        _packs.Folder.Write($"unreachable/{day:yyyy-MM-dd}/{PackFile.HashOf(bytes)}", System.Text.Encoding.UTF8.GetString(bytes));

    /// <summary>Every file of the archive; those of which packs were made apart.</summary>
    private IEnumerable<string> Files() => Directory.EnumerateFiles(_packs.Folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Where(static file => !Path.GetFileName(file).StartsWith("raw-", StringComparison.Ordinal) && Path.GetFileName(file) != ".lock");

    private sealed class Full() : PendingObject(new FullStream())
    {
        protected override string Place => "the place";

        protected override AddOutcome Put(string sha256, CancellationToken cancellation) => throw new NotSupportedException();
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left on device");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("No space left on device");
    }
}
