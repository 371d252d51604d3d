using HarvestTools.Remotes;
using HarvestTools.Remotes.S3;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Server;

namespace HarvestTools.Tests.S3;

/// <summary>Files too large for one request, with parts that are small enough for tests.</summary>
public sealed class S3PartsTests : IDisposable
{
    private readonly S3Harness _harness = new(limits: new S3Limits { OnePut = 100_000, PartBytes = 100_000, PartsAtOnce = 2 });
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _bytes = new byte[650_001];

    public S3PartsTests() => new Random(3).NextBytes(_bytes);

    private S3Server Server => _harness.Server;

    private IRemoteFiles Files => _harness.Files;

    public void Dispose()
    {
        _harness.Dispose();
        _folder.Dispose();
    }

    /// <summary>The SDK hashes a body before it sends it, with one object a thread, which a fault halfway must not leave halfway.</summary>
    [Theory]
    [InlineData(70_000)]
    [InlineData(650_001)]
    public void A_file_that_became_shorter_leaves_the_next_one_of_the_same_thread_alone(int size)
    {
        string path = _folder.Write("shrunk", "");
        Exception? failed = null;
        var thread = new Thread(() =>
        {
            for (int i = 0; i < 5 && failed is null; i++)
            {
                File.WriteAllBytes(path, _bytes[..size]);
                Upload shrunk = Upload.OfFile(path, Upload.OfBytes("a", _bytes[..size]).Sha256);
                File.WriteAllBytes(path, _bytes[..(size - 20_000)]);
                failed = Record.Exception(() => Files.Replace($"a{i}", shrunk)) is HarvestException { ErrorId: "UploadDamaged" } ? null : new InvalidOperationException("it was not refused");
                failed ??= Record.Exception(() => Files.Replace($"b{i}", Upload.OfBytes("b", _bytes[..50_000])));
            }
        });
        thread.Start();
        thread.Join();
        Assert.Null(failed);
        Assert.Equal(["b0", "b1", "b2", "b3", "b4"], _harness.Everything().Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_hash_of_all_is_known_from_the_stores_hash_of_the_parts()
    {
        long sent = 0;
        Assert.True(Files.TryCreate("a", Sent(count => Interlocked.Add(ref sent, count))));
        Assert.Equal(7, PartsSent());
        Assert.Equal(_bytes.Length, sent);
        Assert.Equal(_bytes, _harness.Everything()["a"]);
        Assert.Equal(Upload.OfBytes("a", _bytes).Sha256, Files.Find("a")!.Sha256);

        // What is there under the recorded hash and has other parts is not that file.
        S3Kept kept = Server.Contents.Objects[_harness.KeyOf("a")];
        Server.Contents.Objects[_harness.KeyOf("a")] = kept with { Checksum = "AAAA" + kept.Checksum![4..] };
        Assert.Null(Files.Find("a")!.Sha256);
    }

    [Fact]
    public void An_upload_that_was_killed_goes_on_where_it_was()
    {
        Server.Fail(new S3Fault(S3FaultKind.CloseBefore) { Method = "PUT", Containing = "partNumber=5" }, 9);
        Assert.Throws<RemoteTroubleException>(() => Files.TryCreate("a", Sent()));
        Server.Forget();
        Assert.Empty(_harness.Everything());
        int there = Server.Contents.Uploads.Single().Value.Parts.Count;
        Assert.InRange(there, 4, 6);

        int before = PartsSent();
        using IRemoteFiles again = _harness.OpenAgain();
        long sent = 0;
        Assert.True(again.TryCreate("a", Sent(count => Interlocked.Add(ref sent, count))));
        Assert.Equal(7 - there, PartsSent() - before);
        Assert.Equal(_bytes.Length, sent);
        Assert.Equal(_bytes, _harness.Everything()["a"]);
        Assert.Empty(Server.Contents.Uploads);
    }

    [Fact]
    public void An_unfinished_upload_of_other_bytes_is_left_alone()
    {
        Server.Fail(new S3Fault(S3FaultKind.CloseBefore) { Method = "PUT", Containing = "partNumber=5" }, 9);
        Assert.Throws<RemoteTroubleException>(() => Files.TryCreate("a", Sent()));
        Server.Forget();
        string other = Server.Contents.Uploads.Single().Key;
        _bytes[3] ^= 1;

        Assert.True(Files.TryCreate("a", Sent()));
        Assert.Equal(_bytes, _harness.Everything()["a"]);
        Assert.Equal(other, Server.Contents.Uploads.Single().Key);
    }

    [Fact]
    public void Another_that_is_quicker_wins_and_no_parts_are_left()
    {
        Server.BeforeComplete = () => _harness.Put("a", [1]);
        Assert.False(Files.TryCreate("a", Sent()));
        Assert.Equal([1], _harness.Everything()["a"]);
        Assert.Empty(Server.Contents.Uploads);
    }

    [Fact]
    public void A_part_that_changes_on_its_way_is_refused()
    {
        Server.DamageParts = 1;
        Assert.Throws<RemoteTroubleException>(() => Files.TryCreate("a", Sent()));
        Assert.Empty(_harness.Everything());
        Assert.True(Files.TryCreate("a", Sent()));
        Assert.Equal(_bytes, _harness.Everything()["a"]);
    }

    [Fact]
    public void A_file_that_is_there_is_not_sent_to_find_that_out()
    {
        Assert.True(Files.TryCreate("a", Sent()));
        int before = PartsSent();
        Assert.False(Files.TryCreate("a", Sent()));
        Assert.Equal(before, PartsSent());
    }

    private Upload Sent(Action<int>? sent = null)
    {
        File.WriteAllBytes(_folder["a"], _bytes);
        return Upload.OfFile(_folder["a"], Upload.OfBytes("a", _bytes).Sha256, sent);
    }

    private int PartsSent() => Server.Requests.Count(static request => request.StartsWith("PUT", StringComparison.Ordinal) && request.Contains("partNumber", StringComparison.Ordinal));
}
