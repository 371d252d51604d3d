using HarvestTools.Remotes;
using HarvestTools.Remotes.S3;
using HarvestTools.Tests.Remotes;
using HarvestTools.Tests.Server;

namespace HarvestTools.Tests.S3;

/// <summary>A prefix of a bucket of the tests' own server.</summary>
internal sealed class S3Harness : RemoteHarness
{
    // A port that is free again is taken by the next server, and what a store can do is remembered by its address.
    private readonly string _prefix = $"team/{Guid.NewGuid():N}";
    private readonly S3Limits _limits;
    private readonly Lazy<S3Files> _files;

    public S3Harness(S3Server? server = null, S3Limits? limits = null)
    {
        AwsEnvironment.UseTestCredentials();
        Server = server ?? new S3Server();
        _limits = limits ?? new S3Limits();
        _files = new(() => (S3Files)OpenAgain());
    }

    public S3Server Server { get; }

    /// <summary>The key of a file.</summary>
    public string KeyOf(string path) => $"{_prefix}/{path}";

    public override IRemoteFiles Files => _files.Value;

    public override IRemoteFiles OpenAgain() => new S3Files(
        S3Place.Of(new() { Name = "origin", Url = $"s3://{S3Server.Bucket}/{_prefix}", Endpoint = Server.Endpoint }),
        _limits);

    public override IReadOnlyDictionary<string, byte[]> Everything() => Server.Contents.Objects
        .Select(one => (Path: one.Key[(_prefix.Length + 1)..], one.Value.Bytes))
        .Where(static one => one.Path != S3Marker.FileName)
        .ToDictionary(static one => one.Path, static one => one.Bytes, StringComparer.Ordinal);

    public override void Put(string path, byte[] bytes) => Server.Contents.Put(KeyOf(path), bytes, Server.KeepsChecksums);

    public override void Dispose()
    {
        if (_files.IsValueCreated)
        {
            _files.Value.Dispose();
        }

        Server.Dispose();
    }
}
