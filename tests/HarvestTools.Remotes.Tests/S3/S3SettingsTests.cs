using System.Diagnostics;
using System.Text;
using HarvestTools.Remotes;
using HarvestTools.Remotes.S3;
using HarvestTools.Tests.Server;

namespace HarvestTools.Tests.S3;

/// <summary>Tests that change the environment run alone.</summary>
[CollectionDefinition(nameof(AloneWithTheEnvironment), DisableParallelization = true)]
public sealed class AloneWithTheEnvironment;

/// <summary>Who one is and where the store is, from settings, environment and profiles.</summary>
[Collection(nameof(AloneWithTheEnvironment))]
public sealed class S3SettingsTests : IDisposable
{
    private readonly S3Server _server = new();

    public void Dispose()
    {
        AwsEnvironment.Clear();
        AwsEnvironment.UseTestCredentials();
        _server.Dispose();
    }

    [Fact]
    public void Without_credentials_that_is_said_at_once_and_nothing_is_asked()
    {
        AwsEnvironment.Clear();
        var clock = Stopwatch.StartNew();
        HarvestException error = Assert.Throws<HarvestException>(() => Open().Find("a"));

        Assert.Equal("RemoteDenied", error.ErrorId);
        Assert.Contains("there are no credentials", error.Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 3);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void A_profile_of_the_settings_or_of_the_environment_gives_them()
    {
        AwsEnvironment.Clear();
        Assert.Null(Open("team").Find("a"));
        Environment.SetEnvironmentVariable("AWS_PROFILE", "team");
        Assert.Null(Open().Find("a"));

        // The one that the settings name counts before the environment's keys.
        AwsEnvironment.UseTestCredentials();
        Assert.Equal("RemoteDenied", Assert.Throws<HarvestException>(() => Open("unknown").Find("a")).ErrorId);
    }

    [Fact]
    public void A_profile_that_is_not_there_is_named()
    {
        HarvestException error = Assert.Throws<HarvestException>(() => Open("nobody").Find("a"));
        Assert.Equal("RemoteDenied", error.ErrorId);
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_S3")]
    [InlineData("AWS_ENDPOINT_URL")]
    public void The_environment_may_name_the_server(string variable)
    {
        AwsEnvironment.UseTestCredentials();
        Environment.SetEnvironmentVariable(variable, _server.Endpoint);
        using var files = new S3Files(new S3Place("s3://the-bucket", S3Server.Bucket, $"{variable}/"));
        Assert.True(files.TryCreate("a", Upload.OfBytes("a", [1])));
        Assert.True(_server.Contents.Objects.ContainsKey($"{variable}/a"));
    }

    [Theory]
    [InlineData("s3://bucket", "bucket", "a")]
    [InlineData("s3://bucket/", "bucket", "a")]
    [InlineData("s3://bucket/x/y", "bucket", "x/y/a")]
    [InlineData("s3://bucket//x/", "bucket", "x/a")]
    public void An_address_is_a_bucket_and_a_prefix(string url, string bucket, string key)
    {
        S3Place place = S3Place.Of(new() { Name = "origin", Url = url });
        Assert.Equal((bucket, key), (place.Bucket, place.KeyOf("a")));
    }

    [Fact]
    public void The_root_says_which_layout_the_files_have_and_another_one_is_not_written_to()
    {
        AwsEnvironment.UseTestCredentials();
        S3Files files = Open();
        Assert.False(files.KeepsChecksums);
        Assert.True(files.TryCreate("a", Upload.OfBytes("a", [1])));
        Assert.Equal("{\"layout\":1}\n", Encoding.UTF8.GetString(_server.Contents.Objects["p/harvest-remote"].Bytes));
        Assert.True(Open().KeepsChecksums);
        Assert.Equal(["a"], files.List("").Select(static file => file.Path));

        _server.Contents.Put("q/harvest-remote", "{\"layout\":2}"u8.ToArray());
        HarvestException error = Assert.Throws<HarvestException>(() => Open(prefix: "q/").TryCreate("b", Upload.OfBytes("b", [1])));
        Assert.Equal("RemoteLayoutUnknown", error.ErrorId);
        Assert.DoesNotContain("q/b", _server.Contents.Objects.Keys);
    }

    [Fact]
    public void A_layout_that_cannot_be_read_is_named_by_who_only_looks_and_a_remote_without_one_is_fine()
    {
        AwsEnvironment.UseTestCredentials();
        _server.Contents.Put("r/harvest-remote", "garbage"u8.ToArray());
        IRemoteFiles damaged = new RetryingFiles(Open(prefix: "r/"));

        Assert.Equal("RemoteLayoutUnknown", Assert.Throws<HarvestException>(() => damaged.RequireLayout(TestContext.Current.CancellationToken)).ErrorId);
        Open(prefix: "s/").RequireLayout(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("s/harvest-remote", _server.Contents.Objects.Keys);
    }

    [Fact]
    public void What_the_store_can_do_is_found_out_once()
    {
        AwsEnvironment.UseTestCredentials();
        for (int i = 0; i < 5; i++)
        {
            using S3Files files = Open();
            Assert.True(files.TryCreate($"{i}", Upload.OfBytes("a", [1])));
        }

        // Written twice to see whether the second is refused, and read once; then every file with one request.
        Assert.Equal(3, _server.Requests.Count(static request => request.EndsWith("harvest-remote", StringComparison.Ordinal)));
        Assert.Equal(8, _server.Requests.Count);
    }

    [Fact]
    public void The_bytes_are_sent_with_their_hash()
    {
        AwsEnvironment.UseTestCredentials();
        Assert.True(Open().TryCreate("a", Upload.OfBytes("a", [1, 2])));
        Assert.Contains("x-amz-checksum-sha256", _server.Headers["PUT /the-bucket/p/a"], StringComparer.OrdinalIgnoreCase);
        Assert.Contains("If-None-Match", _server.Headers["PUT /the-bucket/p/a"], StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_engine_finds_the_kinds_by_name()
    {
        AwsEnvironment.UseTestCredentials();
        using Remote remote = RemoteOpener.Open(new() { Name = "origin", Url = $"s3://{S3Server.Bucket}/p", Endpoint = _server.Endpoint }, "/", Path.GetTempPath(), null);
        Assert.Null(remote.Files.Find("a"));
        using Remote other = RemoteOpener.Open(new() { Name = "origin", Url = "rclone:name:path" }, "/", Path.GetTempPath(), null);
        Assert.Equal("rclone:name:path", other.Files.Name);
    }

    private S3Files Open(string? profile = null, string prefix = "p/") =>
        new(new S3Place($"s3://{S3Server.Bucket}", S3Server.Bucket, prefix, _server.Endpoint, Profile: profile), new S3Limits { Patience = TimeSpan.FromSeconds(20) });
}
