using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests.Mlflow;

/// <summary>Models that are linked to runs on a tracking server.</summary>
public sealed class MlflowServerTests : IDisposable
{
    private const string Token = "tok-3nS3cret/+x";
    private const string Id = "0123456789abcdef0123456789abcdef";

    private readonly TrackingServer _server = new() { Authorization = $"Bearer {Token}" };
    private readonly ScratchFolder _scratch = new ScratchFolder().WithSlice();

    public void Dispose()
    {
        _server.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void Either_side_is_found_from_the_other()
    {
        TrackedRun run = Trained();

        JsonElement model = Run("register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "model/weights.pt", "--json").Exits(0).Document().GetProperty("model");

        string digest = _scratch.Run("show", "v1", "--json").Document().GetProperty("dataset_sha256").GetString()!;
        Assert.Equal(("v1", digest), (run.Params["dataset_version"], run.Params["dataset_hash"]));
        Assert.True(long.Parse(run.Params["dataset_rows"], System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.Equal(("v1", "hand", "slices/v1/slice.json", digest), (run.Tags["harvest.slice_version"], run.Tags["harvest.model"], run.Tags["harvest.slice_path"], run.Tags["harvest.dataset_sha256"]));
        var input = Assert.Single(run.Inputs);
        Assert.Equal(("slice", digest[..32]), ((string?)input["dataset"]!["name"], (string?)input["dataset"]!["digest"]));
        Assert.Contains("mlflow_colspec", (string?)input["dataset"]!["schema"], StringComparison.Ordinal);
        Assert.Contains(digest, (string?)input["dataset"]!["source"], StringComparison.Ordinal);
        Assert.Contains("\"num_rows\"", (string?)input["dataset"]!["profile"], StringComparison.Ordinal);

        Assert.Equal(Id, model.GetProperty("mlflow_run_id").GetString());
        Assert.Equal($"{_server.Address}/#/experiments/0/runs/{Id}", model.GetProperty("link").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(run.Artifacts["model/weights.pt"])), model.GetProperty("sha256").GetString());
        Assert.Equal("1e-3", model.GetProperty("params").GetProperty("lr").GetRawText().Replace("0.001", "1e-3", StringComparison.Ordinal));
        Assert.Equal("adam", model.GetProperty("params").GetProperty("optimizer").GetString());
        Assert.False(model.GetProperty("params").TryGetProperty("dataset_hash", out _));
        Assert.Equal(0.91, model.GetProperty("metrics").GetProperty("pck").GetDouble());
        Assert.False(model.GetProperty("metrics").TryGetProperty("broken", out _));
        Assert.Equal("2026-05-11T10:00:00Z", model.GetProperty("started_at").GetString());
        Assert.Equal("2026-05-11T14:32:00Z", model.GetProperty("trained_at").GetString());

        Assert.Equal("hand", Assert.Single(_scratch.Run("models", "--mlflow-run", Id, "--json").Exits(0).Document().GetProperty("models").EnumerateArray()).GetProperty("name").GetString());
        Assert.Contains($"MLflow run {Id}  {_server.Address}/#/", _scratch.Run("models").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["MlflowRunOfNobody"], _scratch.Run("models", "--mlflow-run", "nobody", "--json").Exits(3).ErrorIds());
        _scratch.Run("check", "-q").Exits(0);

        // The same again says nothing new, and writes nothing twice.
        string before = File.ReadAllText(_scratch["slices/v1/slice.json"]);
        _server.Requests.Clear();
        Assert.Equal("Unchanged", Run("register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "model/weights.pt", "--json").Exits(0).Document().GetProperty("model").GetProperty("outcome").GetString());
        Assert.All(_server.Requests, static request => Assert.Equal("GET", request.Method));
        Assert.Equal(before, File.ReadAllText(_scratch["slices/v1/slice.json"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_run_is_made_once_also_where_the_answer_was_lost(bool lost)
    {
        _server.State.Experiments["7"] = "hands";
        for (int i = 0; i < 5; i++)
        {
            _server.State.Add($"other{i}", "7").Tags["harvest.slice_version"] = "v1";
        }

        int left = lost ? 1 : 0;
        _server.Instead = (request, context) =>
        {
            if (request.Path.EndsWith("runs/create", StringComparison.Ordinal) && left-- > 0)
            {
                var made = _server.State.Add("lost", "7");
                foreach (System.Text.Json.Nodes.JsonNode? tag in System.Text.Json.Nodes.JsonNode.Parse(request.Body)!["tags"]!.AsArray())
                {
                    made.Tags[(string)tag!["key"]!] = (string)tag["value"]!;
                }

                TrackingServer.Drop(context);
                return true;
            }

            return false;
        };
        string[] command = ["register", "v1", "hand", "--mlflow", "--param", "lr=0.001", "--metric", "pck=0.9", "--json"];
        var environment = Environment(("MLFLOW_EXPERIMENT_NAME", "hands"));

        string id = HarvestProgram.Run(_scratch.Path, environment, command).Exits(0).Document().GetProperty("model").GetProperty("mlflow_run_id").GetString()!;
        string before = File.ReadAllText(_scratch["slices/v1/slice.json"]);
        HarvestProgram.Run(_scratch.Path, environment, command).Exits(0);

        Assert.Equal(before, File.ReadAllText(_scratch["slices/v1/slice.json"]));
        Assert.Equal(6, _server.State.Runs.Count);
        TrackedRun run = _server.State.Runs[id];
        Assert.Equal(("7", "FINISHED", "0.001"), (run.Experiment, run.Status, run.Params["lr"]));
        Assert.Equal(0.9, Assert.Single(run.Metrics["pck"]).Value);
        Assert.Single(run.Inputs);
    }

    [Fact]
    public void A_commit_is_that_of_the_run_and_the_slices_where_the_run_names_none()
    {
        const string Trained = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
        _scratch.Git("init", "--quiet", "--initial-branch", "main");
        _scratch.Git("add", "harvest.json");
        _scratch.Git("commit", "--quiet", "--message", "one");
        _scratch.Run("new", "v2", "-q").Exits(0);
        TrackedRun silent = this.Trained();
        TrackedRun named = _server.State.Add("fedcba");
        named.Tags["mlflow.source.git.commit"] = Trained;

        Assert.Equal(JsonValueKind.Null, Run("register", "v2", "hand", "--mlflow", Id, "--json").Exits(0).Document().GetProperty("model").GetProperty("git_commit").ValueKind);
        Assert.Equal(Trained, Run("register", "v2", "other", "--mlflow", "fedcba", "--json").Exits(0).Document().GetProperty("model").GetProperty("git_commit").GetString());

        Assert.Equal(_scratch.RunWithProgram("git", "-C", _scratch.Path, "rev-parse", "HEAD").Exits(0).Out.Trim(), silent.Params["git_commit"]);
        Assert.Equal(Trained, named.Params["git_commit"]);
        Assert.Equal("Unchanged", Run("register", "v2", "hand", "--mlflow", Id, "--json").Exits(0).Document().GetProperty("model").GetProperty("outcome").GetString());
        Assert.Equal("Unchanged", Run("register", "v2", "other", "--mlflow", "fedcba", "--json").Exits(0).Document().GetProperty("model").GetProperty("outcome").GetString());
    }

    [Theory]
    [InlineData("runs/log-batch")]
    [InlineData("runs/log-inputs")]
    public void After_a_failure_the_same_command_goes_on(string broken)
    {
        TrackedRun run = Trained();
        string before = File.ReadAllText(_scratch["slices/v1/slice.json"]);
        _server.Instead = (request, context) => request.Path.EndsWith(broken, StringComparison.Ordinal) && Send(context, 500, "application/json", "{}");

        HarvestResult failed = Run("register", "v1", "hand", "--mlflow", Id, "--json").Exits(4);

        Assert.Equal(["MlflowUnavailable"], failed.ErrorIds());
        Assert.Equal(5, _server.Requests.Count(request => request.Path.EndsWith(broken, StringComparison.Ordinal)));
        Assert.Equal(before, File.ReadAllText(_scratch["slices/v1/slice.json"]));
        _server.Instead = null;
        Run("register", "v1", "hand", "--mlflow", Id).Exits(0);
        Assert.Single(run.Inputs);
        Assert.Equal("v1", run.Tags["harvest.slice_version"]);
    }

    [Fact]
    public void A_parameter_that_has_another_value_is_refused_before_anything_is_written()
    {
        Trained().Params["dataset_version"] = "v0";
        string before = File.ReadAllText(_scratch["slices/v1/slice.json"]);

        HarvestResult refused = Run("register", "v1", "hand", "--mlflow", Id, "--json").Exits(2);

        Assert.Equal(["MlflowParameterDiffers"], refused.ErrorIds());
        Assert.Contains("dataset_version = 'v0' and not 'v1'", refused.Error, StringComparison.Ordinal);
        Assert.All(_server.Requests, static request => Assert.Equal("GET", request.Method));
        Assert.Equal(before, File.ReadAllText(_scratch["slices/v1/slice.json"]));
    }

    [Fact]
    public void What_slice_json_would_refuse_writes_nothing_to_the_server()
    {
        Trained();
        _scratch.Run("register", "v1", "hand", "--metric", "pck=0.5").Exits(0);

        Assert.Equal(["ModelRegistered"], Run("register", "v1", "hand", "--mlflow", Id, "--json").Exits(2).ErrorIds());

        Assert.All(_server.Requests, static request => Assert.Equal("GET", request.Method));
        Run("register", "v1", "hand", "--mlflow", Id, "--force").Exits(0);
        _server.State.Add("fedcba").Tags["x"] = "y";
        Assert.Contains($"MLflow run {Id}, not with fedcba", Run("register", "v1", "hand", "--mlflow", "fedcba").Exits(2).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "text/html", "<html>", "MlflowDenied", 4)]
    [InlineData(403, "application/json", """{"error_code":"PERMISSION_DENIED","message":"no"}""", "MlflowDenied", 4)]
    [InlineData(404, "application/json", """{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"no"}""", "MlflowRunUnknown", 3)]
    [InlineData(404, "text/html", "<html>not here</html>", "MlflowNotThere", 4)]
    [InlineData(200, "text/html", "<html>sign in</html>", "MlflowNotThere", 4)]
    [InlineData(200, "application/json", "[1]", "MlflowNotThere", 4)]
    [InlineData(400, "application/json", """{"error_code":"INVALID_PARAMETER_VALUE","message":"bad"}""", "MlflowRefused", 4)]
    public void What_a_server_answers_is_an_error_that_says_what_to_do(int status, string type, string body, string error, int exit)
    {
        _server.Instead = (_, context) => Send(context, status, type, body);

        HarvestResult result = Run("register", "v1", "hand", "--mlflow", Id, "--json").Exits(exit);

        Assert.Equal([error], result.ErrorIds());
        Assert.Single(_server.Requests);
    }

    [Fact]
    public void Trouble_that_passes_is_waited_for_as_long_as_the_server_asks()
    {
        Trained();
        int asked = 0;
        _server.Instead = (_, context) =>
        {
            switch (Interlocked.Increment(ref asked))
            {
                case 1:
                    context.Response.Headers["Retry-After"] = "2";
                    return Send(context, 429, "text/plain", "slow down");
                case 2:
                    TrackingServer.Drop(context);
                    return true;
                case 3:
                    return Send(context, 503, "text/html", "<html>");
                default:
                    return false;
            }
        };
        var clock = System.Diagnostics.Stopwatch.StartNew();

        HarvestResult result = Run("register", "v1", "hand", "--mlflow", Id).Exits(0);

        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(2.5), $"{clock.Elapsed}");
        Assert.Contains("status 429; trying again in 2 s", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_asks_for_an_hour_or_never_answers_is_given_up()
    {
        _server.Instead = (_, context) =>
        {
            context.Response.Headers["Retry-After"] = "3600";
            return Send(context, 429, "text/plain", "");
        };
        Assert.Contains("at the first attempt", Run("register", "v1", "hand", "--mlflow", Id).Exits(4).Error, StringComparison.Ordinal);

        using var held = new ManualResetEventSlim();
        _server.Instead = (_, context) =>
        {
            held.Wait(TimeSpan.FromSeconds(30));
            TrackingServer.Drop(context);
            return true;
        };
        HarvestResult late = HarvestProgram.Run(_scratch.Path, Environment(("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")), "register", "v1", "hand", "--mlflow", Id, "--json").Exits(4);
        held.Set();
        Assert.Equal(["MlflowUnavailable"], late.ErrorIds());
        Assert.Contains("no answer in 1 seconds", late.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_signs_in_is_sent_to_no_other_host()
    {
        using var other = new TrackingServer();
        TrackedRun run = Trained();
        byte[] weights = run.Artifacts["model/weights.pt"];
        other.Instead = (_, context) => Send(context, 200, "application/octet-stream", Encoding.Latin1.GetString(weights));
        _server.Instead = (request, context) => request.Path == "/get-artifact" && Redirect(context, 302, $"{other.Address}/signed?x=1");

        // A file may be in a store of its own.
        Run("register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "model/weights.pt").Exits(0);
        Assert.Null(Assert.Single(other.Requests).Authorization);

        // The interface itself may not.
        _server.Instead = (_, context) => Redirect(context, 307, $"{other.Address}/api/2.0/mlflow/runs/get?run_id={Id}");
        HarvestResult refused = Run("register", "v1", "hand", "--mlflow", Id, "--json").Exits(4);
        Assert.Equal(["MlflowRedirected"], refused.ErrorIds());
        Assert.Single(other.Requests);

        // On the same host it is one more request.
        _server.Instead = (request, context) => !request.Query.Contains("again", StringComparison.Ordinal) && request.Path.EndsWith("runs/get", StringComparison.Ordinal) && Redirect(context, 308, $"{request.Path}?run_id={Id}&again=1");
        Run("register", "v1", "hand", "--mlflow", Id).Exits(0);
    }

    [Fact]
    public void An_artifact_is_looked_for_page_by_page_and_read_to_its_end()
    {
        TrackedRun run = Trained();
        run.ArtifactUri = $"mlflow-artifacts:/0/{Id}/artifacts";
        for (int i = 0; i < 7; i++)
        {
            run.Artifacts[$"model/a{i}"] = [1];
        }

        run.Artifacts["model/z last.pt"] = RandomNumberGenerator.GetBytes(300_000);
        int cut = 1;
        _server.Instead = (request, context) =>
        {
            if (!request.Path.Contains("mlflow-artifacts", StringComparison.Ordinal) || cut-- <= 0)
            {
                return false;
            }

            // Whole by its own word, and not by the list's.
            return Send(context, 200, "application/octet-stream", "half");
        };

        JsonElement model = Run("register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "model/z last.pt", "--json").Exits(0).Document().GetProperty("model");

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(run.Artifacts["model/z last.pt"])), model.GetProperty("sha256").GetString());
        Assert.EndsWith("/artifacts/model/z%20last.pt", model.GetProperty("path").GetString(), StringComparison.Ordinal);
        HarvestResult unknown = Run("register", "v1", "other", "--mlflow", Id, "--mlflow-artifact", "model/weight.pt", "--json").Exits(3);
        Assert.Equal(["MlflowArtifactUnknown"], unknown.ErrorIds());
        Assert.Contains("Did you mean 'model/weights.pt'?", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(["MlflowArtifactUnknown"], Run("register", "v1", "other", "--mlflow", Id, "--mlflow-artifact", "model", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Many_metrics_and_odd_ones_are_read_and_the_last_value_counts()
    {
        TrackedRun run = Trained();
        for (int i = 0; i < 1500; i++)
        {
            run.Metrics[$"m{i}"] = [(i, 1, 0)];
        }

        run.Metrics["pck"] = [(0.5, 9, 0), (0.7, 5, 3), (0.6, 8, 2)];
        run.Metrics["inf"] = [(double.PositiveInfinity, 1, 0)];

        JsonElement metrics = Run("register", "v1", "hand", "--mlflow", Id, "--json").Exits(0).Document().GetProperty("model").GetProperty("metrics");

        Assert.Equal(0.7, metrics.GetProperty("pck").GetDouble());
        Assert.Equal(1499, metrics.GetProperty("m1499").GetDouble());
        Assert.False(metrics.TryGetProperty("inf", out _));
    }

    [Fact]
    public void Nothing_is_sent_offline_or_unasked()
    {
        Trained();

        Assert.Equal(["MlflowOffline"], Run("register", "v1", "hand", "--mlflow", Id, "--offline", "--json").Exits(2).ErrorIds());
        Run("register", "v1", "hand", "--metric", "pck=0.9").Exits(0);
        Run("models").Exits(0);
        Run("check", "-q").Exits(0);

        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData(null, "MlflowPlaceMissing")]
    [InlineData("sqlite:///mlflow.db", "MlflowPlaceUnsupported")]
    [InlineData("postgresql+psycopg2://u:hunter22@db/x", "MlflowPlaceUnsupported")]
    [InlineData("databricks", "MlflowPlaceUnsupported")]
    [InlineData("databricks://profile", "MlflowPlaceUnsupported")]
    [InlineData("http://", "MlflowPlaceInvalid")]
    public void A_place_that_is_not_read_is_refused_with_a_sentence(string? place, string error)
    {
        HarvestResult refused = HarvestProgram.Run(_scratch.Path, new Dictionary<string, string> { ["MLFLOW_TRACKING_URI"] = place ?? "" }, "register", "v1", "hand", "--mlflow", "--json").Exits(2);

        Assert.Equal([error], refused.ErrorIds());
        Assert.DoesNotContain("hunter22", refused.Error + refused.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_run_is_refused()
    {
        Trained().Stage = "deleted";

        Assert.Equal(["MlflowRunDeleted"], Run("register", "v1", "hand", "--mlflow", Id, "--json").Exits(2).ErrorIds());
        Assert.Equal(["MlflowRunNeeded"], Run("register", "v1", "hand", "--mlflow-artifact", "x", "--mlflow", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], Run("register", "v1", "hand", "--mlflow-artifact", "x", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], Run("register", "v1", "hand", "--tracking", "x", "--mlflow", Id, "--json").Exits(2).ErrorIds());
    }

    private TrackedRun Trained()
    {
        TrackedRun run = _server.State.Add(Id);
        run.Params["lr"] = "1e-3";
        run.Params["optimizer"] = "adam";
        run.Metrics["pck"] = [(0.5, 1, 0), (0.91, 2, 1)];
        run.Metrics["broken"] = [(double.NaN, 1, 0)];
        run.Artifacts["model/weights.pt"] = Encoding.UTF8.GetBytes("weights");
        run.Artifacts["readme.md"] = [1];
        return run;
    }

    private HarvestResult Run(params string[] arguments) => HarvestProgram.Run(_scratch.Path, Environment(), arguments);

    private Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string> { ["MLFLOW_TRACKING_URI"] = _server.Address, ["MLFLOW_TRACKING_TOKEN"] = Token };
        foreach ((string name, string value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static bool Redirect(HttpListenerContext context, int status, string target)
    {
        context.Response.Headers["Location"] = target;
        return Send(context, status, "text/html", "moved");
    }

    private static bool Send(HttpListenerContext context, int status, string type, string body)
    {
        TrackingServer.Send(context, status, type, Encoding.Latin1.GetBytes(body));
        return true;
    }
}
