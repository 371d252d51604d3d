namespace HarvestTools.Remotes.Rclone;

/// <summary>Where a remote of rclone is.</summary>
/// <param name="Name">Its address, for messages, without parameters.</param>
/// <param name="Fs">What rclone calls it: <c>remote:path</c>.</param>
internal sealed record RclonePlace(string Name, string Fs)
{
    public static RclonePlace Of(string url)
    {
        string fs = url["rclone:".Length..].TrimEnd('/');
        return new RclonePlace("rclone:" + WithoutParameters(fs), fs);
    }

    /// <summary>Parameters in the address (<c>remote,user=…:path</c>) may hold a password.</summary>
    private static string WithoutParameters(string fs)
    {
        int comma = fs.IndexOf(',', StringComparison.Ordinal);
        int colon = fs.IndexOf(':', comma < 0 ? 0 : comma);
        int last = fs.LastIndexOf(':');
        return comma < 0 || colon < comma ? fs : $"{fs[..comma]},…{fs[last..]}";
    }
}
