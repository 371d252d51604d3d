using System.Text;
using HarvestTools.Archive;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>Objects that are not here are brought from the first store that has them whole.</summary>
public sealed class FetchingStoreTests : IDisposable
{
    private static readonly string One = ArchiveFixture.Hash("one");
    private static readonly string Two = ArchiveFixture.Hash("two");
    private static readonly string None = ArchiveFixture.Hash("none");

    private readonly TemporaryFolder _folder = new();
    private readonly LocalObjectStore _local;
    private readonly MemoryObjectStore _near = new();
    private readonly MemoryObjectStore _far = new();
    private readonly List<string> _fetching = [];
    private readonly List<string> _damaged = [];
    private readonly FetchingStore _store;
    private int _asked;

    public FetchingStoreTests()
    {
        _local = new LocalObjectStore(_folder["archive"]);
        _store = new FetchingStore(_local, Elsewhere, (sha256, name) => _fetching.Add($"{sha256} {name}"), _damaged.Add);
        IReadOnlyList<IObjectSource> Elsewhere()
        {
            _asked++;
            return [_near, _far];
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_that_is_elsewhere_is_brought_the_first_time_it_is_opened_and_kept()
    {
        Keep(_far, "one");
        Assert.Null(_store.LocalPath(One));
        for (int time = 0; time < 2; time++)
        {
            using ObjectContent content = _store.Open(One);
            Assert.Equal("one", Encoding.UTF8.GetString(content.ToArray("one")));
        }

        Assert.Equal([$"{One} memory"], _fetching);
        Assert.Equal(("one", 1), (File.ReadAllText(_store.LocalPath(One)!), _asked));
        Assert.True(_store.TryFetch(One));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void One_that_is_nowhere_is_not_brought()
    {
        Assert.False(_store.TryFetch(None));
        Assert.Null(_store.TryOpen(None));
        Assert.Empty(_fetching);
        Assert.Empty(new FetchingStore(_local, static () => [], fetching: null, damaged: null).Contains([None]));
    }

    [Fact]
    public void How_far_it_is_comes_in_bytes()
    {
        Keep(_near, "one");
        var reported = new List<long>();
        Assert.True(_store.TryFetch(One, new Reports(reported.Add), CancellationToken.None));
        Assert.Equal(3, reported[^1]);
    }

    [Fact]
    public void Where_one_store_has_other_bytes_the_next_is_asked_and_where_none_has_them_that_is_an_error()
    {
        _near.Kept[One] = "other"u8.ToArray();
        _near.Kept[Two] = "other"u8.ToArray();
        Keep(_far, "one");
        Assert.True(_store.TryFetch(One));
        Assert.Equal(([One], 2), (_damaged, _fetching.Count), static (a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2);

        Assert.Equal("RemoteObjectDamaged", Assert.Throws<HarvestException>(() => _store.TryFetch(Two)).ErrorId);
        Assert.Equal([One, Two], _damaged);
        Assert.Null(_store.LocalPath(Two));
    }

    [Fact]
    public void What_is_here_is_not_asked_for_elsewhere()
    {
        _local.AddBytes("one"u8);
        Assert.Equal([One], _store.Contains([One, One]));
        Assert.Equal([One], _store.ContainsAsFarAsKnown([One], out HarvestException? unasked));
        Assert.Equal((0, null), (_asked, unasked));

        Keep(_far, "two");
        Assert.Equal(new HashSet<string> { One, Two }, _store.Contains([One, Two, None]));
        Assert.Equal(new HashSet<string> { One, Two }, _store.ContainsAsFarAsKnown([One, Two, None], out unasked));
        Assert.Equal((2, null), (_asked, unasked));
    }

    [Fact]
    public void A_remote_that_cannot_be_asked_does_not_hide_what_others_have()
    {
        _local.AddBytes("one"u8);
        Keep(_near, "two");
        var store = new FetchingStore(_local, () => [_near, new Unreachable(HarvestFault.Remote)], fetching: null, damaged: null);
        Assert.Equal(new HashSet<string> { One, Two }, store.ContainsAsFarAsKnown([One, Two, None], out HarvestException? unasked));
        Assert.Equal("Away", unasked!.ErrorId);
        Assert.Equal("Away", Assert.Throws<HarvestException>(() => store.Contains([None])).ErrorId);

        // Any other fault is one.
        var faulty = new FetchingStore(_local, static () => [new Unreachable(HarvestFault.InvalidData)], fetching: null, damaged: null);
        Assert.Throws<HarvestException>(() => faulty.ContainsAsFarAsKnown([None], out _));
    }

    [Fact]
    public void Adding_removing_and_listing_are_of_the_folder_alone()
    {
        Keep(_near, "two");
        _store.AddBytes("one"u8);
        Assert.Equal([One], _store.List().Select(static stored => stored.Sha256));
        Assert.Equal(_local.Name, _store.Name);
        Assert.False(_store.Remove(Two));
        Assert.True(_store.Remove(One));
        Assert.Empty(_local.List());
        Assert.Single(_near.Kept);
    }

    private static void Keep(MemoryObjectStore store, string text) => store.AddBytes(Encoding.UTF8.GetBytes(text));

    private sealed class Reports(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    private sealed class Unreachable(HarvestFault fault) : IObjectSource
    {
        public string Name => "away";

        public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default) => throw new HarvestException("Away", fault, "It is away.", "Wait.");

        public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default) => throw new NotSupportedException();

        public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default) => throw new NotSupportedException();

        public string? LocalPath(string sha256) => throw new NotSupportedException();
    }
}
