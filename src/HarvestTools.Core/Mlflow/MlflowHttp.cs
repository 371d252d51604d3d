using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Strings;

namespace HarvestTools.Mlflow;

/// <summary>
/// Requests to a tracking server: signed in at that server alone, repeated where trouble may pass, bounded in time and size. Redirects are
/// followed here, since the framework would take the header along or drop it without a word.
/// </summary>
internal sealed class MlflowHttp : IDisposable
{
    /// <summary>How often one request is tried in all.</summary>
    public const int Attempts = 5;

    private const int MostRedirects = 5;

    // A run with a thousand metrics has some hundred kilobytes.
    private const int MostBytes = 32 * 1024 * 1024;

    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(60);

    private readonly MlflowPlace _place;
    private readonly CancellationToken _cancellation;
    private readonly Action<string>? _notice;
    private readonly HttpClient _client;

    /// <param name="place">A server.</param>
    /// <param name="notice">Receives a sentence before a wait; null for nobody.</param>
    /// <param name="cancellation">Ends waits and requests.</param>
    public MlflowHttp(MlflowPlace place, Action<string>? notice, CancellationToken cancellation)
    {
        (_place, _notice, _cancellation) = (place, notice, cancellation);
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(20), PreAuthenticate = false })
        {
            // Each attempt has its own clock, which each read of a download begins again.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Asks; null where the server says that what is asked for does not exist.</summary>
    public JsonObject? Get(string path, string what) => Run(HttpMethod.Get, path, null, what, Attempts);

    /// <summary>Writes what may be written twice; null as of <see cref="Get"/>.</summary>
    public JsonObject? Post(string path, JsonObject body, string what) => Run(HttpMethod.Post, path, body, what, Attempts);

    /// <summary>Writes once: a repetition would make a second one.</summary>
    public JsonObject? PostOnce(string path, JsonObject body, string what) => Run(HttpMethod.Post, path, body, what, attempts: 1);

    /// <summary>Reads a file from its beginning to its end, again from the beginning after trouble.</summary>
    /// <param name="path">Below the server's address.</param>
    /// <param name="what">For messages.</param>
    /// <param name="read">Reads a part of the body into what it is given; 0 at the end.</param>
    public T Download<T>(string path, string what, Func<Func<Memory<byte>, Task<int>>, Task<T>> read) => Retry(what, Attempts, async patience =>
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, null, what, mayLeave: true, patience.Token).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            throw await FaultAsync(answer, what, patience.Token).ConfigureAwait(false)
                ?? MlflowErrors.MlflowRefused(_place.Shown, what, "it is not there");
        }

        using Stream body = await answer.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
        return await read(async buffer =>
        {
            // Not the whole file but each piece of it has to come in time.
            patience.CancelAfter(_place.Patience);
            return await body.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }).ConfigureAwait(false);
    });

    private JsonObject? Run(HttpMethod method, string path, JsonObject? body, string what, int attempts) => Retry<JsonObject?>(what, attempts, async patience =>
    {
        using HttpResponseMessage answer = await SendAsync(method, path, body, what, mayLeave: false, patience.Token).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
        {
            return await FaultAsync(answer, what, patience.Token).ConfigureAwait(false) is { } fault ? throw fault : null;
        }

        string text = await TextAsync(answer, patience.Token).ConfigureAwait(false);
        return Parse(text) ?? throw MlflowErrors.MlflowNotThere(_place.Shown, what, $"it answered with {Kind(answer)} instead of JSON");
    });

    private T Retry<T>(string what, int attempts, Func<CancellationTokenSource, Task<T>> attempt)
    {
        for (int tried = 1; ; tried++)
        {
            TroubleException trouble;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
            patience.CancelAfter(_place.Patience);
            try
            {
                return attempt(patience).GetAwaiter().GetResult();
            }
            catch (TroubleException passing)
            {
                trouble = passing;
            }
            catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
            {
                trouble = new TroubleException(FormattableString.Invariant($"no answer in {_place.Patience.TotalSeconds:0} seconds"), null);
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                trouble = new TroubleException(_place.Clean(PlainText.OneLine(Innermost(fault).Message)).TrimEnd('.'), null);
            }

            if (tried >= attempts || trouble.Wait > s_longest)
            {
                // Nothing of what failed inside is handed on: it may have the address as it was given.
                throw MlflowErrors.MlflowUnavailable(_place.Shown, what, trouble.Message, tried);
            }

            Pause(trouble, tried);
        }
    }

    private void Pause(TroubleException trouble, int tried)
    {
        TimeSpan wait = trouble.Wait ?? s_first * Math.Pow(2, tried - 1);
        if (wait >= TimeSpan.FromSeconds(1))
        {
            _notice?.Invoke(FormattableString.Invariant($"MLflow at {_place.Shown}: {trouble.Message}; trying again in {wait.TotalSeconds:0} s."));
        }

        if (_cancellation.WaitHandle.WaitOne(wait))
        {
            _cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body, string what, bool mayLeave, CancellationToken patience)
    {
        var address = new Uri($"{_place.Server!.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}");
        for (int redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("harvest", null));
            if (_place.Authorization is not null && IsHome(address))
            {
                request.Headers.TryAddWithoutValidation("Authorization", _place.Authorization);
            }

            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }

            HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience).ConfigureAwait(false);
            if ((int)answer.StatusCode is not (301 or 302 or 303 or 307 or 308))
            {
                return answer;
            }

            Uri? next = answer.Headers.Location is { } location ? new Uri(address, location) : null;
            int status = (int)answer.StatusCode;
            answer.Dispose();
            if (next is null || redirects >= MostRedirects || next.Scheme is not ("http" or "https"))
            {
                throw MlflowErrors.MlflowNotThere(_place.Shown, what, "it leads nowhere");
            }

            // A file may be in a store of its own, which gets no header. A request of the API is for the server that was named,
            // and after 301 to 303 others would make a question of what is written.
            bool keeps = method == HttpMethod.Get || status is 307 or 308;
            if ((!mayLeave && !IsHome(next)) || !keeps)
            {
                throw MlflowErrors.MlflowRedirected(_place.Shown, what, $"{next.Scheme}://{next.Authority}");
            }

            address = next;
        }
    }

    private bool IsHome(Uri address) => address.Scheme == _place.Server!.Scheme && address.Authority.Equals(_place.Server.Authority, StringComparison.OrdinalIgnoreCase);

    /// <summary>What an answer that is no success means; null where what was asked for does not exist.</summary>
    private async Task<Exception?> FaultAsync(HttpResponseMessage answer, string what, CancellationToken patience)
    {
        int status = (int)answer.StatusCode;
        if (status is 401 or 403)
        {
            return MlflowErrors.MlflowDenied(_place.Shown, what, status);
        }

        if (status is 408 or 429 or >= 500)
        {
            return new TroubleException(FormattableString.Invariant($"status {status}"), Wait(answer));
        }

        JsonObject? body = Parse(await TextAsync(answer, patience).ConfigureAwait(false));
        if (Text(body, "error_code") is not { } code)
        {
            return MlflowErrors.MlflowNotThere(_place.Shown, what, FormattableString.Invariant($"it answered with status {status} and {Kind(answer)}"));
        }

        string message = _place.Clean(PlainText.OneLine(Text(body, "message") ?? string.Empty)).TrimEnd('.');
        return code == "RESOURCE_DOES_NOT_EXIST" ? null
            : code == "TEMPORARILY_UNAVAILABLE" ? new TroubleException(code, Wait(answer))
            : MlflowErrors.MlflowRefused(_place.Shown, what, $"{_place.Clean(PlainText.OneLine(code))}{(message.Length == 0 ? "" : $", {(message.Length > 300 ? $"{message[..297]}…" : message)}")}");
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer, CancellationToken patience)
    {
        using Stream body = await answer.Content.ReadAsStreamAsync(patience).ConfigureAwait(false);
        using var kept = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, patience).ConfigureAwait(false)) > 0)
        {
            kept.Write(buffer, 0, read);
            if (kept.Length > MostBytes)
            {
                return string.Empty;
            }
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64 }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject? json, string name) => json?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // Only what a media type can be made of.
    private static string Kind(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType is { Length: > 0 and < 60 } type ? type : "no type";

    private static TimeSpan? Wait(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } seconds } => seconds,
        { Date: { } date } => date - DateTimeOffset.UtcNow is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static Exception Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault;

    /// <summary>Trouble that may pass by itself.</summary>
    private sealed class TroubleException(string message, TimeSpan? wait) : Exception(message)
    {
        public TimeSpan? Wait { get; } = wait;
    }
}
