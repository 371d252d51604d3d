using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Json;
using HarvestTools.Manifests;

namespace HarvestTools.Tests.Manifests;

public sealed class SliceManifestTests
{
    private const string HashA = "a3f5c1e0b2d4968778695a4b3c2d1e0f00112233445566778899aabbccddeeff";
    private const string HashB = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string HashC = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";

    /// <summary>A slice.json of the least fields, as somebody may have written it by hand.</summary>
    private const string Example = $$"""
        {
          "slice_version": "v3",
          "trained_at": "2026-05-11T14:32:00Z",
          "exports": [
            { "project": "a", "sha256": "{{HashA}}", "path": "label_studio/task_01/project_a_video.json" },
            { "project": "b", "sha256": "{{HashB}}", "path": "label_studio/task_01/project_b_handobj.json" },
            { "project": "c", "sha256": "{{HashC}}", "path": "label_studio/task_01/project_c_body.json" }
          ],
          "harvest_version": "harvest@v1.4.2",
          "filter_overrides": { "min_pixel_agreement": 5, "boundary_weight": 0.5 },
          "model_outputs": { "hand_keypoint": "models/hand_kp/v3.pt" }
        }

        """;

    /// <summary>Every field that a manifest can have, unknown ones at every level, numbers and texts in odd spellings.</summary>
    private const string Full = $$"""
        {
          "slice_version": "v10",
          "parents": ["v9", "v8"],
          "reason": "Café – 視頻 \"B\" relabelled 😀",
          "created_at": "2026-05-10T09:00:00+02:00",
          "written_by": "0.9.0",
          "trained_at": null,
          "exports": [
            { "project": "a", "sha256": "{{HashA}}", "path": "x/a.json", "label_sha256": "{{HashB}}", "bytes": 5000000000, "x_note": 1e2 },
            { "project": "b", "sha256": "{{HashB}}", "name": "b.json" }
          ],
          "harvest_version": "harvest@v1.4.2",
          "harvest_sha256": "{{HashC}}",
          "format_version": 1,
          "derivation_version": 3,
          "filter_overrides": { "min_pixel_agreement": 5.0, "boundary_weight": 5e-1 },
          "model_outputs": { "z": "models/z.pt", "a": "s3://bucket/a.pt" },
          "eval_set": { "path": "eval/set.json", "sha256": "{{HashA}}", "x": true },
          "outputs": [
            { "table": "boxes", "export": "{{HashA}}", "rows": 12, "sha256": "{{HashB}}", "rows_sha256": "{{HashC}}", "x": null }
          ],
          "pins": {
            "git_commit": "0a1b2c",
            "dependencies": [
              { "path": "requirements.txt", "sha256": "{{HashA}}" }
            ],
            "parameters": [
              { "path": "params.yaml", "sha256": "{{HashB}}", "x": 1E400 }
            ],
            "seeds": [1, 2.50],
            "hardware": { "gpu": "A100" },
            "x": {}
          },
          "runs": [
            {
              "name": "hand_kp",
              "artifact": "models/hand_kp/v3.pt",
              "sha256": "{{HashC}}",
              "metrics": { "map": 0.910, "loss": 1e-3 },
              "trained_at": "2026-05-11 14:32:00.123456",
              "tracking": { "mlflow": "run-1" },
              "x": []
            }
          ],
          "x_unknown": {
            "deep": [
              { "n": 1.0E+2, "t": "\u0001" }
            ]
          }
        }

        """;

    [Fact]
    public void The_examples_fields_are_understood()
    {
        SliceManifest manifest = Parse(Example);

        Assert.Equal("v3", manifest.Version);
        Assert.Equal(new DateTimeOffset(2026, 5, 11, 14, 32, 0, TimeSpan.Zero), manifest.TrainedAt!.Value.Instant);
        Assert.Equal(["a", "b", "c"], manifest.Exports.Select(export => export.Project));
        Assert.Equal([HashA, HashB, HashC], manifest.Exports.Select(export => export.Sha256));
        Assert.Equal("label_studio/task_01/project_b_handobj.json", manifest.Exports[1].Path);
        Assert.Equal("harvest@v1.4.2", manifest.HarvestVersion);
        Assert.Equal(0.5, manifest.FilterOverrides["boundary_weight"]!.GetValue<double>());
        Assert.Equal("models/hand_kp/v3.pt", manifest.ModelOutputs["hand_keypoint"]);
        Assert.Null(manifest.Parent);
        Assert.Null(manifest.HarvestSha256);
        Assert.Empty(manifest.Outputs);
        Assert.Empty(manifest.Runs);
    }

