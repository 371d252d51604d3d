using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace HarvestTools.Remotes.S3;

/// <summary>
/// What a request failed with, in our words: trouble that may pass, or an error. Neither texts of the server nor exceptions of the SDK
/// are passed on: they may hold a key, a token or a signature.
/// </summary>
internal static class S3Faults
{
    private static readonly HashSet<string> s_passing = new(StringComparer.Ordinal)
    {
        "SlowDown", "RequestTimeout", "RequestTimeoutException", "InternalError", "ServiceUnavailable", "Throttling", "ThrottlingException",
        "TooManyRequests", "TooManyRequestsException", "RequestLimitExceeded", "BandwidthLimitExceeded", "OperationAborted", "ConditionalRequestConflict",

        // Bytes that changed on the way, and parts of an upload that somebody else completed or removed meanwhile.
        "BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody", "NoSuchUpload", "InvalidPart",
    };

    private static readonly Dictionary<string, string> s_denied = new(StringComparer.Ordinal)
    {
        ["InvalidAccessKeyId"] = "it does not know the access key",
        ["SignatureDoesNotMatch"] = "the secret key does not belong to the access key",
        ["ExpiredToken"] = "the session has expired",
        ["TokenRefreshRequired"] = "the session has expired",
        ["InvalidToken"] = "the session token is not valid",
    };

    /// <param name="remote">The remote's name.</param>
    /// <param name="what">What was asked for.</param>
    /// <param name="exception">What the SDK has thrown.</param>
    public static Exception From(string remote, string what, Exception exception)
    {
        foreach (Exception inner in Chain(exception))
        {
            switch (inner)
            {
                case HarvestException or RemoteTroubleException:
                    return inner;
                case CredentialsMissingException:
                    return RemoteErrors.RemoteDenied(remote, what, inner.Message);
                case AmazonServiceException { StatusCode: not 0 } said:
                    return FromAnswer(remote, what, said);
                case AuthenticationException:
                    return RemoteErrors.RemoteRefused(remote, what, "no secure connection came about: its certificate is not trusted here, or it speaks no TLS");
                case SocketException socket:
                    return new RemoteTroubleException(TextOf(socket.SocketErrorCode));
                default:
                    break;
            }
        }

        return Chain(exception).Any(static inner => inner is IOException or HttpRequestException or TimeoutException or OperationCanceledException)
            ? new RemoteTroubleException("the connection was closed")
            : RemoteErrors.RemoteRefused(remote, what, "its answer was not understood");
    }

    /// <summary>Whether an answer says that the bucket does not exist.</summary>
    public static bool IsNoBucket(AmazonServiceException said) => said.ErrorCode == "NoSuchBucket";

    private static Exception FromAnswer(string remote, string what, AmazonServiceException said)
    {
        int status = (int)said.StatusCode;
        string code = CodeOf(said);
        if (code == "RequestTimeTooSkewed")
        {
            return RemoteErrors.RemoteClockDiffers(remote);
        }

        if (s_passing.Contains(code) || status is 408 or 429 || (status >= 500 && said.StatusCode is not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported)))
        {
            return new RemoteTroubleException($"it answered {code}", WaitOf(said));
        }

        if (IsNoBucket(said))
        {
            return RemoteErrors.RemoteNotThere(remote, "there is no such bucket");
        }

        if (s_denied.TryGetValue(code, out string? why))
        {
            return RemoteErrors.RemoteDenied(remote, what, why);
        }

        if (status is 401 or 403)
        {
            return RemoteErrors.RemoteDenied(remote, what, $"it answered {code}");
        }

        return code is "PermanentRedirect" or "TemporaryRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" || status is 301 or 307
            ? RemoteErrors.RemoteRefused(remote, what, $"the bucket is in another region; set \"region\" of the remote ({code})")
            : RemoteErrors.RemoteRefused(remote, what, $"it answered {code}");
    }

    /// <summary>The code that the server gave, which is a word; its status where it gave none.</summary>
    private static string CodeOf(AmazonServiceException said) =>
        said.ErrorCode is { Length: > 0 and <= 60 } code && code.All(char.IsAsciiLetterOrDigit)
            ? code
            : string.Create(CultureInfo.InvariantCulture, $"status {(int)said.StatusCode}");

    private static TimeSpan? WaitOf(AmazonServiceException said)
    {
        string? text = Chain(said).OfType<HttpErrorResponseException>().FirstOrDefault()?.Response?.GetHeaderValue("Retry-After");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset until) && until > DateTimeOffset.UtcNow ? until - DateTimeOffset.UtcNow
            : null;
    }

    private static string TextOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "nothing listens at its address",
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => "its name was not found",
        SocketError.TimedOut => "no connection came about in time",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown => "its network cannot be reached",
        _ => "the connection was closed",
    };

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            yield return inner;
        }
    }
}
