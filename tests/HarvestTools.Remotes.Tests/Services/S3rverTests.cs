using HarvestTools.Archive;
using HarvestTools.Remotes;
using HarvestTools.Tests.Remotes;

namespace HarvestTools.Tests.Services;

/// <summary>
/// Plain transfer with s3rver. It knows no conditions and no checksums, and keeps what arrived of an upload that broke off, so that the
/// suites that other stores pass ask too much of it.
/// </summary>
public sealed class S3rverTests : IDisposable
{
    private readonly ServiceHarness _harness = ServiceHarness.OfS3("HARVEST_TEST_S3RVER", "s3rver");

    public void Dispose() => _harness.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData((3 << 20) + 17)]
    public void What_is_put_there_is_found_and_read_from_any_byte_on(int size)
    {
        byte[] bytes = Bytes(size);
        Assert.True(_harness.Patient.TryCreate("sha256/ab/file", Upload.OfBytes("bytes", bytes)));
        Assert.False(_harness.Patient.TryCreate("sha256/ab/file", Upload.OfBytes("bytes", [1])));
        Assert.Equal(size, _harness.Patient.Find("sha256/ab/file")!.Bytes);
        Assert.Equal(bytes, _harness.Everything()["sha256/ab/file"]);
        using Stream rest = _harness.Patient.TryOpen("sha256/ab/file", size / 2)!.Stream;
        var copy = new MemoryStream();
        rest.CopyTo(copy);
        Assert.Equal(bytes[(size / 2)..], copy.ToArray());
    }

    [Fact]
    public void What_is_there_is_listed_replaced_and_removed()
    {
        foreach (string path in new[] { "a/b", "a/c", "d" })
        {
            _harness.Put(path, Bytes(path.Length));
        }

        Assert.Equal(["a/b", "a/c"], _harness.Patient.List("a/").Select(static file => file.Path).Order(StringComparer.Ordinal));
        _harness.Put("a/b", Bytes(9));
        Assert.Equal(Bytes(9), _harness.Everything()["a/b"]);
        Assert.True(_harness.Patient.Remove("a/b"));
        Assert.False(_harness.Patient.Remove("a/b"));
        Assert.Null(_harness.Patient.Find("a/b"));
        Assert.Equal(["a/c", "d"], _harness.Everything().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Objects_are_added_found_and_put_right()
    {
        using var store = new RemoteStoreHarness(ServiceHarness.OfS3("HARVEST_TEST_S3RVER", "s3rver"));
        (string sha256, AddOutcome outcome) = store.Store.AddBytes(Bytes(5000));
        Assert.Equal(AddOutcome.Added, outcome);
        Assert.Equal(AddOutcome.AlreadyThere, store.Store.AddBytes(Bytes(5000)).Outcome);
        store.Damage(sha256, Bytes(4999));
        Assert.Equal(AddOutcome.Replaced, store.Store.AddBytes(Bytes(5000)).Outcome);
        Assert.Equal(sha256, store.Store.HashNow(sha256));
    }

    private static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }
}