    [Fact]
    public void Every_field_is_understood()
    {
        SliceManifest manifest = Parse(Full);

        Assert.Equal(["v9", "v8"], manifest.Parents);
        Assert.Equal("v9", manifest.Parent);
        Assert.Equal("Café – 視頻 \"B\" relabelled 😀", manifest.Reason);
        Assert.Equal(new DateTimeOffset(2026, 5, 10, 7, 0, 0, TimeSpan.Zero), manifest.CreatedAt!.Value.Instant);
        Assert.Null(manifest.TrainedAt);
        Assert.Equal((HashB, 5_000_000_000L), (manifest.Exports[0].LabelSha256, manifest.Exports[0].Bytes));
        Assert.Equal((null, "b.json"), (manifest.Exports[1].Path, manifest.Exports[1].Name));
        Assert.Equal((HashC, 1, 3), (manifest.HarvestSha256, manifest.FormatVersion, manifest.DerivationVersion));
        Assert.Equal("0.9.0", manifest.WrittenBy);
        Assert.Equal(["z", "a"], manifest.ModelOutputs.Keys);
        Assert.Equal(("eval/set.json", HashA), (manifest.EvalSet!.Path, manifest.EvalSet.Sha256));
        SliceOutput output = Assert.Single(manifest.Outputs);
        Assert.Equal(("boxes", HashA, 12L, HashB, HashC), (output.Table, output.Export, output.Rows, output.Sha256, output.RowsSha256));
        Assert.Equal("0a1b2c", manifest.Pins!.GitCommit);
        Assert.Equal("requirements.txt", Assert.Single(manifest.Pins.Dependencies).Path);
        Assert.Equal("params.yaml", Assert.Single(manifest.Pins.Parameters).Path);
        Assert.Equal("A100", manifest.Pins.Hardware!["gpu"]!.GetValue<string>());
        SliceRun run = Assert.Single(manifest.Runs);
        Assert.Equal(("hand_kp", "models/hand_kp/v3.pt", HashC), (run.Name, run.Artifact, run.Sha256));
        Assert.Equal(0.91, run.Metrics["map"]!.GetValue<double>());
        Assert.Equal(new DateTimeOffset(2026, 5, 11, 14, 32, 0, TimeSpan.Zero).AddTicks(1_234_560), run.TrainedAt!.Value.Instant);
    }

    [Theory]
    [InlineData(Example)]
    [InlineData(Full)]
    public void What_was_read_is_written_byte_for_byte(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(text, Encoding.UTF8.GetString(SliceManifest.Parse(bytes).ToUtf8Bytes()));
    }

    [Fact]
    public void Unknown_fields_survive_a_change_of_known_ones()
    {
        SliceManifest changed = Parse(Full) with { Reason = "other" };
        changed = changed with { Runs = [.. changed.Runs, new SliceRun { Name = "second" }], Exports = [changed.Exports[0] with { Path = "y.json" }] };

        string text = Encoding.UTF8.GetString(changed.ToUtf8Bytes());
        string expected = Full
            .Replace("Café – 視頻 \\\"B\\\" relabelled 😀", "other", StringComparison.Ordinal)
            .Replace("x/a.json", "y.json", StringComparison.Ordinal)
            .Replace($",\n    {{ \"project\": \"b\", \"sha256\": \"{HashB}\", \"name\": \"b.json\" }}", "", StringComparison.Ordinal)
            .Replace("      \"x\": []\n    }\n", "      \"x\": []\n    },\n    { \"name\": \"second\" }\n", StringComparison.Ordinal);
        Assert.Equal(expected, text);
    }

