using System.Security.Cryptography;
using HarvestTools.Files;
using HarvestTools.Remotes;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Remotes;

/// <summary>What every kind of remote has to do: each class derived from this runs all of it over one of them.</summary>
public abstract class RemoteFilesConformance : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private protected RemoteFilesConformance(RemoteHarness harness)
    {
        Harness = harness;
    }

    private protected RemoteHarness Harness { get; }

    private IRemoteFiles Remote => Harness.Files;

    public void Dispose()
    {
        Harness.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    [InlineData((3 << 20) + 17)]
    public void What_was_put_there_is_found_and_read(int size)
    {
        byte[] bytes = Bytes(size);
        Assert.True(Remote.TryCreate("sha256/ab/file", Of(bytes)));

        RemoteFile found = Remote.Find("sha256/ab/file")!;
        Assert.Equal(("sha256/ab/file", size), (found.Path, found.Bytes));
        Assert.True(found.Sha256 is null || found.Sha256 == Hash(bytes));
        Assert.Equal(bytes, Read("sha256/ab/file"));
        Assert.Equal([(found.Path, (long)size)], Remote.List("").Select(static file => (file.Path, file.Bytes)));
    }

    [Fact]
    public void A_file_is_sent_from_the_disk_as_it_is()
    {
        byte[] bytes = Bytes(400_000);
        File.WriteAllBytes(_folder["a"], bytes);
        long sent = 0;
        Assert.True(Remote.TryCreate("a", Upload.OfFile(_folder["a"], Hash(bytes), count => sent += count)));
        Assert.Equal(bytes, Read("a"));
        Assert.Equal(bytes.Length, sent);
    }

    [Fact]
    public void What_is_not_there_is_no_fault()
    {
        Assert.Null(Remote.Find("a"));
        Assert.Null(Remote.Find("b/c"));
        Assert.Null(Remote.TryOpen("a"));
        Assert.Null(Remote.TryOpen("b/c", 3));
        Assert.Empty(Remote.List(""));
        Assert.Empty(Remote.List("b/"));
        Assert.False(Remote.Remove("a"));
        Put("b/c", 1);
        Assert.Null(Remote.Find("b/d"));
        Assert.False(Remote.Remove("b/d"));
        Assert.Empty(Remote.List("a"));
    }

    [Fact]
    public void A_list_has_what_begins_so_at_any_depth_and_nothing_else()
    {
        string[] paths = ["sha256/ab/abc", "sha256/ab/abd", "sha256/ac/acd", "sha256.txt", "records/x", "with space/ä + %41&b=c.txt"];
        foreach (string path in paths)
        {
            Put(path, path.Length);
        }

        string[] Listed(string prefix) => [.. Remote.List(prefix).Select(static file => file.Path).Order(StringComparer.Ordinal)];
        Assert.Equal(paths.Order(StringComparer.Ordinal), Listed(""));
        Assert.Equal(["sha256/ab/abc", "sha256/ab/abd", "sha256/ac/acd"], Listed("sha256/"));
        Assert.Equal(["sha256/ab/abc", "sha256/ab/abd"], Listed("sha256/ab/"));
        Assert.Equal(["sha256/ab/abd"], Listed("sha256/ab/abd"));
        Assert.Equal(["sha256/ab/abc", "sha256/ab/abd"], Listed("sha256/ab/ab"));
        Assert.Equal([paths[5]], Listed("with space/"));
        Assert.Equal(Bytes(paths[5].Length), Read(paths[5]));
        Assert.Equal(paths[5].Length, Remote.Find(paths[5])!.Bytes);
    }

    [Fact]
    public void A_list_has_all_of_many()
    {
        string[] paths = [.. Enumerable.Range(0, 40).Select(static i => $"many/{i % 7}/{i}")];

        // As many at once as a transfer has. More of them would keep all threads of the pool waiting, and the requests' own work from
        // having any, until the other side gives up.
        Parallel.ForEach(paths, new ParallelOptions { MaxDegreeOfParallelism = 4 }, path => Put(path, 5));
        Assert.Equal(paths.Order(StringComparer.Ordinal), Remote.List("many/").Select(static file => file.Path).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(199_999)]
    [InlineData(200_000)]
    public void Reading_begins_where_it_is_asked_to(int offset)
    {
        byte[] bytes = Bytes(200_000);
        Assert.True(Remote.TryCreate("a", Of(bytes)));
        RemoteContent content = Remote.TryOpen("a", offset)!;
        Assert.Equal(200_000, content.Bytes);
        Assert.Equal(bytes[offset..], ToArray(content));
    }

    [Fact]
    public void A_name_that_is_taken_stays_as_it_is()
    {
        Assert.True(Remote.TryCreate("a", Of(Bytes(5))));
        Assert.False(Remote.TryCreate("a", Of(Bytes(6))));
        using IRemoteFiles other = Harness.OpenAgain();
        Assert.False(other.TryCreate("a", Of(Bytes(5))));
        Assert.Equal(Bytes(5), Read("a"));
        Assert.Single(Harness.Everything());
    }

    [Fact]
    public void What_is_replaced_is_the_new_file_also_where_it_has_the_size_of_the_old_one()
    {
        Remote.Replace("a", Of(Bytes(5)));
        Assert.Equal(Bytes(5), Read("a"));
        byte[] other = [.. Bytes(5).Select(static value => (byte)(value ^ 1))];
        Remote.Replace("a", Of(other));
        Assert.Equal(other, Read("a"));
        Remote.Replace("a", Of(Bytes(70_000)));
        Assert.Equal(Bytes(70_000), Read("a"));
        Assert.Single(Harness.Everything());
    }

    [Fact]
    public void What_is_removed_is_gone_and_can_come_again()
    {
        Put("a/b", 3);
        Put("a/c", 4);
        Assert.True(Remote.Remove("a/b"));
        Assert.False(Remote.Remove("a/b"));
        Assert.Null(Remote.Find("a/b"));
        Assert.Equal(["a/c"], Remote.List("").Select(static file => file.Path));
        Put("a/b", 6);
        Assert.Equal(Bytes(6), Read("a/b"));
    }

    [Fact]
    public void What_was_seen_is_removed_and_what_took_its_place_is_not()
    {
        Put("a/b", 3);
        RemoteFile seen = Remote.List("a/").Single();
        Put("a/c", 5);
        Assert.True(Remote.TryRemove(seen));
        Assert.Null(Remote.Find("a/b"));
        Assert.True(Remote.TryRemove(seen));

        Put("a/b", 4);
        Assert.False(Remote.TryRemove(seen));
        Assert.False(Remote.TryRemove(Remote.Find("a/c")! with { Path = "a/b" }));
        Assert.Equal(Bytes(4), Read("a/b"));
        Assert.True(Remote.TryRemove(Remote.Find("a/b")!));
        Assert.Equal(["a/c"], Remote.List("").Select(static file => file.Path));
        Assert.Equal(HasConditions, Remote.HasConditions());
    }

    [Fact]
    public void Two_writers_at_once_leave_one_whole_file()
    {
        using IRemoteFiles other = Harness.OpenAgain();

        // Without conditions with attempts repeated, as commands have it: some places refuse who makes a folder at the same moment as
        // another. Where there are conditions the first attempt answers.
        IRemoteFiles[] writers = HasConditions ? [Remote, other] : [new RetryingFiles(Remote), new RetryingFiles(other)];
        byte[][] bytes = [Bytes(300_000), Bytes(300_001)];
        var created = new bool[2];
        Parallel.For(0, 2, i => created[i] = writers[i].TryCreate("a", Of(bytes[i])));

        Assert.Contains(true, created);
        byte[] there = Assert.Single(Harness.Everything()).Value;
        Assert.Contains(there, bytes);
        Assert.True(created[0] != created[1] || !HasConditions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50_000)]
    [InlineData((3 << 20) + 17)]
    public void Bytes_that_were_damaged_here_never_arrive(int size)
    {
        byte[] bytes = Bytes(size);
        string sha256 = Hash(bytes);
        bytes[^1] ^= 1;
        File.WriteAllBytes(_folder["damaged"], bytes);
        Upload damaged = Upload.OfFile(_folder["damaged"], sha256);

        Assert.Equal("UploadDamaged", Assert.Throws<HarvestException>(() => Remote.TryCreate("a", damaged)).ErrorId);
        Assert.Equal("UploadDamaged", Assert.Throws<HarvestException>(() => Remote.Replace("a", damaged)).ErrorId);
        Assert.Null(Remote.Find("a"));
        Assert.Empty(Harness.Everything());

        // And do not harm what is there.
        Put("a", 9);
        Assert.Equal("UploadDamaged", Assert.Throws<HarvestException>(() => Remote.Replace("a", damaged)).ErrorId);
        Assert.Equal(Bytes(9), Read("a"));
        Assert.Single(Harness.Everything());
    }

    [Fact]
    public void A_file_that_became_shorter_never_arrives()
    {
        File.WriteAllBytes(_folder["a"], Bytes(100_000));
        Upload upload = Upload.OfFile(_folder["a"], Hash(Bytes(100_000)));
        File.WriteAllBytes(_folder["a"], Bytes(100_000)[..60_000]);

        Assert.Equal("UploadDamaged", Assert.Throws<HarvestException>(() => Remote.TryCreate("a", upload)).ErrorId);
        Assert.Empty(Harness.Everything());
    }

    [Fact]
    public void An_upload_that_is_cancelled_half_way_leaves_nothing()
    {
        byte[] bytes = Bytes(9_000_000);
        File.WriteAllBytes(_folder["a"], bytes);
        using var cancel = new CancellationTokenSource();
        long sent = 0;
        Upload upload = Upload.OfFile(_folder["a"], Hash(bytes), count =>
        {
            sent += count;
            if (sent > 4_000_000)
            {
                cancel.Cancel();
            }
        });

        Assert.ThrowsAny<OperationCanceledException>(() => Remote.TryCreate("a", upload, cancel.Token));
        Assert.Null(Remote.Find("a"));
        Assert.Empty(Harness.Everything());
    }

    [Fact]
    public void A_download_that_is_cancelled_half_way_ends()
    {
        Assert.True(Remote.TryCreate("a", Of(Bytes(9_000_000))));
        using var cancel = new CancellationTokenSource();
        RemoteContent content = Remote.TryOpen("a", cancellation: cancel.Token)!;
        using (content.Stream)
        {
            Assert.NotEqual(0, content.Stream.Read(new byte[1000], 0, 1000));
            cancel.Cancel();
            if (EndsReading)
            {
                Assert.ThrowsAny<OperationCanceledException>(() => content.Stream.CopyTo(Stream.Null));
            }
        }

        Assert.Equal(Bytes(9_000_000), Read("a"));
    }

    [Fact]
    public void Nothing_is_begun_once_it_is_cancelled()
    {
        Put("a", 3);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => Remote.Find("a", cancel.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Remote.TryOpen("a", 0, cancel.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Remote.TryCreate("b", Of(Bytes(3)), cancel.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Remote.Replace("a", Of(Bytes(4)), cancel.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Remote.Remove("a", cancel.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Remote.List("", cancel.Token).Count());
        Assert.Equal(Bytes(3), Assert.Single(Harness.Everything()).Value);
    }

    [Fact]
    public void What_killed_uploads_left_is_in_no_list_and_is_removed_once_it_is_a_day_old()
    {
        Put("sha256/ab/abc", 3);
        string[] left = [.. new[] { "sha256/ab/", "exports/", "sha256/cd/" }.Select(static (folder, i) => $"{folder}{PendingFile.TemporaryPrefix}1-{i}")];
        foreach (string path in left)
        {
            Harness.Put(path, Bytes(10));
        }

        if (Harness.PathOf(left[0]) is null)
        {
            return;
        }

        File.SetLastWriteTimeUtc(Harness.PathOf(left[0])!, DateTime.UtcNow.AddHours(-25));
        File.SetLastWriteTimeUtc(Harness.PathOf(left[1])!, DateTime.UtcNow.AddHours(-25));
        File.SetLastWriteTimeUtc(Harness.PathOf(left[2])!, DateTime.UtcNow.AddHours(-23));

        Assert.Equal(["sha256/ab/abc"], Remote.List("").Select(static file => file.Path));
        Assert.Equal(left.Order(StringComparer.Ordinal), RemoteLeftovers.Of(Remote, CancellationToken.None).Select(static one => one.Path).Order(StringComparer.Ordinal));
        Assert.Equal(2, RemoteLeftovers.Remove(Remote, DateTimeOffset.UtcNow, CancellationToken.None));
        Assert.Equal([left[2], "sha256/ab/abc"], Harness.Everything().Keys.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public void Several_transfers_run_at_once()
    {
        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i =>
        {
            byte[] bytes = Bytes(100_000 + i);
            Assert.True(Remote.TryCreate($"at once/{i}", Of(bytes)));
            Assert.Equal(bytes, Read($"at once/{i}"));
        });
        Assert.Equal(12, Harness.Everything().Count);
    }

    /// <summary>Whether of two that create a file at once exactly one is refused.</summary>
    private protected virtual bool HasConditions => true;

    /// <summary>Whether a read of the remote may wait, and so ends when it is cancelled.</summary>
    private protected virtual bool EndsReading => true;

    private protected static byte[] Bytes(int size)
    {
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private protected static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private protected static Upload Of(byte[] bytes) => Upload.OfBytes("bytes", bytes);

    private protected byte[] Read(string path) => ToArray(Remote.TryOpen(path)!);

    private static byte[] ToArray(RemoteContent content)
    {
        using (content.Stream)
        {
            var copy = new MemoryStream();
            content.Stream.CopyTo(copy);
            return copy.ToArray();
        }
    }

    private void Put(string path, int size) => Assert.True(Remote.TryCreate(path, Of(Bytes(size))));
}
