using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests.Mlflow;

/// <summary>Models that are linked to runs in the folders of a <c>file:</c> store, as MLflow's own client writes them.</summary>
public sealed class MlflowFolderTests : IDisposable
{
    // All digits but one letter: a number with an exponent to a careless reader.
    private const string Id = "00123456789012345678901234567e10";

    private readonly ScratchFolder _scratch = new ScratchFolder().WithSlice();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("file:mlruns")]
    [InlineData("mlruns")]
    [InlineData("absolute")]
    public void Either_side_is_found_from_the_other(string place)
    {
        Trained();
        string uri = place == "absolute" ? new Uri(_scratch["mlruns"]).AbsoluteUri : place;

        JsonElement model = Run(uri, "register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "model/w.pt", "--json").Exits(0).Document().GetProperty("model");

        string digest = _scratch.Run("show", "v1", "--json").Document().GetProperty("dataset_sha256").GetString()!;
        Assert.Equal("v1", Text("params/dataset_version"));
        Assert.Equal(digest, Text("params/dataset_hash"));
        Assert.Equal("hand", Text("tags/harvest.model"));
        string dataset = Md5("slice" + digest[..32]);
        string input = Md5(dataset + Id);
        Dictionary<string, object> meta = Yaml($"mlruns/0/datasets/{dataset}/meta.yaml");
        Assert.Equal(("slice", digest[..32], "code"), (meta["name"], meta["digest"], meta["source_type"]));
        Assert.Contains("mlflow_colspec", (string)meta["schema"], StringComparison.Ordinal);
        Dictionary<string, object> link = Yaml($"mlruns/0/{Id}/inputs/{input}/meta.yaml");
        Assert.Equal((dataset, "DATASET", "RUN"), (link["source_id"], link["source_type"], link["destination_type"]));

        Assert.Equal(Id, model.GetProperty("mlflow_run_id").GetString());
        Assert.Equal(JsonValueKind.Null, model.GetProperty("link").ValueKind);
        Assert.Equal($"mlruns/0/{Id}/artifacts/model/w.pt", model.GetProperty("path").GetString());
        Assert.Equal(ScratchFolder.Sha256(_scratch[$"mlruns/0/{Id}/artifacts/model/w.pt"]), model.GetProperty("sha256").GetString());
        Assert.Equal(0.7, model.GetProperty("metrics").GetProperty("val/pck").GetDouble());
        Assert.Equal(JsonValueKind.Number, model.GetProperty("params").GetProperty("lr").ValueKind);
        Assert.False(model.GetProperty("metrics").TryGetProperty("nan", out _));
        Assert.Equal("2026-05-11T14:32:00Z", model.GetProperty("trained_at").GetString());
        Assert.DoesNotContain(_scratch.Path, File.ReadAllText(_scratch["slices/v1/slice.json"]), StringComparison.Ordinal);
        Assert.Contains("file:mlruns", File.ReadAllText(_scratch["slices/v1/slice.json"]), StringComparison.Ordinal);

        Assert.Equal(Id, _scratch.Run("complete", "--", "models", "--mlflow-run", "").Exits(0).Out.Split('\n').Select(static line => line.Split('\t')[0].Trim()).First(static word => word.Length > 8));

        SortedDictionary<string, string> before = Files();
        Assert.Equal("Unchanged", Run(uri, "register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "model/w.pt", "--json").Document().GetProperty("model").GetProperty("outcome").GetString());
        Assert.Equal(before, Files());
    }

    [Fact]
    public void A_store_and_a_run_are_made_where_there_are_none_and_once()
    {
        string[] command = ["register", "v1", "hand", "--mlflow", "--param", "lr=0.001", "--metric", "val/pck=0.9", "--json"];

        string id = Run("file:runs", command).Exits(0).Document().GetProperty("model").GetProperty("mlflow_run_id").GetString()!;
        Assert.Equal("Unchanged", Run("file:runs", command).Exits(0).Document().GetProperty("model").GetProperty("outcome").GetString());

        Assert.Equal("Default", Yaml("runs/0/meta.yaml")["name"]);
        Dictionary<string, object> meta = Yaml($"runs/0/{id}/meta.yaml");
        Assert.Equal((id, "3", "active"), (meta["run_id"], meta["status"], meta["lifecycle_stage"]));
        Assert.StartsWith("file:///", (string)meta["artifact_uri"], StringComparison.Ordinal);
        Assert.Equal(["0.001", "0.9"], [File.ReadAllText(_scratch[$"runs/0/{id}/params/lr"]), File.ReadAllText(_scratch[$"runs/0/{id}/metrics/val/pck"]).Split(' ')[1]]);
        Assert.Single(Directory.GetDirectories(_scratch[$"runs/0/{id}/inputs"]));
        Assert.Equal(2, Directory.GetDirectories(_scratch["runs/0"]).Length);
        Assert.Empty(Directory.EnumerateFiles(_scratch["runs"], ".harvest*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../../slices", "MlflowRunUnknown", 3)]
    [InlineData("ffff", "MlflowRunUnknown", 3)]
    public void What_is_no_run_is_none(string id, string error, int exit)
    {
        Trained();
        Assert.Equal([error], Run("file:mlruns", "register", "v1", "hand", "--mlflow", id, "--json").Exits(exit).ErrorIds());
    }

    [Fact]
    public void What_is_refused_writes_nothing()
    {
        Trained();
        _scratch.Write($"mlruns/0/{Id}/params/dataset_hash", "other");
        SortedDictionary<string, string> before = Files();

        Assert.Equal(["MlflowParameterDiffers"], Run("file:mlruns", "register", "v1", "hand", "--mlflow", Id, "--json").Exits(2).ErrorIds());
        File.Delete(_scratch[$"mlruns/0/{Id}/params/dataset_hash"]);
        Assert.Equal(["PathLeavesRepository"], Run("file:mlruns", "register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "../params/lr", "--json").ErrorIds());
        Assert.Equal(["MlflowArtifactUnknown"], Run("file:mlruns", "register", "v1", "hand", "--mlflow", Id, "--mlflow-artifact", "w.pt", "--json").Exits(3).ErrorIds());
        Assert.Equal(["MlflowOffline"], Run("file:mlruns", "register", "v1", "hand", "--mlflow", Id, "--offline", "--json").Exits(2).ErrorIds());
        before.Remove($"{Id}/params/dataset_hash");
        Assert.Equal(before, Files());

        _scratch.Write($"mlruns/0/{Id}/meta.yaml", Meta.Replace("active", "deleted", StringComparison.Ordinal));
        Assert.Equal(["MlflowRunDeleted"], Run("file:mlruns", "register", "v1", "hand", "--mlflow", Id, "--json").Exits(2).ErrorIds());
    }

    private const string Meta = $"""
        artifact_uri: mlruns/0/{Id}/artifacts
        end_time: 1778509920000
        entry_point_name: ''
        experiment_id: '0'
        lifecycle_stage: active
        run_id: {Id}
        run_name: bold-hen-1
        run_uuid: {Id}
        source_name: ''
        source_type: 4
        source_version: ''
        start_time: 1778493600000
        status: 3
        tags: []
        user_id: somebody
        """;

    private void Trained()
    {
        _scratch.Write("mlruns/0/meta.yaml", "artifact_location: file:///x/mlruns/0\ncreation_time: 1\nexperiment_id: '0'\nlast_update_time: 1\nlifecycle_stage: active\nname: Default\n");
        _scratch.Write($"mlruns/0/{Id}/meta.yaml", Meta);
        _scratch.Write($"mlruns/0/{Id}/params/lr", "1e-3");
        _scratch.Write($"mlruns/0/{Id}/metrics/val/pck", "9 0.5 0\n5 0.7 3\n8 0.6 2\n");
        _scratch.Write($"mlruns/0/{Id}/metrics/nan", "9 nan 0\n");
        _scratch.Write($"mlruns/0/{Id}/tags/mlflow.runName", "bold-hen-1");
        _scratch.Write($"mlruns/0/{Id}/artifacts/model/w.pt", "weights");
        Directory.CreateDirectory(_scratch["mlruns/.trash"]);
        Directory.CreateDirectory(_scratch["mlruns/models"]);
    }

#pragma warning disable CA5351 // As MLflow names its folders.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351

    private string Text(string path) => File.ReadAllText(_scratch[$"mlruns/0/{Id}/{path}"]);

    /// <summary>Read by the library that reads objects, as another program would.</summary>
    private Dictionary<string, object> Yaml(string path) => new YamlDotNet.Serialization.DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(_scratch[path]));

    private SortedDictionary<string, string> Files() => new(
        Directory.EnumerateFiles(_scratch["mlruns/0"], "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(_scratch["mlruns/0"], path).Replace('\\', '/'), File.ReadAllText),
        StringComparer.Ordinal);

    private HarvestResult Run(string uri, params string[] arguments) => HarvestProgram.Run(_scratch.Path, new Dictionary<string, string> { ["MLFLOW_TRACKING_URI"] = uri }, arguments);
}
