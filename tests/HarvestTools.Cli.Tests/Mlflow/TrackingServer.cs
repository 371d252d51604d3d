using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Mlflow;

/// <summary>A request as it arrived.</summary>
internal sealed record TrackingRequest(string Method, string Path, string Query, string? Authorization, string Body);

/// <summary>
/// A tracking server on loopback that follows the documented REST interface of MLflow: names, pages, limits, immutable parameters, error
/// bodies and signing in. A test may have it answer otherwise for a while.
/// </summary>
internal sealed class TrackingServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Task _serving;

    public TrackingServer(int? port = null)
    {
        int chosen = port ?? FreePort();
        Address = $"http://127.0.0.1:{chosen}";
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public string Address { get; }

    public TrackingState State { get; } = new();

    /// <summary>The header that is asked for; null for none.</summary>
    public string? Authorization { get; set; }

    /// <summary>How many items a page has at most.</summary>
    public int PageSize { get; set; } = 2;

    public List<TrackingRequest> Requests { get; } = [];

    /// <summary>What is done instead of answering; true where that was all.</summary>
    public Func<TrackingRequest, HttpListenerContext, bool>? Instead { get; set; }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            // A request that is kept waiting keeps no other.
            _ = Task.Run(() => Answer(context));
        }
    }

    private void Answer(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var request = new TrackingRequest(context.Request.HttpMethod, context.Request.Url!.AbsolutePath, context.Request.Url.Query, context.Request.Headers["Authorization"], reader.ReadToEnd());
            Func<TrackingRequest, HttpListenerContext, bool>? instead;
            lock (_lock)
            {
                Requests.Add(request);
                instead = Instead;
            }

            if (instead?.Invoke(request, context) == true)
            {
                return;
            }

            lock (_lock)
            {
                Serve(request, context);
            }
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The other side went away, which some tests do.
        }
    }

    private void Serve(TrackingRequest request, HttpListenerContext context)
    {
        if (Authorization is not null && request.Authorization != Authorization)
        {
            Send(context, 401, "text/plain", "You are not authenticated. Please see the documentation."u8.ToArray());
            return;
        }

        try
        {
            if (request.Path == "/get-artifact" || request.Path.StartsWith("/api/2.0/mlflow-artifacts/artifacts/", StringComparison.Ordinal))
            {
                Send(context, 200, "application/octet-stream", Artifact(request, context.Request.QueryString));
                return;
            }

            Send(context, 200, Api(request, context.Request.QueryString));
        }
        catch (TrackingFault fault)
        {
            Send(context, fault.Status, new JsonObject { ["error_code"] = fault.Code, ["message"] = fault.Message });
        }
    }

    public static void Send(HttpListenerContext context, int status, JsonObject body) => Send(context, status, "application/json", Encoding.UTF8.GetBytes(body.ToJsonString()));

    public static void Send(HttpListenerContext context, int status, string type, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength64 = body.Length;
        context.Response.OutputStream.Write(body);
        context.Response.Close();
    }

    /// <summary>Closes the connection in the middle of an answer.</summary>
    public static void Drop(HttpListenerContext context)
    {
        context.Response.ContentLength64 = 1000;
        context.Response.OutputStream.Write("{"u8);
        context.Response.OutputStream.Flush();
        context.Response.Abort();
    }

    private byte[] Artifact(TrackingRequest request, System.Collections.Specialized.NameValueCollection query)
    {
        const string Proxied = "/api/2.0/mlflow-artifacts/artifacts/";
        if (request.Path.StartsWith(Proxied, StringComparison.Ordinal))
        {
            string[] parts = Uri.UnescapeDataString(request.Path[Proxied.Length..]).Split('/', 4);
            return State.Runs.TryGetValue(parts[1], out TrackedRun? owner) && parts[2] == "artifacts" && owner.Artifacts.TryGetValue(parts[3], out byte[]? proxied) ? proxied : throw TrackingFault.Missing("No such artifact");
        }

        return Run(query["run_id"] ?? query["run_uuid"]).Artifacts.TryGetValue(query["path"] ?? "", out byte[]? bytes) ? bytes : throw TrackingFault.Missing("No such artifact");
    }

    private JsonObject Api(TrackingRequest request, System.Collections.Specialized.NameValueCollection query)
    {
        JsonObject body = request.Method == "POST" ? Parsed(request.Body) : [];
        string called = $"{request.Method} {request.Path.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal)}";
        return called switch
        {
            "GET experiments/get-by-name" => State.Experiments.FirstOrDefault(one => one.Value == query["experiment_name"]) is { Key: { } id }
                ? new JsonObject { ["experiment"] = new JsonObject { ["experiment_id"] = id, ["name"] = query["experiment_name"], ["lifecycle_stage"] = "active" } }
                : throw TrackingFault.Missing($"Could not find experiment with name '{query["experiment_name"]}'"),
            "POST runs/create" => Create(body),
            "POST runs/update" => Update(body),
            "GET runs/get" => new JsonObject { ["run"] = Run(query["run_id"] ?? query["run_uuid"]).ToJson() },
            "POST runs/log-batch" => LogBatch(body),
            "POST runs/log-parameter" => Log(body, static (run, json) => Param(run, json)),
            "POST runs/log-metric" => Log(body, static (run, json) => Metric(run, json)),
            "POST runs/set-tag" => Log(body, static (run, json) => Tag(run, json)),
            "POST runs/log-inputs" => LogInputs(body),
            "POST runs/search" => Search(body),
            "GET metrics/get-history" => Page(
                "metrics",
                Run(query["run_id"]).Metrics.GetValueOrDefault(query["metric_key"] ?? "", []).Select(one => (JsonNode)new JsonObject { ["key"] = query["metric_key"], ["value"] = TrackedRun.Number(one.Value), ["timestamp"] = one.Time, ["step"] = one.Step }),
                query["page_token"]),
            "GET artifacts/list" => List(Run(query["run_id"]), query["path"], query["page_token"]),
            _ => throw new TrackingFault(404, "ENDPOINT_NOT_FOUND", "There is no such endpoint."),
        };
    }

    private static JsonObject Parsed(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject ?? throw TrackingFault.Invalid("Malformed request");
        }
        catch (JsonException)
        {
            throw TrackingFault.Invalid("Malformed request");
        }
    }

    private TrackedRun Run(string? id) => id is not null && State.Runs.TryGetValue(id, out TrackedRun? run) ? run : throw TrackingFault.Missing($"Run with id={id} not found");

    private TrackedRun Active(JsonObject body)
    {
        TrackedRun run = Run((string?)body["run_id"]);
        return run.Stage == "active" ? run : throw TrackingFault.Invalid($"The run {run.Id} must be in the 'active' state");
    }

    private JsonObject Create(JsonObject body)
    {
        string experiment = (string?)body["experiment_id"] ?? "0";
        if (!State.Experiments.ContainsKey(experiment))
        {
            throw TrackingFault.Missing($"No Experiment with id={experiment} exists");
        }

        var run = new TrackedRun(Guid.NewGuid().ToString("N"), experiment) { StartTime = (long?)body["start_time"] ?? 0, Name = (string?)body["run_name"] ?? "" };
        foreach (JsonNode? tag in body["tags"]?.AsArray() ?? [])
        {
            Tag(run, tag!.AsObject());
        }

        State.Runs[run.Id] = run;
        return new JsonObject { ["run"] = run.ToJson() };
    }

    private JsonObject Update(JsonObject body)
    {
        TrackedRun run = Active(body);
        run.Status = (string?)body["status"] ?? run.Status;
        run.EndTime = (long?)body["end_time"] ?? run.EndTime;
        return new JsonObject { ["run_info"] = run.ToJson()["info"]!.DeepClone() };
    }

    private JsonObject Log(JsonObject body, Action<TrackedRun, JsonObject> write)
    {
        write(Active(body), body);
        return [];
    }

    private JsonObject LogBatch(JsonObject body)
    {
        TrackedRun run = Active(body);
        JsonArray metrics = body["metrics"]?.AsArray() ?? [];
        JsonArray parameters = body["params"]?.AsArray() ?? [];
        JsonArray tags = body["tags"]?.AsArray() ?? [];
        if (metrics.Count > 1000 || parameters.Count > 100 || tags.Count > 100 || metrics.Count + parameters.Count + tags.Count > 1000)
        {
            throw TrackingFault.Invalid("A batch logging request can contain at most 1000 metrics, 100 params and 100 tags, and 1000 in all.");
        }

        foreach (JsonNode? one in parameters)
        {
            Param(run, one!.AsObject());
        }

        foreach (JsonNode? one in metrics)
        {
            Metric(run, one!.AsObject());
        }

        foreach (JsonNode? one in tags)
        {
            Tag(run, one!.AsObject());
        }

        return [];
    }

    private static void Param(TrackedRun run, JsonObject json)
    {
        (string key, string value) = ((string)json["key"]!, (string)json["value"]!);
        if (key.Length > 250 || value.Length > 6000)
        {
            throw TrackingFault.Invalid($"Param value '{value[..20]}' had length {value.Length}, which exceeded length limit of 6000");
        }

        if (run.Params.TryGetValue(key, out string? before) && before != value)
        {
            throw TrackingFault.Invalid($"Changing param values is not allowed. Param with key='{key}' was already logged with value='{before}'");
        }

        run.Params[key] = value;
    }

    private static void Metric(TrackedRun run, JsonObject json)
    {
        string key = (string)json["key"]!;
        if (!run.Metrics.TryGetValue(key, out List<(double, long, long)>? history))
        {
            run.Metrics[key] = history = [];
        }

        history.Add(((double)json["value"]!, (long)json["timestamp"]!, (long?)json["step"] ?? 0));
    }

    private static void Tag(TrackedRun run, JsonObject json) => run.Tags[(string)json["key"]!] = ((string)json["value"]!).Length <= 8000 ? (string)json["value"]! : throw TrackingFault.Invalid("A tag is too long");

    private JsonObject LogInputs(JsonObject body)
    {
        TrackedRun run = Active(body);
        foreach (JsonNode? input in body["datasets"]?.AsArray() ?? [])
        {
            JsonObject dataset = input!["dataset"]!.AsObject();
            foreach ((string field, int most) in new[] { ("name", 500), ("digest", 36), ("source", 65535), ("schema", 1_048_576), ("profile", 16_777_216) })
            {
                if (((string?)dataset[field] ?? "").Length > most)
                {
                    throw TrackingFault.Invalid($"{field} exceeds the maximum length of {most}");
                }
            }

            if (dataset["name"] is null || dataset["digest"] is null || dataset["source_type"] is null || dataset["source"] is null)
            {
                throw TrackingFault.Invalid("Dataset name, digest, source_type and source are required");
            }

            if (!run.Inputs.Any(known => (string?)known["dataset"]!["digest"] == (string?)dataset["digest"] && (string?)known["dataset"]!["name"] == (string?)dataset["name"]))
            {
                run.Inputs.Add(input.DeepClone().AsObject());
            }
        }

        return [];
    }

    /// <summary>Filters of the form <c>tags."a" = 'b' and tags."c" = 'd'</c>.</summary>
    private JsonObject Search(JsonObject body)
    {
        string[] experiments = [.. body["experiment_ids"]!.AsArray().Select(static id => (string)id!)];
        string filter = (string?)body["filter"] ?? "";
        (string Key, string Value)[] wanted = [.. filter.Split(" and ", StringSplitOptions.RemoveEmptyEntries).Select(static part =>
        {
            string[] sides = part.Split(" = ", 2);
            return sides.Length == 2 && sides[0].StartsWith("tags.", StringComparison.Ordinal) && sides[1].StartsWith('\'') && sides[1].EndsWith('\'')
                ? (sides[0]["tags.".Length..].Trim('"', '`'), sides[1][1..^1])
                : throw TrackingFault.Invalid($"Invalid clause(s) in filter string: '{part}'");
        })];
        return Page(
            "runs",
            State.Runs.Values.Where(run => experiments.Contains(run.Experiment) && run.Stage == "active" && wanted.All(tag => run.Tags.GetValueOrDefault(tag.Key) == tag.Value)).Select(static run => (JsonNode)run.ToJson()),
            (string?)body["page_token"]);
    }

    private JsonObject List(TrackedRun run, string? folder, string? token)
    {
        string prefix = string.IsNullOrEmpty(folder) ? "" : $"{folder}/";
        JsonObject page = Page(
            "files",
            run.Artifacts.Where(one => one.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(one => (Name: one.Key[prefix.Length..], Size: one.Value.Length))
                .Select(static one => (Name: one.Name.Split('/')[0], Folder: one.Name.Contains('/', StringComparison.Ordinal), one.Size))
                .DistinctBy(static one => one.Name)
                .Select(one => (JsonNode)(one.Folder ? new JsonObject { ["path"] = prefix + one.Name, ["is_dir"] = true } : new JsonObject { ["path"] = prefix + one.Name, ["is_dir"] = false, ["file_size"] = one.Size })),
            token);
        page["root_uri"] = run.ToJson()["info"]!["artifact_uri"]!.DeepClone();
        return page;
    }

    private JsonObject Page(string name, IEnumerable<JsonNode> items, string? token)
    {
        JsonNode[] all = [.. items];
        int from = string.IsNullOrEmpty(token) ? 0 : int.Parse(token, System.Globalization.CultureInfo.InvariantCulture);
        var page = new JsonObject { [name] = new JsonArray([.. all.Skip(from).Take(PageSize)]) };
        if (from + PageSize < all.Length)
        {
            page["next_page_token"] = (from + PageSize).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return page;
    }

    private sealed class TrackingFault(int status, string code, string message) : Exception(message)
    {
        public int Status { get; } = status;

        public string Code { get; } = code;

        public static TrackingFault Missing(string message) => new(404, "RESOURCE_DOES_NOT_EXIST", message);

        public static TrackingFault Invalid(string message) => new(400, "INVALID_PARAMETER_VALUE", message);
    }
}
