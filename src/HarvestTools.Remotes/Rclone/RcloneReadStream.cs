using HarvestTools.Remotes.Streams;

namespace HarvestTools.Remotes.Rclone;

/// <summary>A file's bytes on their way from rclone.</summary>
internal sealed class RcloneReadStream(HttpResponseMessage answer, SilenceWatch watch, CancellationToken cancellation)
    : ArrivingStream(answer.Content.ReadAsStream(CancellationToken.None), watch, cancellation)
{
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            answer.Dispose();
        }

        base.Dispose(disposing);
    }
}
