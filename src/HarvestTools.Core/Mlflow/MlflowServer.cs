using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Work;

namespace HarvestTools.Mlflow;

/// <summary>A tracking server, by its REST interface.</summary>
internal sealed class MlflowServer(MlflowPlace place, Action<string>? notice, WorkContext context) : IMlflowStore
{
    private const string Api = "api/2.0/mlflow/";

    // The most that one request of log-batch may have of a kind.
    private const int MostParameters = 100;
    private const int MostMetrics = 1000;
    private const int PageSize = 1000;
    private const int MostPages = 1000;

    private readonly MlflowHttp _http = new(place, notice, context.Cancellation);

    public void Dispose() => _http.Dispose();

    public MlflowRun Get(string runId) => _http.Get($"{Api}runs/get?run_id={Uri.EscapeDataString(runId)}", "reading the run")?["run"] is JsonObject run
        ? Read(run) : throw MlflowErrors.MlflowRunUnknown(place.Shown, runId);

    public MlflowRun? Find(IReadOnlyDictionary<string, string> tags)
    {
        var body = new JsonObject
        {
            ["experiment_ids"] = new JsonArray(Experiment()),
            ["filter"] = string.Join(" and ", tags.Select(static tag => $"tags.\"{tag.Key}\" = '{tag.Value}'")),
            ["run_view_type"] = "ACTIVE_ONLY",
            ["max_results"] = PageSize,
        };

        // A server may answer with fewer than it was asked for, and with none on a page that is not the last.
        foreach (JsonObject page in Pages(token =>
        {
            body["page_token"] = token;
            return _http.Post($"{Api}runs/search", body, "searching for the run");
        }))
        {
            foreach (JsonObject found in Objects(page["runs"]))
            {
                MlflowRun run = Read(found);
                if (!run.Deleted && tags.All(tag => run.Tags.GetValueOrDefault(tag.Key) == tag.Value))
                {
                    return run;
                }
            }
        }

        return null;
    }

    public MlflowRun Create(string name, DateTimeOffset? startedAt, DateTimeOffset endedAt, IReadOnlyDictionary<string, string> tags)
    {
        var body = new JsonObject
        {
            ["experiment_id"] = Experiment(),
            ["run_name"] = name,
            ["start_time"] = (startedAt ?? endedAt).ToUnixTimeMilliseconds(),
            ["tags"] = Pairs(tags),
        };
        MlflowRun run = Make(body, tags);
        Require(_http.Post($"{Api}runs/update", new JsonObject { ["run_id"] = run.Id, ["status"] = "FINISHED", ["end_time"] = endedAt.ToUnixTimeMilliseconds() }, "ending the run"), run.Id);
        return run with { EndedAt = endedAt };
    }

    private MlflowRun Make(JsonObject body, IReadOnlyDictionary<string, string> tags)
    {
        for (int tried = 1; ; tried++)
        {
            try
            {
                return _http.PostOnce($"{Api}runs/create", body, "making a run")?["run"] is JsonObject made ? Read(made)
                    : throw MlflowErrors.MlflowExperimentUnknown(place.Shown, body["experiment_id"]!.GetValue<string>());
            }
            catch (HarvestException trouble) when (trouble.ErrorId == nameof(MlflowErrors.MlflowUnavailable) && tried < MlflowHttp.Attempts)
            {
                // The run may be there although the answer was lost: it is looked for by its tags before another one is made.
                if (Find(tags) is { } made)
                {
                    return made;
                }
            }
        }
    }

