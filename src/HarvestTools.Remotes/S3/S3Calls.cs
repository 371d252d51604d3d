using System.Net;
using System.Runtime.ExceptionServices;
using Amazon.Runtime;
using Amazon.S3;
using HarvestTools.Remotes.Streams;

namespace HarvestTools.Remotes.S3;

/// <summary>Requests to a bucket, waited for: the answer, null where it is one that was expected, or what went wrong in our words.</summary>
/// <param name="client">The SDK's client.</param>
/// <param name="place">Where it is.</param>
/// <param name="limits">How long to wait.</param>
internal sealed class S3Calls(AmazonS3Client client, S3Place place, S3Limits limits)
{
    /// <summary>The SDK's client.</summary>
    public AmazonS3Client Client => client;

    /// <summary>Where it is.</summary>
    public S3Place Place => place;

    /// <summary>Limits of transfers.</summary>
    public S3Limits Limits => limits;

    /// <summary>
    /// Whether bodies are signed. Over TLS nobody can change them, and the store compares the checksum in the header. Without it they
    /// are read once more, since the signature comes first; a body signed piece by piece, which needs no second reading, is stored with
    /// the signatures in it by some servers.
    /// </summary>
    public bool SignsBodies { get; } = client.Config.ServiceURL?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true;

    /// <param name="what">What is asked for, for messages.</param>
    /// <param name="request">Makes the request.</param>
    /// <param name="quiet">A status that gives null instead of an error.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="watch">Watches a body that is sent; null for one that is only waited for.</param>
    public T? TryAsk<T>(string what, Func<CancellationToken, Task<T>> request, HttpStatusCode quiet, CancellationToken cancellation, SilenceWatch? watch = null)
        where T : class
    {
        cancellation.ThrowIfCancellationRequested();
        SilenceWatch? own = watch is null ? new SilenceWatch(limits.Patience, cancellation) : null;
        try
        {
            return request((watch ?? own)!.Token).GetAwaiter().GetResult();
        }
        catch (AmazonServiceException said) when (said.StatusCode == quiet && !S3Faults.IsNoBucket(said))
        {
            return null;
        }
        catch (Exception exception)
        {
            cancellation.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(
                (watch ?? own)!.Expired && !IsOurs(exception) ? new RemoteTroubleException((watch ?? own)!.Trouble) : S3Faults.From(place.Name, what, exception));
            throw;
        }
        finally
        {
            own?.Dispose();
        }
    }

    /// <summary>The same where no status is expected but success.</summary>
    /// <inheritdoc cref="TryAsk" path="/param"/>
    public T Ask<T>(string what, Func<CancellationToken, Task<T>> request, CancellationToken cancellation, SilenceWatch? watch = null)
        where T : class => TryAsk(what, request, 0, cancellation, watch)!;

    private static bool IsOurs(Exception exception) => exception is HarvestException || (exception.InnerException is { } inner && IsOurs(inner));
}
