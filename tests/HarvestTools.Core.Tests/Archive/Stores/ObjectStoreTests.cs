using HarvestTools.Archive;
using HarvestTools.Files;

namespace HarvestTools.Tests.Archive.Stores;

public sealed class LocalObjectStoreTests() : ObjectStoreConformance(new LocalHarness())
{
    [Fact]
    public void An_object_is_a_read_only_file_under_its_hash()
    {
        string sha256 = Add("abc"u8.ToArray());
        string path = Harness.Store.LocalPath(sha256)!;

        Assert.EndsWith(Path.Combine("sha256", "ba", sha256), path, StringComparison.Ordinal);
        Assert.True(FileAccessBits.IsReadOnly(path));
        Assert.Equal(path, Assert.Single(Harness.Store.List()).LocalPath);
    }

    [Fact]
    public void An_object_in_the_wrong_folder_is_listed_as_that_and_found_by_nobody()
    {
        string sha256 = Add(Bytes(9));
        string path = Harness.Store.LocalPath(sha256)!;
        string wrong = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!, "zz", sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(wrong)!);
        File.Move(path, wrong);

        StoredObject stored = Assert.Single(Harness.Store.List());
        Assert.Equal((StoredKind.Misplaced, sha256, wrong), (stored.Kind, stored.Sha256, stored.Path));
        Assert.False(Harness.Store.Contains(sha256));
        Assert.Null(Harness.Store.TryOpen(sha256));
        Assert.Empty(Harness.Store.List(sha256[..4]));
    }
}

public sealed class MemoryObjectStoreTests() : ObjectStoreConformance(new MemoryHarness());

public sealed class VerifyingLocalTests() : ObjectSourceConformance(new LocalHarness())
{
    private protected override IObjectSource Source => new VerifyingSource(Harness.Store);
}

public sealed class VerifyingMemoryTests() : ObjectSourceConformance(new MemoryHarness())
{
    private protected override IObjectSource Source => new VerifyingSource(Harness.Store);
}

/// <summary>The store comes second, behind one that has nothing.</summary>
public sealed class SecondOfTwoTests() : ObjectSourceConformance(new MemoryHarness())
{
    private protected override IObjectSource Source => new SourcesInOrder(new MemoryObjectStore(), Harness.Store);
}

/// <summary>The store comes first, before one that has some of its objects too.</summary>
public sealed class FirstOfTwoTests() : ObjectSourceConformance(new LocalHarness())
{
    private readonly MemoryObjectStore _second = new();

    private protected override IObjectSource Source
    {
        get
        {
            foreach (StoredObject stored in Harness.Store.List().Where(static stored => stored.Kind == StoredKind.Object && stored.Bytes % 2 == 0))
            {
                using ObjectContent content = Harness.Store.Open(stored.Sha256);
                _second.Kept[stored.Sha256] = content.ToArray("it");
            }

            return new SourcesInOrder(Harness.Store, _second);
        }
    }

    [Fact]
    public void A_source_is_asked_only_for_what_those_before_it_lack()
    {
        string here = Add(Bytes(1));
        string there = _second.AddBytes(Bytes(2)).Sha256;
        var second = new Recording(_second);
        var both = new SourcesInOrder(Harness.Store, second);

        Assert.Equal(new[] { here, there }.Order(StringComparer.Ordinal), both.Contains([here, there]).Order(StringComparer.Ordinal));
        both.Open(here).Dispose();
        both.Open(there).Dispose();
        Assert.Equal([there, there], second.Asked);
        Assert.Equal("the archive or memory", both.Name);
    }

    private sealed class Recording(IObjectSource source) : IObjectSource
    {
        public List<string> Asked { get; } = [];

        public string Name => source.Name;

        public IReadOnlySet<string> Contains(IEnumerable<string> sha256, CancellationToken cancellation = default)
        {
            string[] hashes = [.. sha256];
            Asked.AddRange(hashes);
            return source.Contains(hashes, cancellation);
        }

        public IEnumerable<StoredObject> List(string prefix = "", CancellationToken cancellation = default) => source.List(prefix, cancellation);

        public ObjectContent? TryOpen(string sha256, CancellationToken cancellation = default)
        {
            Asked.Add(sha256);
            return source.TryOpen(sha256, cancellation);
        }

        public string? LocalPath(string sha256) => source.LocalPath(sha256);
    }
}

/// <summary>The file that an export was added from: one object, as long as the file has its hash.</summary>
public sealed class RecordedFileTests : IDisposable
{
    private readonly HarvestTools.Tests.Files.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_with_the_hash_gives_its_object_and_no_other()
    {
        RecordedFile file = Of(_folder.Write("a.json", "[1]"), "[1]");

        using ObjectContent content = file.Open(ArchiveFixture.Hash("[1]"));
        Assert.Equal("[1]"u8, content.ToArray("it"));
        Assert.Equal(_folder["a.json"], file.LocalPath(ArchiveFixture.Hash("[1]")));
        StoredObject stored = Assert.Single(file.List());
        Assert.Equal((StoredKind.Object, ArchiveFixture.Hash("[1]"), 3L), (stored.Kind, stored.Sha256, stored.Bytes));
        Assert.Null(file.TryOpen(ArchiveFixture.Hash("[2]")));
        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => file.TryOpen("a")).ErrorId);
    }

    [Theory]
    [InlineData("[2]")]
    [InlineData("[1]\n")]
    [InlineData(null)]
    public void A_file_with_other_bytes_or_none_has_nothing(string? now)
    {
        string path = now is null ? _folder["a.json"] : _folder.Write("a.json", now);
        RecordedFile file = Of(path, "[1]");

        Assert.Null(file.TryOpen(ArchiveFixture.Hash("[1]")));
        Assert.False(file.Contains(ArchiveFixture.Hash("[1]")));
        Assert.Empty(file.List());
    }

    [Fact]
    public void A_file_written_over_after_the_look_is_found_by_whoever_verifies()
    {
        RecordedFile file = Of(_folder.Write("a.json", "[1]"), "[1]");
        Assert.True(file.Contains(ArchiveFixture.Hash("[1]")));
        _folder.Write("a.json", "[2]");

        using ObjectContent content = new VerifyingSource(file).Open(ArchiveFixture.Hash("[1]"));
        HarvestException error = Assert.Throws<HarvestException>(() => content.ToArray("it"));
        Assert.Equal("ObjectDamaged", error.ErrorId);
        Assert.Contains(_folder["a.json"], error.Message, StringComparison.Ordinal);
    }

    private static RecordedFile Of(string path, string text) =>
        new(ArchiveFixture.Hash(text), path, static path => File.Exists(path) ? FileHash.Compute(path) : null);
}
