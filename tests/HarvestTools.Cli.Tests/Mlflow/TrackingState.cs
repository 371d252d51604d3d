using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Mlflow;

/// <summary>What the tests' tracking server keeps: experiments, runs, artifacts.</summary>
internal sealed class TrackingState
{
    /// <summary>Names by id.</summary>
    public Dictionary<string, string> Experiments { get; } = new() { ["0"] = "Default" };

    public Dictionary<string, TrackedRun> Runs { get; } = [];

    /// <summary>Adds a run as a training script would have made it.</summary>
    public TrackedRun Add(string id, string experiment = "0")
    {
        var run = new TrackedRun(id, experiment) { StartTime = 1_778_493_600_000, EndTime = 1_778_509_920_000, Status = "FINISHED" };
        Runs[id] = run;
        return run;
    }
}

/// <summary>A run on the tests' tracking server.</summary>
internal sealed class TrackedRun(string id, string experiment)
{
    public string Id { get; } = id;

    public string Experiment { get; } = experiment;

    public string Name { get; set; } = "";

    public string Status { get; set; } = "RUNNING";

    public string Stage { get; set; } = "active";

    public long StartTime { get; set; }

    public long EndTime { get; set; }

    public string? ArtifactUri { get; set; }

    public Dictionary<string, string> Params { get; } = [];

    public Dictionary<string, string> Tags { get; } = [];

    /// <summary>Every value of a metric, in the order it was written.</summary>
    public Dictionary<string, List<(double Value, long Time, long Step)>> Metrics { get; } = [];

    /// <summary>As they were sent.</summary>
    public List<JsonObject> Inputs { get; } = [];

    public Dictionary<string, byte[]> Artifacts { get; } = [];

    public JsonObject ToJson() => new()
    {
        ["info"] = new JsonObject
        {
            ["run_id"] = Id,
            ["run_uuid"] = Id,
            ["run_name"] = Name,
            ["experiment_id"] = Experiment,
            ["status"] = Status,
            ["start_time"] = StartTime,
            ["end_time"] = EndTime,
            ["artifact_uri"] = ArtifactUri ?? $"/srv/artifacts/{Experiment}/{Id}/artifacts",
            ["lifecycle_stage"] = Stage,
        },
        ["data"] = new JsonObject
        {
            ["params"] = Pairs(Params),
            ["tags"] = Pairs(Tags),
            ["metrics"] = new JsonArray([.. Metrics.Select(static one => Latest(one.Key, one.Value))]),
        },
        ["inputs"] = new JsonObject { ["dataset_inputs"] = new JsonArray([.. Inputs.Select(static input => input.DeepClone())]) },
    };

    private static JsonArray Pairs(Dictionary<string, string> pairs) => new([.. pairs.Select(static one => new JsonObject { ["key"] = one.Key, ["value"] = one.Value })]);

    private static JsonObject Latest(string key, List<(double Value, long Time, long Step)> history)
    {
        (double value, long time, long step) = history.MaxBy(static one => (one.Step, one.Time, one.Value));
        return new JsonObject { ["key"] = key, ["value"] = Number(value), ["timestamp"] = time, ["step"] = step };
    }

    /// <summary>As JSON of protocol buffers has them.</summary>
    public static JsonNode Number(double value) => double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "Infinity" : double.IsNegativeInfinity(value) ? "-Infinity" : value;
}
