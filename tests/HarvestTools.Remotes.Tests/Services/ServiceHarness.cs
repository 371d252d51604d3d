using HarvestTools.Remotes;
using HarvestTools.Remotes.Rclone;
using HarvestTools.Remotes.S3;
using HarvestTools.Tests.Remotes;
using HarvestTools.Tests.S3;

namespace HarvestTools.Tests.Services;

/// <summary>
/// A folder of its own of a service that .ci/services/remotes.sh has started and named in the environment. What is there is looked at
/// through the files themselves.
/// </summary>
internal sealed class ServiceHarness : RemoteHarness
{
    private readonly string? _address;
    private readonly Func<string, string, IRemoteFiles> _open;
    private readonly string _folder = Guid.NewGuid().ToString("N");
    private readonly Lazy<IRemoteFiles> _files;

    private ServiceHarness(string variable, Func<string, string, IRemoteFiles> open)
    {
        AwsEnvironment.UseTestCredentials();
        _address = Environment.GetEnvironmentVariable(variable);
        _open = open;
        _files = new(OpenAgain);
        Assert.SkipWhen(string.IsNullOrEmpty(_address), $"no such service here: {variable} is not set; .ci/services/remotes.sh starts it");
    }

    public override IRemoteFiles Files => _files.Value;

    /// <summary>A server that speaks S3, with the bucket <c>harvest</c>.</summary>
    public static ServiceHarness OfS3(string variable, string profile, S3Limits? limits = null) => new(
        variable,
        (address, folder) => new S3Files(new S3Place($"s3://harvest/{folder}", "harvest", folder + "/", address, "us-east-1", profile), limits));

    /// <summary>A remote of rclone's settings.</summary>
    public static ServiceHarness OfRclone(string variable) => new(variable, static (address, folder) => new RcloneFiles(RclonePlace.Of($"rclone:{address.TrimEnd('/')}/{folder}")));

    /// <summary>The same with attempts repeated, for a service that has trouble of its own.</summary>
    public RetryingFiles Patient => new(Files);

    public override IRemoteFiles OpenAgain() => _open(_address!, _folder);

    public override IReadOnlyDictionary<string, byte[]> Everything() => Patient.List("").ToDictionary(
        static file => file.Path,
        file =>
        {
            using Stream stream = Patient.TryOpen(file.Path)!.Stream;
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        },
        StringComparer.Ordinal);

    public override void Put(string path, byte[] bytes) => Files.Replace(path, Upload.OfBytes(path, bytes));

    public override void Dispose()
    {
        if (_files.IsValueCreated)
        {
            Files.Dispose();
        }
    }
}
