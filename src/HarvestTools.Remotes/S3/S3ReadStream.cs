using Amazon.S3.Model;
using HarvestTools.Remotes.Streams;

namespace HarvestTools.Remotes.S3;

/// <summary>An object's bytes on their way.</summary>
internal sealed class S3ReadStream(GetObjectResponse response, SilenceWatch watch, CancellationToken cancellation)
    : ArrivingStream(response.ResponseStream, watch, cancellation)
{
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
