using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Server;
using HarvestTools.Work;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.S3;

/// <summary>Removal from a bucket of what nothing needs: by the store's own comparison where it has one, and only alone where it has no conditions.</summary>
public sealed class S3RemoteGcTests : IDisposable
{
    private static readonly string s_hash = "aa".PadRight(64, 'b');

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_nothing_needs_goes_after_its_days()
    {
        using var server = new S3Server();
        Repository repository = Open(server, out string prefix);
        server.Contents.Put($"{prefix}/sha256/aa/{s_hash}", [1, 2, 3]);
        var request = new UnreachableRequest { Remote = "origin" };
        Assert.Equal(1, RemoveUnreachable.Run(repository, request, Later(0)).Noted);
        Assert.Equal(1, RemoveUnreachable.Run(repository, request, Later(13)).Waiting);
        Assert.Equal(1, RemoveUnreachable.Run(repository, request, Later(15)).Removed);
        Assert.DoesNotContain(server.Contents.Objects.Keys, static key => key.EndsWith(s_hash, StringComparison.Ordinal));
        Assert.DoesNotContain(server.Contents.Objects.Keys, static key => key.Contains("/gc/sweeps/", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_put_there_in_the_last_moment_stays()
    {
        using var server = new S3Server();
        Repository repository = Open(server, out string prefix);
        string key = $"{prefix}/sha256/aa/{s_hash}";
        server.Contents.Put(key, [1, 2, 3]);
        var request = new UnreachableRequest { Remote = "origin" };
        RemoveUnreachable.Run(repository, request, Later(0));
        server.BeforeConditionalRemoval = () => server.Contents.Put(key, [4, 5, 6]);
        Assert.Equal(0, RemoveUnreachable.Run(repository, request, Later(15)).Removed);
        Assert.Equal([4, 5, 6], server.Contents.Objects[key].Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_without_conditions_needs_that_nobody_else_works_there(bool refuses)
    {
        using var server = new S3Server { HasConditions = false, RefusesConditions = refuses, KeepsChecksums = false };
        Repository repository = Open(server, out string prefix);
        server.Contents.Put($"{prefix}/sha256/aa/{s_hash}", [1, 2, 3], checksum: false);
        var request = new UnreachableRequest { Remote = "origin" };
        Assert.Equal(1, RemoveUnreachable.Plan(repository, request, Later(0)).Noted);
        Assert.Equal("RemoteGcNeedsExclusive", Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(repository, request, Later(0))).ErrorId);
        Assert.DoesNotContain(server.Contents.Objects.Keys, static key => key.Contains("/registry/", StringComparison.Ordinal));

        RemoveUnreachable.Run(repository, request with { Exclusive = true }, Later(0));
        Assert.Equal(1, RemoveUnreachable.Run(repository, request with { Exclusive = true }, Later(15)).Removed);
        Assert.DoesNotContain(server.Contents.Objects.Keys, static key => key.EndsWith(s_hash, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_bucket_that_cannot_be_listed_nothing_goes()
    {
        using var server = new S3Server();
        Repository repository = Open(server, out string prefix);
        server.Contents.Put($"{prefix}/sha256/aa/{s_hash}", [1, 2, 3]);
        RemoveUnreachable.Run(repository, new UnreachableRequest { Remote = "origin" }, Later(0));
        server.Fail(new S3Fault(S3FaultKind.Answer) { Method = "GET", Containing = "registry", Status = 403, Code = "AccessDenied" }, 50);
        Assert.Equal("RemoteDenied", Assert.Throws<HarvestException>(() => RemoveUnreachable.Run(repository, new UnreachableRequest { Remote = "origin" }, Later(15))).ErrorId);
        Assert.Contains(server.Contents.Objects.Keys, static key => key.EndsWith(s_hash, StringComparison.Ordinal));
    }

    private static WorkContext Later(int days) => WorkContext.Default with { Threads = 2, Clock = new LaterClock(days) };

    private Repository Open(S3Server server, out string prefix)
    {
        AwsEnvironment.UseTestCredentials();
        prefix = $"team/{Guid.NewGuid():N}";
        Repository.Initialize(_folder["work"]);
        Repository repository = Repository.Find(_folder["work"]);
        (repository.Settings with { Remotes = [new RemoteSettings { Name = "origin", Url = $"s3://{S3Server.Bucket}/{prefix}", Endpoint = server.Endpoint }] }).Write(repository.SettingsPath);
        return Repository.Find(_folder["work"]);
    }

    private sealed class LaterClock(int days) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddDays(days);
    }
}
