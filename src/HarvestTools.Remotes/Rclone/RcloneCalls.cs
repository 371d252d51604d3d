using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Remotes.Streams;

namespace HarvestTools.Remotes.Rclone;

/// <summary>
/// Requests to rclone, waited for. What it says of an error is looked at and never passed on: it may hold an address with a password.
/// </summary>
internal sealed class RcloneCalls(RclonePlace place, string program, TimeSpan patience) : IDisposable
{
    // In what rclone and its back ends say where there is nothing.
    private static readonly string[] s_missing = ["object not found", "directory not found", "file does not exist", "no such file", "not found in"];
    private static readonly string[] s_unknown = ["didn't find section in config file", "didn't find backend", "unknown remote"];
    private static readonly string[] s_denied =
        ["permission denied", "unable to authenticate", "access denied", "accessdenied", "forbidden", "unauthorized", "invalid_grant", "token expired", "signaturedoesnotmatch", "invalidaccesskeyid"];

    private static readonly string[] s_passing =
    [
        "connection refused", "connection reset", "broken pipe", "timeout", "timed out", "no such host", "eof", "too many requests", "rate limit", "slowdown",
        "temporarily", "unavailable", "bad gateway", "internal error", "internal server error", "handshake failed", "connection lost", "connection not open", "429", "503",
    ];

    // Two that make one folder at the same moment: SFTP has no word of its own for a folder that is there by now, and rclone gives up.
    private static readonly string[] s_folders = ["mkparentdir failed", "mkdir"];

    private readonly object _gate = new();
    private RcloneProgram? _program;

    /// <summary>The program, started where it is not.</summary>
    public RcloneProgram Program
    {
        get
        {
            lock (_gate)
            {
                if (_program is { HasEnded: true })
                {
                    _program.Dispose();
                    _program = null;
                }

                return _program ??= RcloneProgram.Start(place.Name, program);
            }
        }
    }

    /// <summary>A call of the remote control; null where it says that what is meant is not there.</summary>
    /// <param name="command">For example <c>operations/list</c>.</param>
    /// <param name="parameters">What is asked.</param>
    /// <param name="what">What it is about, for messages.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public JsonNode? Ask(string command, JsonObject parameters, string what, CancellationToken cancellation)
    {
        using var watch = new SilenceWatch(patience, cancellation);
        using HttpResponseMessage? answer = Send(
            () => new HttpRequestMessage(HttpMethod.Post, command) { Content = JsonOf(parameters) }, what, watch, cancellation);
        return answer is null ? null : Read(answer, watch, cancellation);
    }

    /// <summary>Sends a request and gives the answer to one that succeeded; null where nothing is there.</summary>
    /// <param name="request">Makes the request.</param>
    /// <param name="what">What it is about, for messages.</param>
    /// <param name="watch">Watches it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public HttpResponseMessage? Send(Func<HttpRequestMessage> request, string what, SilenceWatch watch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        HttpClient http = Program.Http;
        HttpResponseMessage answer = Wait(
            async () =>
            {
                using HttpRequestMessage message = request();
                return await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, watch.Token).ConfigureAwait(false);
            },
            watch,
            cancellation);
        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            string said = Wait(() => answer.Content.ReadAsStringAsync(watch.Token), watch, cancellation);
            return FaultOf(answer.StatusCode, ErrorIn(said), what) is { } fault ? throw fault : null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _program?.Dispose();
            _program = null;
        }
    }

    /// <summary>Null where it only is not there.</summary>
    internal Exception? FaultOf(HttpStatusCode status, string said, string what)
    {
        bool Has(string[] words) => words.Any(word => said.Contains(word, StringComparison.OrdinalIgnoreCase));
        return Has(s_unknown) ? RemoteErrors.RemoteNotThere(place.Name, "rclone has no remote of that name; 'rclone listremotes' has those that it knows")
            : Has(s_denied) ? RemoteErrors.RemoteDenied(place.Name, what, "rclone was refused; 'rclone lsf' with the same address shows why")
            : status == HttpStatusCode.NotFound || Has(s_missing) ? null
            : status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout || Has(s_passing)
                ? new RemoteTroubleException("rclone could not reach it, or it is busy")
            : Has(s_folders) ? new RemoteTroubleException("rclone could not make a folder there")
            : RemoteErrors.RemoteRefused(place.Name, what, "rclone could not do it; 'rclone lsf' with the same address shows why");
    }

    private static JsonNode? Read(HttpResponseMessage answer, SilenceWatch watch, CancellationToken cancellation)
    {
        try
        {
            return JsonNode.Parse(Wait(() => answer.Content.ReadAsStringAsync(watch.Token), watch, cancellation));
        }
        catch (JsonException)
        {
            throw new RemoteTroubleException("rclone's answer was cut off");
        }
    }

    // Rclone does not know JSON by its name with a charset behind it.
    private static StringContent JsonOf(JsonObject parameters)
    {
        var content = new StringContent(parameters.ToJsonString());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static string ErrorIn(string said)
    {
        try
        {
            return JsonNode.Parse(said)?["error"]?.ToString() ?? said;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return said;
        }
    }

    private static T Wait<T>(Func<Task<T>> work, SilenceWatch watch, CancellationToken cancellation)
    {
        try
        {
            return work().GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            cancellation.ThrowIfCancellationRequested();
            for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
            {
                if (inner is HarvestException or RemoteTroubleException)
                {
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
                }
            }

            throw new RemoteTroubleException(watch.Expired ? watch.Trouble : "the connection to rclone was closed", inner: exception);
        }
    }
}
