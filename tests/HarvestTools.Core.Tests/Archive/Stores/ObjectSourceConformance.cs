using System.Security.Cryptography;
using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>
/// What everything that gives objects has to do, stores and what is put in front of them alike: each class derived from this runs
/// all of it over one of them.
/// </summary>
public abstract class ObjectSourceConformance : IDisposable
{
    private protected ObjectSourceConformance(StoreHarness harness)
    {
        Harness = harness;
    }

    private protected StoreHarness Harness { get; }

    /// <summary>What is tested; it gives what the harness's store has.</summary>
    private protected abstract IObjectSource Source { get; }

    public static TheoryData<int> Sizes => [0, 1, 63, 64, 4096, 128 * 1024, (1 << 20) + 1, (3 << 20) + 17];

    public static TheoryData<string> Damages => ["appended", "truncated", "emptied", "changed at the start", "changed at the end", "exchanged"];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_was_added_is_given_back_whatever_its_size(int size)
    {
        byte[] bytes = Bytes(size);
        string sha256 = Add(bytes);

        using ObjectContent content = Source.Open(sha256);
        Assert.Equal(bytes, content.ToArray("it"));
        Assert.Equal(size, content.Bytes);
        Assert.True(Source.Contains(sha256));
    }

    [Fact]
    public void An_object_can_be_read_byte_by_byte_several_times_at_once_and_not_to_its_end()
    {
        byte[] bytes = Bytes(70_000);
        string sha256 = Add(bytes);
        using ObjectContent first = Source.Open(sha256);
        using ObjectContent second = Source.Open(sha256);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(bytes[i], first.Stream.ReadByte());
            Assert.Equal(bytes[i], second.Stream.ReadByte());
        }

        Assert.Equal(bytes[5..], second.ToArray("it"));
        Assert.Equal(-1, second.Stream.ReadByte());
        Assert.Equal(-1, second.Stream.ReadByte());
    }

    [Fact]
    public void What_is_not_there_is_no_fault()
    {
        Add(Bytes(3));
        string unknown = Hash(Bytes(4));

        Assert.Null(Source.TryOpen(unknown));
        Assert.Null(Source.LocalPath(unknown));
        Assert.Null(Source.HashNow(unknown));
        Assert.False(Source.Contains(unknown));
        Assert.Equal("ObjectNotFound", Assert.Throws<HarvestException>(() => Source.Open(unknown)).ErrorId);
    }

    [Fact]
    public void Many_are_asked_for_at_once()
    {
        string[] there = [.. Enumerable.Range(0, 20).Select(i => Add(Bytes(i)))];
        string[] missing = [.. Enumerable.Range(100, 20).Select(i => Hash(Bytes(i)))];

        Assert.Equal(there.Order(StringComparer.Ordinal), Source.Contains(there.Concat(missing).Concat(there)).Order(StringComparer.Ordinal));
        Assert.Empty(Source.Contains(missing));
        Assert.Empty(Source.Contains([]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abcd")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    [InlineData("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag")]
    public void A_name_that_is_no_hash_is_refused(string name)
    {
        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Source.TryOpen(name)).ErrorId);
        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Source.Contains(name)).ErrorId);
        Assert.Equal("HashPrefixInvalid", Assert.Throws<HarvestException>(() => Source.LocalPath(name)).ErrorId);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Damage_is_found_by_whoever_reads_to_the_end(string damage)
    {
        byte[] bytes = Bytes(300_000);
        string sha256 = Add(bytes);
        byte[] damaged = Damaged(bytes, damage);
        Harness.Damage(sha256, damaged);

        using ObjectContent content = new VerifyingSource(Source).Open(sha256);
        HarvestException error = Assert.Throws<HarvestException>(() => content.ToArray("it"));
        Assert.Equal(("ObjectDamaged", HarvestFault.Damaged), (error.ErrorId, error.Fault));
        Assert.Contains(sha256, error.Message, StringComparison.Ordinal);
        Assert.Contains(Hash(damaged), error.Message, StringComparison.Ordinal);

        // Found is found: who reads on does not come to a quiet end.
        Assert.Throws<HarvestException>(() => content.Stream.ReadByte());
    }

    [Fact]
    public void A_path_where_there_is_one_has_the_objects_bytes_and_nothing_else()
    {
        byte[] bytes = Bytes(5000);
        string sha256 = Add(bytes);
        if (Source.LocalPath(sha256) is { } path)
        {
            Assert.Equal(bytes, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void Everything_is_listed_once_with_its_size_and_what_is_no_object_by_another_kind()
    {
        Dictionary<string, long> sizes = Enumerable.Range(0, 40).ToDictionary(i => Add(Bytes(i * 10)), static i => i * 10L);
        Harness.PutForeign("notes.txt");
        Harness.PutForeign(new string('0', 63));
        Harness.PutForeign(new string('A', 64));

        StoredObject[] listed = [.. Source.List()];
        Assert.Equal(
            sizes.OrderBy(static pair => pair.Key, StringComparer.Ordinal),
            listed.Where(static stored => stored.Kind == StoredKind.Object)
                .Select(static stored => KeyValuePair.Create(stored.Sha256, stored.Bytes))
                .OrderBy(static pair => pair.Key, StringComparer.Ordinal));
        Assert.All(listed, stored => Assert.True(stored.Kind is StoredKind.Object or StoredKind.Foreign));
        Assert.Equal(
            ["0", "A", "n"],
            listed.Where(static stored => stored.Kind == StoredKind.Foreign).Select(static stored => Path.GetFileName(stored.Name)[..1]).Order(StringComparer.Ordinal));
        Assert.All(listed.Where(static stored => stored.Kind == StoredKind.Foreign), stored => Assert.Throws<InvalidOperationException>(() => stored.Sha256));
    }

    [Fact]
    public void A_list_by_a_beginning_has_the_objects_that_begin_so_and_nothing_else()
    {
        string[] hashes = [.. Enumerable.Range(0, 300).Select(i => Add(Bytes(i + 2)))];
        Harness.PutForeign("abc.txt");
        foreach (int digits in new[] { 1, 2, 4, 64 })
        {
            string prefix = hashes[7][..digits];
            Assert.Equal(
                hashes.Where(hash => hash.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
                Source.List(prefix).Select(static stored => stored.Sha256).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Nothing_is_begun_once_it_is_cancelled()
    {
        string sha256 = Add(Bytes(10));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => Source.TryOpen(sha256, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => Source.Contains(sha256, cancelled.Token));
        Assert.Throws<OperationCanceledException>(() => Source.List(cancellation: cancelled.Token).ToList());
        Assert.Throws<OperationCanceledException>(() => Source.HashNow(sha256, cancellation: cancelled.Token));
    }

    public void Dispose()
    {
        Harness.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Bytes that are the same each time and others for each size.</summary>
    private protected static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private protected static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private protected static byte[] Damaged(byte[] bytes, string damage)
    {
        byte[] damaged = [.. bytes];
        switch (damage)
        {
            case "appended":
                return [.. bytes, (byte)'\n'];
            case "truncated":
                return bytes[..^1];
            case "emptied":
                return [];
            case "changed at the start":
                damaged[0] ^= 1;
                return damaged;
            case "changed at the end":
                damaged[^1] ^= 1;
                return damaged;
            default:
                return Bytes(bytes.Length + 1)[..bytes.Length];
        }
    }

    private protected string Add(byte[] bytes)
    {
        (string sha256, _) = Harness.Store.AddBytes(bytes);
        Assert.Equal(Hash(bytes), sha256);
        return sha256;
    }
}
