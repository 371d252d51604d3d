using HarvestTools.Manifests;

namespace HarvestTools.Remotes.Rclone;

/// <summary>Where a remote of rclone is.</summary>
/// <param name="Name">Its address, for messages, without parameters.</param>
/// <param name="Fs">What rclone calls it: <c>remote:path</c>.</param>
internal sealed record RclonePlace(string Name, string Fs)
{
    public static RclonePlace Of(string url)
    {
        string address = url.TrimEnd('/');
        return new RclonePlace(new RemoteSettings { Name = RemoteSettings.DefaultName, Url = address }.ShownUrl, address["rclone:".Length..]);
    }
}