    public void Log(MlflowRun run, IReadOnlyDictionary<string, string> parameters, IReadOnlyDictionary<string, double> metrics, IReadOnlyDictionary<string, string> tags)
    {
        // Parameters first: they alone can be refused for what is there.
        foreach (KeyValuePair<string, string>[] some in parameters.Where(one => !run.Parameters.ContainsKey(one.Key)).Chunk(MostParameters))
        {
            Require(_http.Post($"{Api}runs/log-batch", new JsonObject { ["run_id"] = run.Id, ["params"] = Pairs(some) }, "writing parameters"), run.Id);
        }

        long now = (run.EndedAt ?? context.Clock.GetUtcNow()).ToUnixTimeMilliseconds();
        foreach (KeyValuePair<string, double>[] some in metrics.Where(one => !run.Metrics.ContainsKey(one.Key)).Chunk(MostMetrics))
        {
            var list = new JsonArray([.. some.Select(one => new JsonObject { ["key"] = one.Key, ["value"] = one.Value, ["timestamp"] = now, ["step"] = 0 })]);
            Require(_http.Post($"{Api}runs/log-batch", new JsonObject { ["run_id"] = run.Id, ["metrics"] = list }, "writing metrics"), run.Id);
        }

        foreach (KeyValuePair<string, string>[] some in tags.Where(one => run.Tags.GetValueOrDefault(one.Key) != one.Value).Chunk(MostParameters))
        {
            Require(_http.Post($"{Api}runs/log-batch", new JsonObject { ["run_id"] = run.Id, ["tags"] = Pairs(some) }, "writing tags"), run.Id);
        }
    }

    public void LogInput(MlflowRun run, MlflowDataset dataset)
    {
        if (run.Inputs.Contains((dataset.Name, dataset.Digest)))
        {
            return;
        }

        var input = new JsonObject
        {
            ["tags"] = new JsonArray(new JsonObject { ["key"] = MlflowDataset.ContextTag, ["value"] = "training" }),
            ["dataset"] = new JsonObject
            {
                ["name"] = dataset.Name,
                ["digest"] = dataset.Digest,
                ["source_type"] = dataset.SourceType,
                ["source"] = dataset.Source,
                ["schema"] = dataset.Schema,
                ["profile"] = dataset.Profile,
            },
        };
        Require(_http.Post($"{Api}runs/log-inputs", new JsonObject { ["run_id"] = run.Id, ["datasets"] = new JsonArray(input) }, "writing the input"), run.Id);
    }

