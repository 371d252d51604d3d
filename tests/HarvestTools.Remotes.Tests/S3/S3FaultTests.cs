using System.Diagnostics;
using HarvestTools.Remotes;
using HarvestTools.Remotes.S3;
using HarvestTools.Tests.Server;

namespace HarvestTools.Tests.S3;

/// <summary>How a store fails, and what becomes of it: tried again, or an error with an id of its own; never one with a key in it.</summary>
public sealed class S3FaultTests : IDisposable
{
    private readonly S3Harness _harness = new(limits: new S3Limits { Patience = TimeSpan.FromSeconds(2) });
    private readonly List<TimeSpan> _waits = [];

    private S3Server Server => _harness.Server;

    private RetryingFiles Files => new(_harness.Files, wait: (pause, _) => _waits.Add(pause));

    public void Dispose() => _harness.Dispose();

    public static TheoryData<int, string> Passing => new()
    {
        { 503, "SlowDown" }, { 503, "ServiceUnavailable" }, { 500, "InternalError" }, { 502, "x" }, { 504, "x" }, { 429, "TooManyRequests" }, { 400, "RequestTimeout" },
        { 409, "ConditionalRequestConflict" }, { 409, "OperationAborted" }, { 400, "BadDigest" }, { 400, "XAmzContentSHA256Mismatch" }, { 408, "x" },
    };

    public static TheoryData<int, string, string> Final => new()
    {
        { 403, "AccessDenied", "RemoteDenied" }, { 403, "InvalidAccessKeyId", "RemoteDenied" }, { 403, "SignatureDoesNotMatch", "RemoteDenied" }, { 401, "Unauthorized", "RemoteDenied" },
        { 400, "ExpiredToken", "RemoteDenied" }, { 400, "InvalidToken", "RemoteDenied" }, { 403, "RequestTimeTooSkewed", "RemoteClockDiffers" }, { 404, "NoSuchBucket", "RemoteNotThere" },
        { 301, "PermanentRedirect", "RemoteRefused" }, { 400, "AuthorizationHeaderMalformed", "RemoteRefused" }, { 400, "InvalidArgument", "RemoteRefused" },
        { 501, "NotImplemented", "RemoteRefused" }, { 507, "x", "RemoteUnavailable" },
    };

    [Theory]
    [MemberData(nameof(Passing))]
    public void What_may_pass_is_tried_again(int status, string code)
    {
        Files.Replace("a", Upload.OfBytes("a", [1]));

        // The answer to a request for the head alone has a status and no code.
        foreach (Action call in Calls("a").Skip(status is >= 500 or 408 or 429 ? 0 : 1).SkipLast(status is >= 500 or 408 or 429 ? 0 : 1))
        {
            _waits.Clear();
            Server.Fail(new S3Fault(S3FaultKind.Answer) { Status = status, Code = code }, 2);
            call();
            Assert.Equal(2, _waits.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Final))]
    public void Everything_else_is_an_error_at_once_and_says_nothing_secret(int status, string code, string id)
    {
        Files.Replace("a", Upload.OfBytes("a", [1]));
        foreach (Action call in Calls("a"))
        {
            _waits.Clear();
            Server.Fail(new S3Fault(S3FaultKind.Answer) { Status = status, Code = code, Message = $"{S3Server.SecretKey} {S3Server.AccessKey}" }, 50);
            HarvestException error = Assert.Throws<HarvestException>(call);
            Assert.Contains(error.ErrorId, new[] { id, IdWithoutABody(status) });
            Assert.Equal(error.ErrorId == "RemoteUnavailable" ? RetryingFiles.Attempts - 1 : 0, _waits.Count);
            AssertNothingSecret(error);
            Server.Forget();
        }
    }

    [Fact]
    public void The_store_says_how_long_to_wait()
    {
        Server.Fail(new S3Fault(S3FaultKind.Answer) { RetryAfter = "17" });
        Assert.Empty(Files.List(""));
        Assert.Equal([TimeSpan.FromSeconds(17)], _waits);
    }

    [Fact]
    public void A_connection_that_is_closed_before_the_answer_is_made_again()
    {
        Files.Replace("a", Upload.OfBytes("a", [1]));
        foreach (Action call in Calls("a"))
        {
            _waits.Clear();
            Server.Fail(new S3Fault(S3FaultKind.CloseBefore), 2);
            call();

            // One of the two may have been a connection that was kept from before, which the client makes again by itself.
            Assert.InRange(_waits.Count, 1, 2);
            Server.Forget();
        }
    }

