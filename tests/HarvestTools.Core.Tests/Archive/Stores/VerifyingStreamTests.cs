using System.Security.Cryptography;
using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive;

public sealed class VerifyingStreamTests
{
    private static readonly byte[] s_bytes = [1, 2, 3, 4, 5];

    private static readonly string s_hash = Convert.ToHexStringLower(SHA256.HashData(s_bytes));

    [Fact]
    public void The_place_is_how_many_bytes_were_read()
    {
        using var stream = new VerifyingStream(new MemoryStream(s_bytes), s_hash, "the archive");
        var buffer = new byte[3];

        Assert.Equal(0, stream.Position);
        Assert.Equal(3, stream.Read(buffer));
        Assert.Equal(3, stream.Position);
        Assert.Equal(2, stream.Read(buffer));
        Assert.Equal(5, stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 0);
    }

    [Fact]
    public void Reading_nothing_is_not_the_end()
    {
        using var stream = new VerifyingStream(new MemoryStream([9]), s_hash, "the archive");

        // Nothing was read yet, so that the hash of nothing says nothing.
        Assert.Equal(0, stream.Read([]));
        Assert.Equal(1, stream.Read(new byte[1]));
        Assert.Equal("ObjectDamaged", Assert.Throws<HarvestException>(() => stream.Read(new byte[1])).ErrorId);
    }

    [Fact]
    public void The_end_may_be_reached_twice_and_damage_is_said_each_time()
    {
        using var whole = new VerifyingStream(new MemoryStream(s_bytes), s_hash, "the archive");
        using var damaged = new VerifyingStream(new MemoryStream([1, 2, 3, 4, 6]), s_hash, "the archive");
        var buffer = new byte[5];
        whole.ReadExactly(buffer);
        damaged.ReadExactly(buffer);

        Assert.Equal(0, whole.Read(buffer));
        Assert.Equal(0, whole.Read(buffer));
        Assert.Throws<HarvestException>(() => damaged.Read(buffer));
        Assert.Throws<HarvestException>(() => damaged.Read(buffer));
    }

    [Fact]
    public void Disposing_it_closes_what_it_reads_also_before_the_end()
    {
        var inner = new MemoryStream(s_bytes);
        var stream = new VerifyingStream(inner, s_hash, "the archive");
        stream.ReadExactly(new byte[2]);

        stream.Dispose();

        Assert.False(inner.CanRead);
    }
}