    public string HashArtifact(MlflowRun run, string path)
    {
        long? size = SizeOf(run, path);
        (string sha256, long bytes) = _http.Download(AddressOf(run, path), "reading the artifact", async read =>
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            IProgress<long>? progress = context.Bytes("Hashing", path, size ?? 0);
            byte[] buffer = new byte[128 * 1024];
            long total = 0;
            int count;
            while ((count = await read(buffer).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer, 0, count);
                total += count;
                progress?.Report(total);
            }

            // Without a length of its own an answer that breaks off looks like one that is whole.
            return size is { } expected && expected != total ? throw new IOException("the artifact ended early") : (Convert.ToHexStringLower(hash.GetHashAndReset()), total);
        });
        _ = bytes;
        return sha256;
    }

    public string? LinkOf(MlflowRun run) => $"{place.Shown}/#/experiments/{Uri.EscapeDataString(run.ExperimentId)}/runs/{Uri.EscapeDataString(run.Id)}";

    public string PlaceOf(MlflowRun run, string path) => $"{LinkOf(run)}/artifacts/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";

    /// <summary>The experiment of new runs: by id, by name, or MLflow's own default.</summary>
    private string Experiment()
    {
        if (place.ExperimentId is { } id)
        {
            return id;
        }

        return place.ExperimentName is not { } name ? "0"
            : _http.Get($"{Api}experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}", "looking for the experiment")?["experiment"]?["experiment_id"] is JsonValue found && found.TryGetValue(out string? known)
                ? known : throw MlflowErrors.MlflowExperimentUnknown(place.Shown, name);
    }

    private long? SizeOf(MlflowRun run, string path)
    {
        int slash = path.LastIndexOf('/');
        string folder = slash < 0 ? string.Empty : $"&path={Uri.EscapeDataString(path[..slash])}";
        var known = new List<string>();
        foreach (JsonObject page in Pages(token => _http.Get($"{Api}artifacts/list?run_id={Uri.EscapeDataString(run.Id)}{folder}{(token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}")}", "listing artifacts")))
        {
            foreach (JsonObject file in Objects(page["files"]))
            {
                string name = Text(file, "path") ?? string.Empty;
                bool isFolder = file["is_dir"] is JsonValue flag && flag.TryGetValue(out bool yes) && yes;
                if (name == path && !isFolder)
                {
                    return Number(file["file_size"]);
                }

                known.Add(isFolder ? $"{name}/" : name);
            }
        }

        throw MlflowErrors.MlflowArtifactUnknown(run.Id, path, [.. known.Select(place.Clean)]);
    }

    private static string AddressOf(MlflowRun run, string path)
    {
        // A server that serves artifacts itself has them under its own root; others are read by the run, as its pages do.
        const string Proxied = "mlflow-artifacts:";
        if (run.ArtifactUri?.StartsWith(Proxied, StringComparison.Ordinal) == true)
        {
            string root = run.ArtifactUri[Proxied.Length..];
            int begin = root.StartsWith("//", StringComparison.Ordinal) ? root.IndexOf('/', 2) : 0;
            return $"api/2.0/mlflow-artifacts/artifacts/{Escaped($"{(begin < 0 ? "" : root[begin..].Trim('/'))}/{path}".TrimStart('/'))}";
        }

        return $"get-artifact?run_id={Uri.EscapeDataString(run.Id)}&path={Uri.EscapeDataString(path)}";
    }

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static IEnumerable<JsonObject> Pages(Func<string?, JsonObject?> ask)
    {
        string? token = null;
        for (int page = 0; page < MostPages; page++)
        {
            if (ask(token) is not { } answer)
            {
                yield break;
            }

            yield return answer;
            string? next = Text(answer, "next_page_token");
            if (string.IsNullOrEmpty(next) || next == token)
            {
                yield break;
            }

            token = next;
        }
    }

    private MlflowRun Read(JsonObject run)
    {
        JsonObject info = run["info"] as JsonObject ?? [];
        JsonObject data = run["data"] as JsonObject ?? [];
        string id = Text(info, "run_id") ?? Text(info, "run_uuid") ?? throw MlflowErrors.MlflowNotThere(place.Shown, "reading the run", "a run has no id");
        return new MlflowRun
        {
            Id = place.Clean(id),
            ExperimentId = place.Clean(Text(info, "experiment_id") ?? "0"),
            Deleted = Text(info, "lifecycle_stage") == "deleted",
            StartedAt = Time(info["start_time"]),
            EndedAt = Time(info["end_time"]),
            ArtifactUri = Text(info, "artifact_uri"),
            Parameters = Texts(data["params"]),
            Tags = Texts(data["tags"]),
            Metrics = Metrics(data["metrics"]),
            Inputs = [.. Objects((run["inputs"] as JsonObject)?["dataset_inputs"]).Select(static input => input["dataset"]).OfType<JsonObject>().Select(static set => (Text(set, "name") ?? "", Text(set, "digest") ?? ""))],
        };
    }

    private OrderedDictionary<string, string> Texts(JsonNode? list)
    {
        var texts = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonObject pair in Objects(list))
        {
            if (Text(pair, "key") is { } key)
            {
                texts[place.Clean(key)] = place.Clean(Text(pair, "value") ?? string.Empty);
            }
        }

        return texts;
    }

    private OrderedDictionary<string, double> Metrics(JsonNode? list)
    {
        var metrics = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach (JsonObject metric in Objects(list))
        {
            // Infinities and what is no number come as words, and are nothing that slices are ranked by.
            if (Text(metric, "key") is { } key && metric["value"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out double number) && double.IsFinite(number))
            {
                metrics[place.Clean(key)] = number;
            }
        }

        return metrics;
    }

    private void Require(JsonObject? answer, string runId)
    {
        if (answer is null)
        {
            throw MlflowErrors.MlflowRunUnknown(place.Shown, runId);
        }
    }

    private static JsonArray Pairs(IEnumerable<KeyValuePair<string, string>> pairs) => new([.. pairs.Select(static one => new JsonObject { ["key"] = one.Key, ["value"] = one.Value })]);

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string? Text(JsonObject json, string name) => json[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    // 64-bit numbers of protocol buffers are texts in JSON by its standard; MLflow writes numbers.
    private static long? Number(JsonNode? node) => node is JsonValue value
        ? value.TryGetValue(out long number) ? number
            : value.TryGetValue(out string? text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number : null
        : null;

    private static DateTimeOffset? Time(JsonNode? node) => Number(node) is > 0 and < 253_402_300_800_000 and { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;
}