    [Fact]
    public void A_file_is_created_once_also_where_the_answer_is_lost()
    {
        Assert.True(Files.TryCreate("first", Upload.OfBytes("a", [1])));
        Server.Fail(new S3Fault(S3FaultKind.CloseAfter) { Method = "PUT", Containing = "/lost" });
        Assert.True(Files.TryCreate("lost", Upload.OfBytes("a", [1, 2, 3])));
        Assert.Single(_waits);
        Assert.Equal([1, 2, 3], _harness.Everything()["lost"]);
    }

    [Fact]
    public void A_download_goes_on_at_the_byte_where_it_broke_off()
    {
        var bytes = new byte[1_000_000];
        new Random(1).NextBytes(bytes);
        Files.Replace("a", Upload.OfBytes("a", bytes));
        Server.Fail(new S3Fault(S3FaultKind.CloseWithin) { Method = "GET", Containing = "/a" }, 2);
        using Stream stream = Files.TryOpen("a")!.Stream;
        var copy = new MemoryStream();
        stream.CopyTo(copy);

        Assert.Equal(bytes, copy.ToArray());
        Assert.Equal(2, _waits.Count);

        // How much of what was sent before the connection was closed arrives is the network's affair; it is not asked for again.
        int[] asked = [.. Server.Requests.Where(static request => request.Contains("bytes=", StringComparison.Ordinal)).Select(static request => int.Parse(request.Split('=', '-')[^2], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(3, asked.Length);
        Assert.True(asked[0] == 0 && asked[0] < asked[1] && asked[1] < asked[2], string.Join(", ", asked));
    }

    [Fact]
    public void A_store_that_says_nothing_is_not_waited_for_for_ever()
    {
        Server.Fail(new S3Fault(S3FaultKind.Slow) { Delay = TimeSpan.FromSeconds(30) });
        var clock = Stopwatch.StartNew();
        Assert.Null(Files.Find("a"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 1, 20);
        Assert.Single(_waits);
    }

    [Fact]
    public void One_that_is_only_slow_is()
    {
        Server.Fail(new S3Fault(S3FaultKind.Slow) { Delay = TimeSpan.FromSeconds(0.5) });
        Assert.Null(Files.Find("a"));
        Assert.Empty(_waits);
    }

    [Fact]
    public void A_bucket_that_is_not_there_is_no_empty_one()
    {
        using var files = new S3Files(new S3Place("s3://nowhere", "nowhere", "", Server.Endpoint));
        foreach (Action call in new Action[]
        {
            () => files.Find("a"),
            () => Assert.Empty(files.List("")),
            () => files.TryOpen("a"),
            () => files.TryCreate("a", Upload.OfBytes("a", [1])),
            () => files.Remove("a"),
        })
        {
            Assert.Equal("RemoteNotThere", Assert.Throws<HarvestException>(call).ErrorId);
        }
    }

    [Fact]
    public void Nothing_listens()
    {
        string endpoint = Server.Endpoint;
        Server.Dispose();
        using var inner = new S3Files(new S3Place("s3://bucket", "bucket", "", endpoint));
        HarvestException error = Assert.Throws<HarvestException>(() => new RetryingFiles(inner, wait: static (_, _) => { }).Find("a"));
        Assert.Equal("RemoteUnavailable", error.ErrorId);
        Assert.Contains("nothing listens", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Every kind of request that the files make.</summary>
    private Action[] Calls(string path) =>
    [
        () => Files.Find(path),
        () => Assert.NotEmpty(Files.List("")),
        () => Files.TryOpen(path)!.Stream.Dispose(),
        () => Files.Replace(path, Upload.OfBytes("a", [2])),
        () => Files.TryCreate($"{path}{Guid.NewGuid()}", Upload.OfBytes("a", [2])),
        () => Files.Remove(path + "x"),
    ];

    // The answer to a request for the head alone has its status and nothing besides; what is not there then is looked for in the bucket.
    private static string IdWithoutABody(int status) => status switch
    {
        401 or 403 => "RemoteDenied",
        404 => "RemoteNotThere",
        >= 500 and not 501 => "RemoteUnavailable",
        _ => "RemoteRefused",
    };

    private static void AssertNothingSecret(Exception error)
    {
        string all = error.ToString() + ((error as HarvestException)?.Remedy.ToString() ?? "");
        Assert.DoesNotContain(S3Server.SecretKey, all, StringComparison.Ordinal);
        Assert.DoesNotContain(S3Server.AccessKey, all, StringComparison.Ordinal);
        Assert.DoesNotContain("Signature=", all, StringComparison.Ordinal);
        Assert.DoesNotContain("Amazon", all, StringComparison.Ordinal);
    }
}
