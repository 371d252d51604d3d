using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using Json.Schema;

namespace HarvestTools.Tests.Manifests;

/// <summary>The schemas that editors use say what the engine does: of settings and manifests that it takes, and of those it refuses.</summary>
public sealed class SchemaTests
{
    private const string HashA = "a3f5c1e0b2d4968778695a4b3c2d1e0f00112233445566778899aabbccddeeff";
    private const string HashB = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "$schema": "docs/schemas/harvest.schema.json", "harvest": { "name": "hands", "version": "v2.0.1", "rules": { "min_pixel_agreement": 2.5, "consensus": "first", "exclude": { "annotators": [7], "episodes": ["a/b"] } }, "fields": { "episode": { "from": "data.image", "match": "/episode_([0-9]+)/" }, "objects": { "front": "data.front_image" } } } }""")]
    [InlineData("""{ "harvest": { "name": "rows", "version": "v1.0.0" }, "definitions": { "counts": { "version": "v2.0.0", "kind": "program", "after": "rows", "run": ["a", "{tables}"], "tables": ["*.csv"], "limits": { "seconds": 5, "memory_mb": 200 }, "keys": ["id"], "columns": { "episode": "clip", "medium": "file" } } } }""")]
    [InlineData("""{ "harvest": { "name": "own", "version": "v1.0.0", "kind": "program", "run": ["a", "{exports}", "{out}"], "code": ["*.py"], "tables": ["*.parquet"], "identity": "rows", "float_digits": 6, "keys": { "*.csv": ["id", "frame"] } } }""")]
    [InlineData("""{ "projects": { "hands": { "names": ["b"], "label_studio_ids": [12, 15], "retired": true } }, "media": { "s3://bucket/": "media" }, "eval_set": "eval/set.json" }""")]
    [InlineData("""{ "remotes": { "team": { "url": "s3://bucket/a", "endpoint": "http://localhost:9000", "profile": "p" }, "disk": "/mnt/share", "other": "rclone:drive:a" } }""")]
    [InlineData("""{ "pins": { "files": ["a.lock"], "params": ["params.yaml:train.*"], "seeds": { "python": 7 } }, "retrain": { "gini": "plain", "eval_line_ends": "ignore", "reference": "even", "forecast": { "better": "lower" }, "costs": { "gpu_hours": 3.5 }, "regression": { "lines": { "a": ["a-*"] } } } }""")]
    [InlineData("""{ "retention": { "unlinked_days": 7, "quarantine_days": 0, "cache_bytes": 5000000000 }, "pack": "auto" }""")]
    public void Settings_that_the_engine_takes_are_valid(string text)
    {
        byte[] written = HarvestSettings.Parse(Encoding.UTF8.GetBytes(text)).ToUtf8Bytes();
        AssertValid("harvest", text);
        AssertValid("harvest", Encoding.UTF8.GetString(written));
    }

    [Theory]
    [InlineData("""{ "slice": "x" }""")]
    [InlineData("""{ "slices": 5 }""")]
    [InlineData("""{ "archive": "/srv/archive" }""")]
    [InlineData("""{ "cache": "a/../../b" }""")]
    [InlineData("""{ "harvest": { "version": "v1.0.0" } }""")]
    [InlineData("""{ "harvest": { "name": "a@b", "version": "v1.0.0" } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "1" } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "vresion": "v1" } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "rules": { "min_pixel_agrement": 5 } } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "rules": { "boundary_weight": 1.5 } } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "rules": { "consensus": "median" } } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "fields": { "frame": { } } } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "fields": { "frame": { "from": "frame" } } } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "kind": "program", "tables": ["*.csv"] } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "kind": "program", "run": ["x", "{exports}"], "tables": ["*.csv"], "float_digits": 16 } }""")]
    [InlineData("""{ "harvest": { "name": "a", "version": "v1.0.0", "kind": "other" } }""")]
    [InlineData("""{ "retrain": { "max_gini": 5 } }""")]
    [InlineData("""{ "retrain": { "gini_p": 0 } }""")]
    [InlineData("""{ "retrain": { "eval_line_ends": "any" } }""")]
    [InlineData("""{ "retention": { "unlinked_days": -1 } }""")]
    [InlineData("""{ "pack": "always" }""")]
    [InlineData("""{ "eval_frames_apart": -1 }""")]
    [InlineData("""{ "pins": { "seeds": "seven" } }""")]
    [InlineData("""{ "projects": { "a/b": {} } }""")]
    [InlineData("""{ "remotes": { "a": { "endpoint": "x" } } }""")]
    public void Settings_that_the_engine_refuses_are_not(string text)
    {
        Assert.Throws<HarvestException>(() => HarvestSettings.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.NotEmpty(Faults("harvest", text));
    }

    [Fact]
    public void Every_setting_is_in_the_schema_with_its_default()
    {
        JsonObject settings = JsonNode.Parse(HarvestSettings.Default.ToUtf8Bytes())!.AsObject();
        JsonObject schema = JsonNode.Parse(File.ReadAllText(PathOf("harvest")))!.AsObject();
        var compared = new List<string>();
        Compare(settings, schema["properties"]!.AsObject(), schema["$defs"]!.AsObject(), "", compared);
        Assert.Contains("retrain.regression.false_alarm_cycles", compared);
        Assert.Contains("harvest.rules.boundary_weight", compared);
        Assert.Contains("pack", compared);
    }

    [Fact]
    public void What_the_file_says_of_its_schema_is_kept()
    {
        HarvestSettings settings = HarvestSettings.Parse("""{ "$schema": "schemas/harvest.schema.json" }"""u8.ToArray());
        string written = Encoding.UTF8.GetString((settings with { EvalSet = "a.json" }).ToUtf8Bytes());
        Assert.StartsWith("{\n  \"$schema\": \"schemas/harvest.schema.json\",\n  \"harvest\": {", written, StringComparison.Ordinal);
        Assert.DoesNotContain("$schema", Encoding.UTF8.GetString(HarvestSettings.Default.ToUtf8Bytes()), StringComparison.Ordinal);
        Assert.Equal("FieldInvalid", Assert.Throws<HarvestException>(() => HarvestSettings.Parse("""{ "$schema": 1 }"""u8.ToArray())).ErrorId);
    }

    [Theory]
    [InlineData("\"reason\": \"x\"")]
    [InlineData("\"parents\": [\"v1\", \"v2\"], \"created_at\": \"2026-05-11T14:32:00Z\", \"trained_at\": null, \"format_version\": 1")]
    [InlineData("\"harvest_sha256\": \"" + HashA + "\", \"eval_set\": { \"path\": \"eval/set.json\", \"sha256\": \"" + HashA + "\" }, \"media\": { \"sha256\": \"" + HashA + "\", \"files\": 1, \"bytes\": 2, \"missing\": 0 }")]
    [InlineData("\"outputs\": [ { \"table\": \"boxes\", \"export\": \"" + HashA + "\", \"rows\": 12, \"sha256\": \"" + HashB + "\", \"rows_sha256\": \"" + HashB + "\", \"x\": null } ]")]
    [InlineData("\"harvest_kind\": \"program\", \"steps\": [ { \"harvest_version\": \"rows@v1.0.0\", \"harvest_sha256\": \"" + HashA + "\", \"outputs\": [ { \"table\": \"t\", \"path\": \"t.csv\" } ] } ], \"outputs\": [ { \"table\": \"t\", \"path\": \"t.csv\", \"rows\": 3, \"sha256\": \"" + HashA + "\" } ]")]
    [InlineData("\"model_outputs\": { \"a\": \"models/a.pt\" }, \"pins\": { \"git_commit\": \"0a1b\", \"dependencies\": [ { \"path\": \"a.txt\", \"sha256\": \"" + HashA + "\" } ], \"parameters\": [ { \"path\": \"p.yaml\", \"keys\": \"a.*\", \"values\": { \"a\": 1 } } ], \"seeds\": [1, 2] }, \"runs\": [ { \"name\": \"r\", \"artifact\": \"s3://b/a.pt\", \"metrics\": { \"map\": 0.5 } } ]")]
    public void Manifests_that_the_engine_takes_are_valid(string more)
    {
        string text = Manifest(more);
        AssertValid("slice", text);
        AssertValid("slice", Encoding.UTF8.GetString(SliceManifest.Parse(Encoding.UTF8.GetBytes(text)).ToUtf8Bytes()));
    }

    [Theory]
    [InlineData("\"parents\": [\"../v1\"]")]
    [InlineData("\"harvest_sha256\": \"<64 hex>\"")]
    [InlineData("\"harvest_kind\": \"other\"")]
    [InlineData("\"eval_set\": { \"sha256\": \"" + HashA + "\" }")]
    [InlineData("\"eval_set\": { \"path\": \"../set.json\" }")]
    [InlineData("\"media\": { \"sha256\": \"" + HashA + "\" }")]
    [InlineData("\"outputs\": [ { \"table\": \"boxes\", \"export\": \"" + HashA + "\", \"sha256\": \"" + HashB + "\" } ]")]
    [InlineData("\"harvest_kind\": \"program\", \"outputs\": [ { \"table\": \"t\" } ]")]
    [InlineData("\"runs\": [ { \"artifact\": \"a.pt\" } ]")]
    [InlineData("\"format_version\": 0")]
    [InlineData("\"reason\": 5")]
    public void Manifests_that_the_engine_refuses_are_not(string more)
    {
        string text = Manifest(more);
        Assert.Throws<HarvestException>(() => SliceManifest.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.NotEmpty(Faults("slice", text));
    }

    [Fact]
    public void A_manifest_without_exports_is_not_valid()
    {
        const string Text = """{ "slice_version": "v3", "exports": [], "harvest_version": "harvest@v1.0.0" }""";
        Assert.Throws<HarvestException>(() => SliceManifest.Parse(Encoding.UTF8.GetBytes(Text)));
        Assert.NotEmpty(Faults("slice", Text));
    }

    private static string Manifest(string more) => $$"""
        {
          "slice_version": "v3",
          "exports": [ { "project": "a", "sha256": "{{HashA}}", "path": "x/a.json", "label_sha256": "{{HashB}}", "bytes": 5000000000 } ],
          "harvest_version": "harvest@v1.4.2",
          {{more}}
        }
        """;

    private static void Compare(JsonObject values, JsonObject properties, JsonObject definitions, string path, List<string> compared)
    {
        foreach ((string name, JsonNode? value) in values)
        {
            string place = path.Length == 0 ? name : $"{path}.{name}";
            JsonObject? schema = (properties[name] ?? throw new InvalidOperationException($"The schema lacks {place}.")).AsObject();
            if (schema.ContainsKey("default"))
            {
                Assert.True(JsonNode.DeepEquals(schema["default"], value), $"{place} is {value?.ToJsonString() ?? "null"}, in the schema {schema["default"]?.ToJsonString() ?? "null"}.");
                compared.Add(place);
                continue;
            }

            string? definition = schema["$ref"]?.GetValue<string>() ?? schema["else"]?["$ref"]!.GetValue<string>();
            JsonObject whole = definition is null ? schema : definitions[definition[(definition.LastIndexOf('/') + 1)..]]!.AsObject();
            if (value is JsonObject members && whole["properties"] is JsonObject deeper)
            {
                Compare(members, deeper, definitions, place, compared);
            }
            else
            {
                Assert.True(place is "harvest.name" or "harvest.version", $"The schema has no default of {place}.");
            }
        }
    }

    private static void AssertValid(string name, string text)
    {
        List<string> faults = Faults(name, text);
        Assert.True(faults.Count == 0, $"{text}\n{string.Join('\n', faults)}");
    }

    /// <summary>What a schema finds wrong, by the places of the document.</summary>
    private static List<string> Faults(string name, string text)
    {
        JsonSchema schema = JsonSchema.FromText(File.ReadAllText(PathOf(name)));
        using JsonDocument document = JsonDocument.Parse(text);
        EvaluationResults results = schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : [.. (results.Details ?? []).Where(static detail => detail.Errors is not null).SelectMany(static detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}")), "not valid"];
    }

    private static string PathOf(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "HarvestTools.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder!, "docs", "schemas", $"{name}.schema.json");
    }
}