    [Fact]
    public void Keys_have_one_order_whatever_order_they_were_read_in()
    {
        JsonObject shuffled = new((JsonNode.Parse(Full)!.DeepClone().AsObject()).Reverse().Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        Assert.Equal(Full, Encoding.UTF8.GetString(SliceManifest.Parse(Encoding.UTF8.GetBytes(shuffled.ToJsonString())).ToUtf8Bytes()));
    }

    [Fact]
    public void A_byte_order_mark_and_Windows_line_ends_are_read_and_not_written()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Example.Replace("\n", "\r\n", StringComparison.Ordinal))];
        Assert.Equal(Example, Encoding.UTF8.GetString(SliceManifest.Parse(bytes).ToUtf8Bytes()));
    }

    [Fact]
    public void Upper_case_hashes_are_read_and_written_in_lower_case() =>
        Assert.Equal(Example, Encoding.UTF8.GetString(Parse(Example.Replace(HashA, HashA.ToUpperInvariant(), StringComparison.Ordinal)).ToUtf8Bytes()));

    [Theory]
    [InlineData("abc123...")]
    [InlineData("<64 hex>")]
    [InlineData("TODO")]
    [InlineData("")]
    public void A_placeholder_is_refused_with_file_place_and_field(string placeholder)
    {
        HarvestException error = Refused(Example.Replace(HashB, placeholder, StringComparison.Ordinal));
        Assert.Equal("HashPlaceholder", error.ErrorId);
        Assert.Equal(
            $"'slices/v3/slice.json', line 6, byte 33: \"exports[1].sha256\" is \"{placeholder}\", a placeholder and not a SHA-256.", error.Message);
        Assert.Equal([new RemedyAction.HashExport()], error.Remedy.Actions);
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData(HashB + "0")]
    public void A_hash_of_the_wrong_length_is_refused(string hash)
    {
        HarvestException error = Refused(Example.Replace(HashB, hash, StringComparison.Ordinal));
        Assert.Equal("HashInvalid", error.ErrorId);
        Assert.Contains("exports[1].sha256", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{hash.Length} characters", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"slice_version\": \"v3\",", "", "FieldMissing", "\"slice_version\" is missing")]
    [InlineData("\"harvest_version\": \"harvest@v1.4.2\",", "", "FieldMissing", "\"harvest_version\" is missing")]
    [InlineData("\"project\": \"b\", ", "", "FieldMissing", "line 6, byte 5: \"exports[1].project\" is missing")]
    [InlineData("\"v3\"", "3", "FieldInvalid", "\"slice_version\" is not text")]
    [InlineData("\"v3\"", "\"../v3\"", "FieldInvalid", "begins with a dot")]
    [InlineData("\"v3\"", "\"con\"", "FieldInvalid", "reserves")]
    [InlineData("\"v3\"", "\"v 3\"", "FieldInvalid", "' '")]
    [InlineData("2026-05-11T14:32:00Z", "last week", "FieldInvalid", "\"trained_at\" is \"last week\"")]
    [InlineData("\"project\": \"b\"", "\"project\": \"b/c\"", "FieldInvalid", "exports[1].project")]
    [InlineData("\"project\": \"b\"", "\"project\": \"b\", \"bytes\": -1", "FieldInvalid", "\"exports[1].bytes\" is not an integer")]
    [InlineData("\"project\": \"b\"", "\"project\": \"b\", \"bytes\": \"7\"", "FieldInvalid", "\"exports[1].bytes\" is not an integer")]
    [InlineData("label_studio/task_01/project_b_handobj.json", "../b.json", "PathLeavesRepository", "line 6, byte 109: \"exports[1].path\"")]
    [InlineData("label_studio/task_01/project_b_handobj.json", "C:/b.json", "PathLeavesRepository", "names a drive")]
    [InlineData("models/hand_kp/v3.pt", "/models/v3.pt", "PathLeavesRepository", "model_outputs.hand_keypoint")]
    [InlineData("{ \"min_pixel_agreement\": 5, \"boundary_weight\": 0.5 }", "[]", "FieldInvalid", "\"filter_overrides\" is not an object")]
    [InlineData("\"v3\"", "\"v3\", \"format_version\": 0", "FieldInvalid", "format_version")]
    [InlineData("\"v3\"", "\"v3\", \"derivation_version\": 0", "FieldInvalid", "derivation_version")]
    [InlineData("\"v3\"", "\"v3\", \"parents\": \"v2\"", "FieldInvalid", "parents")]
    [InlineData("\"v3\"", "\"v3\", \"parents\": [\"../v2\"]", "FieldInvalid", "parents")]
    [InlineData("\"v3\"", "\"v3\", \"parents\": [2]", "FieldInvalid", "parents")]
    [InlineData("\"v3\"", "\"v3\", \"slice_version\": \"v4\"", "DuplicateKey", "line 2, byte 26: the key \"slice_version\"")]
    [InlineData("\"project\": \"b\"", "\"project\": \"b\", \"project\": \"b\"", "DuplicateKey", "line 6")]
    [InlineData("\"boundary_weight\": 0.5", "\"boundary_weight\": 0.5,", "JsonSyntax", "line 10, byte 75: there is a comma before the closing bracket")]
    [InlineData("\"v3\",", "\"v3\", // the third", "JsonSyntax", "line 2, byte 26: JSON has no comments")]
    [InlineData("\"v3\",", "\"v3\"", "JsonSyntax", "line 3, byte 3: '\"' is not what JSON has")]
    [InlineData("\"v3\"", "'v3'", "JsonSyntax", "single quotes")]
    [InlineData("\"v3\"", "\"\\ud800\"", "JsonSyntax", "line 2, byte 20: the text there is not valid Unicode")]
    [InlineData("\"v3\"", "NaN", "JsonSyntax", "line 2, byte 20")]
    public void A_fault_is_named_with_its_place(string old, string replacement, string id, string words)
    {
        Assert.Contains(old, Example, StringComparison.Ordinal);
        HarvestException error = Refused(Example.Replace(old, replacement, StringComparison.Ordinal));
        Assert.Equal(id, error.ErrorId);
        Assert.Equal(HarvestFault.InvalidData, error.Fault);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("'slices/v3/slice.json', line ", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy.ToString());
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData(" \n", "the file is empty")]
    [InlineData("{ \"slice_version\": \"v3\"", "the file ends before its JSON does")]
    [InlineData("{ \"slice_version\": \"v", "the file ends before its JSON does")]
    [InlineData("[]", "an object in braces is expected")]
    [InlineData("null", "an object in braces is expected")]
    [InlineData("{} {}", "is not what JSON has")]
    public void What_is_no_object_is_refused(string text, string words)
    {
        HarvestException error = Refused(text);
        Assert.Equal("JsonSyntax", error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused()
    {
        byte[] bytes = Encoding.Latin1.GetBytes("{ \"slice_version\": \"é\" }");
        Assert.Equal("JsonSyntax", Assert.Throws<HarvestException>(() => SliceManifest.Parse(bytes)).ErrorId);
    }

    [Fact]
    public void An_export_named_twice_is_refused()
    {
        HarvestException error = Refused(Example.Replace(HashB, HashA, StringComparison.Ordinal).Replace("\"b\"", "\"a\"", StringComparison.Ordinal));
        Assert.Contains("\"exports[1]\" names the export a3f5c1e0b2d4 of project a a second time", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-05-11", "2026-05-11T00:00:00.0000000+00:00")]
    [InlineData("2026-05-11T14:32Z", "2026-05-11T14:32:00.0000000+00:00")]
    [InlineData("2026-05-11T14:32:00.5-07:30", "2026-05-11T14:32:00.5000000-07:30")]
    [InlineData("2026-05-11 14:32:00", "2026-05-11T14:32:00.0000000+00:00")]
    public void Times_are_read_as_programs_write_them(string text, string instant)
    {
        Assert.True(Timestamp.TryParse(text, out Timestamp timestamp));
        Assert.Equal(text, timestamp.ToString());
        Assert.Equal(instant, timestamp.Instant.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("05/11/2026")]
    [InlineData("2026-13-01")]
    [InlineData("")]
    public void Other_times_are_refused(string text) => Assert.False(Timestamp.TryParse(text, out _));

    [Fact]
    public void A_time_made_from_an_instant_is_read_back_as_the_same()
    {
        var instant = new DateTimeOffset(2026, 5, 11, 14, 32, 0, TimeSpan.FromHours(2));
        Assert.Equal("2026-05-11T12:32:00Z", Timestamp.From(instant).Text);
        Assert.True(Timestamp.TryParse(Timestamp.From(instant.AddTicks(1)).Text, out Timestamp precise));
        Assert.Equal(instant.AddTicks(1), precise.Instant);
    }

    private static SliceManifest Parse(string text) => SliceManifest.Parse(Encoding.UTF8.GetBytes(text));

    private static HarvestException Refused(string text) =>
        Assert.Throws<HarvestException>(() => SliceManifest.Parse(Encoding.UTF8.GetBytes(text), "slices/v3/slice.json"));
}
