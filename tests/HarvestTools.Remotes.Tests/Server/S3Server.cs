using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace HarvestTools.Tests.Server;

/// <summary>
/// A store that does what the documentation of S3 says of the requests that the engine makes, for one bucket, in memory. It can be
/// asked to fail in the ways that stores fail.
/// </summary>
internal sealed partial class S3Server : IDisposable
{
    public const string AccessKey = "AKIDHARVESTTESTKEY00";
    public const string SecretKey = "hArVeSt/SECRET+key/that+nobody/may+print0000";
    public const string Bucket = "the-bucket";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<S3Fault> _faults = new();

    public S3Server()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static options =>
        {
            options.Listen(IPAddress.Loopback, 0);
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.AddServerHeader = false;
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public string Endpoint => _app.Urls.First();

    /// <summary>Whether a PUT with a condition is refused where the name is taken.</summary>
    public bool HasConditions { get; init; } = true;

    /// <summary>Whether a condition is an error by itself, as at stores that know none.</summary>
    public bool RefusesConditions { get; init; }

    /// <summary>Whether checksums are compared and kept.</summary>
    public bool KeepsChecksums { get; init; } = true;

    /// <summary>How many names a page of a list has.</summary>
    public int PageSize { get; init; } = 7;

    /// <summary>Runs before parts are put together.</summary>
    public Action? BeforeComplete { get; set; }

    /// <summary>Runs before a removal compares what is there.</summary>
    public Action? BeforeConditionalRemoval { get; set; }

    /// <summary>So many of the next parts arrive with another byte.</summary>
    public int DamageParts { get; set; }

    public S3Contents Contents { get; } = new();

    /// <summary>Requests so far: method and what is asked for, without what only signs it.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The names of the headers that a request had, by method and path.</summary>
    public ConcurrentDictionary<string, string[]> Headers { get; } = new(StringComparer.Ordinal);

    /// <summary>The next requests that match fail so.</summary>
    public void Fail(S3Fault fault, int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <summary>Fails no more.</summary>
    public void Forget() => _faults.Clear();

    public void Dispose()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        _app.StopAsync(soon.Token).GetAwaiter().GetResult();
        ((IDisposable)_app).Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        Requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}{(request.Headers.Range.Count > 0 ? $" {request.Headers.Range}" : "")}");
        Headers[$"{request.Method} {request.Path}"] = [.. request.Headers.Keys];
        S3Fault? fault = TakeFault(request);
        if (fault is { Delay: { } delay })
        {
            await Task.Delay(delay, context.RequestAborted).ConfigureAwait(false);
        }

        if (fault is { Kind: S3FaultKind.CloseBefore })
        {
            context.Abort();
        }
        else if (fault is { Kind: S3FaultKind.Answer })
        {
            await request.Body.CopyToAsync(Stream.Null, context.RequestAborted).ConfigureAwait(false);
            if (fault.RetryAfter is { } wait)
            {
                context.Response.Headers.RetryAfter = wait;
            }

            await ErrorAsync(context, fault.Status, fault.Code!, fault.Message).ConfigureAwait(false);
        }
        else
        {
            await DoAsync(context, fault).ConfigureAwait(false);
        }
    }

    private S3Fault? TakeFault(HttpRequest request)
    {
        for (int i = _faults.Count; i > 0 && _faults.TryDequeue(out S3Fault? fault); i--)
        {
            if (fault.Matches(request.Method, request.GetEncodedPathAndQuery()))
            {
                return fault;
            }

            _faults.Enqueue(fault);
        }

        return null;
    }

    private async Task DoAsync(HttpContext context, S3Fault? fault)
    {
        if (WhyNotAuthorized(context.Request) is { } code)
        {
            await ErrorAsync(context, 403, code).ConfigureAwait(false);
            return;
        }

        string[] parts = context.Request.Path.Value!.TrimStart('/').Split('/', 2);
        if (parts[0] != Bucket)
        {
            await ErrorAsync(context, 404, "NoSuchBucket").ConfigureAwait(false);
            return;
        }

        var exchange = new S3Exchange(context, this, parts.Length > 1 ? parts[1] : string.Empty, fault);
        try
        {
            await exchange.RunAsync().ConfigureAwait(false);
        }
        catch (S3Refusal refusal)
        {
            await ErrorAsync(context, refusal.Status, refusal.Code).ConfigureAwait(false);
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or BadHttpRequestException)
        {
            // The other side went away: nothing was kept.
            context.Abort();
        }
    }

    private static string? WhyNotAuthorized(HttpRequest request)
    {
        Match header = Authorization().Match(request.Headers.Authorization.ToString());
        return !header.Success || request.Headers["x-amz-date"].Count == 0 || request.Headers["x-amz-content-sha256"].Count == 0 ? "AccessDenied"
            : header.Groups["key"].Value != AccessKey ? "InvalidAccessKeyId"
            : header.Groups["signed"].Value.Split(';') is var signed && signed.Contains("host") && signed.Contains("x-amz-date") ? null
            : "SignatureDoesNotMatch";
    }

    internal static async Task ErrorAsync(HttpContext context, int status, string code, string? message = null)
    {
        context.Response.StatusCode = status;
        if (context.Request.Method == "HEAD")
        {
            return;
        }

        // Some servers repeat what they were sent.
        var error = new XElement(
            "Error",
            new XElement("Code", code),
            new XElement("Message", message ?? $"not so, {AccessKey}"),
            new XElement("AWSAccessKeyId", AccessKey),
            new XElement("StringToSign", $"AWS4-HMAC-SHA256 {context.Request.Headers.Authorization}"),
            new XElement("RequestId", Convert.ToHexString(RandomNumberGenerator.GetBytes(8))));
        context.Response.ContentType = "application/xml";
        await context.Response.WriteAsync(new XDocument(error).ToString()).ConfigureAwait(false);
    }

    [GeneratedRegex("^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)/[0-9]{8}/[a-z0-9-]+/s3/aws4_request, ?SignedHeaders=(?<signed>[^,]+), ?Signature=[0-9a-f]{64}$")]
    private static partial Regex Authorization();
}

/// <summary>An answer that is an error.</summary>
internal sealed class S3Refusal(int status, string code) : Exception
{
    public int Status => status;

    public string Code => code;
}

internal enum S3FaultKind
{
    /// <summary>An error instead of the work.</summary>
    Answer,

    /// <summary>The connection is closed at once.</summary>
    CloseBefore,

    /// <summary>The connection is closed within the answer's bytes.</summary>
    CloseWithin,

    /// <summary>The work is done, and the connection closed instead of the answer.</summary>
    CloseAfter,

    /// <summary>It only takes long.</summary>
    Slow,
}

/// <summary>A way in which one request fails.</summary>
internal sealed record S3Fault(S3FaultKind Kind)
{
    public string? Method { get; init; }

    public string? Containing { get; init; }

    public int Status { get; init; } = 503;

    public string? Code { get; init; } = "SlowDown";

    public string? Message { get; init; }

    public string? RetryAfter { get; init; }

    public TimeSpan? Delay { get; init; }

    public bool Matches(string method, string address) =>
        (Method is null || Method == method) && (Containing is null || address.Contains(Containing, StringComparison.Ordinal));
}
