using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Remotes;
using HarvestTools.Space;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Services;

/// <summary>Notes and removes in stores that others wrote: one that compares before it removes, and one that knows no conditions.</summary>
public sealed class RemoteGcServiceTests : IDisposable
{
    private readonly TemporaryFolder _spill = new();

    public void Dispose() => _spill.Dispose();

    [Theory]
    [InlineData("HARVEST_TEST_RADOSGW", "radosgw", true)]
    [InlineData("HARVEST_TEST_S3RVER", "s3rver", false)]
    public void What_nothing_needs_is_noted_and_removed_later(string variable, string profile, bool conditions)
    {
        using var harness = ServiceHarness.OfS3(variable, profile);
        Assert.Equal(conditions, harness.Patient.HasConditions());
        using var remote = new Remote(new RemoteSettings { Name = "origin", Url = "s3://harvest" }, harness.Patient, _spill.Path);
        string[] hashes = [.. new[] { "needed", "not needed" }.Select(text => Put(remote, text))];
        var clock = new SetClock();
        RegisteredAtRemote own = new("0123456789abcdef", "test", Timestamp.From(clock.Now), [hashes[0]]);
        RemoteRegistry.Declare(remote.Files, own, CancellationToken.None);
        using (RemoteUse.Begin(remote.Files, clock, [hashes[1]], null, null, CancellationToken.None))
        {
            Assert.Empty(Run().Look.Unneeded);
        }

        Assert.Equal([hashes[1]], Run().Look.Unneeded.Select(static thing => thing.Sha256));
        clock.Now += TimeSpan.FromDays(15);
        Assert.Equal([hashes[1]], Run().Removed);
        Assert.Equal([hashes[0]], remote.Objects.Contains(hashes));
        Assert.Contains(hashes[1], RemoteRemovals.Of(remote.Files, CancellationToken.None).Keys);
        Assert.Empty(remote.Files.List(RemoteSweeps.Folder));

        (RemoteLook Look, IReadOnlySet<string> Removed) Run() => new RemoteSweeper(remote, clock, "test", CancellationToken.None).Run(
            () => RemoteLook.At(remote, own, new ReachableObjects(), [], null, TimeSpan.FromDays(14), clock.Now, CancellationToken.None), []);
    }

    private static string Put(Remote remote, string text)
    {
        Upload upload = Upload.OfBytes(text, System.Text.Encoding.UTF8.GetBytes(text));
        remote.Objects.Add(upload);
        return upload.Sha256;
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
