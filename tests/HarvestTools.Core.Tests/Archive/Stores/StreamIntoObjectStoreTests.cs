using System.Security.Cryptography;
using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive.Stores;

/// <summary>What a stream gives becomes an object where it has the hash, and nothing of it where it ends too early.</summary>
public sealed class StreamIntoObjectStoreTests
{
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 3_000_000).Select(static i => (byte)(i * 31))];

    private static string Sha256 => Convert.ToHexStringLower(SHA256.HashData(s_bytes));

    [Fact]
    public void How_far_it_is_goes_up_to_all_of_it()
    {
        var store = new MemoryObjectStore();
        var seen = new Said();
        Assert.NotNull(store.TryAdd(Sha256, new MemoryStream(s_bytes), "it", seen, CancellationToken.None));
        Assert.True(seen.Values.Count > 1);
        Assert.Equal(seen.Values.Order(), seen.Values);
        Assert.Equal(s_bytes.Length, seen.Values[^1]);
        Assert.True(store.Contains(Sha256));
    }

    [Fact]
    public void One_that_is_ended_adds_nothing()
    {
        var store = new MemoryObjectStore();
        using var ended = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => store.TryAdd(Sha256, new Broken(ended.Cancel), "it", progress: null, ended.Token));
        Assert.Empty(store.List());
    }

    [Fact]
    public void One_that_cannot_be_read_on_is_named()
    {
        var store = new MemoryObjectStore();
        HarvestException fault = Assert.Throws<HarvestException>(() => store.TryAdd(Sha256, new Broken(static () => throw new IOException("gone")), "the export"));
        Assert.Contains("the export", fault.Message, StringComparison.Ordinal);
        Assert.Contains("read", fault.Message, StringComparison.Ordinal);
        Assert.Empty(store.List());
    }

    private sealed class Said : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }

    /// <summary>Its bytes, once; something happens before the second read.</summary>
    private sealed class Broken(Action second) : MemoryStream(s_bytes)
    {
        private int _reads;

        public override int Read(Span<byte> buffer)
        {
            if (++_reads == 2)
            {
                second();
            }

            return base.Read(buffer);
        }
    }
}
