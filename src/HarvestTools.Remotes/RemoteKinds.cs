using HarvestTools.Manifests;
using HarvestTools.Remotes.Rclone;
using HarvestTools.Remotes.S3;

namespace HarvestTools.Remotes;

/// <summary>The kinds of remotes that this assembly brings. The engine finds it by its name.</summary>
internal sealed class RemoteKinds : IRemoteKinds
{
    public IRemoteFiles Open(RemoteSettings settings) => settings.Url.StartsWith("s3://", StringComparison.Ordinal)
        ? new S3Files(S3Place.Of(settings))
        : new RcloneFiles(RclonePlace.Of(settings.Url));
}
