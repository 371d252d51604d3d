using System.Text.Json.Nodes;
using HarvestTools.Manifests;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Rules;

public sealed class HarvestProgramTests : IDisposable
{
    private const string Definition = """
        { "name": "harvest", "version": "v1.0.0", "kind": "program",
          "run": ["python3", "harvest.py", "--out", "{out}", "--params", "{params}", "{exports}"],
          "code": ["harvest.py", "lib/**/*.py"], "environment": ["requirements.lock"], "params": ["params.yaml:preprocess"],
          "inputs": ["config/labels.yaml"], "tables": ["*.csv"] }
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("harvest-program-").FullName;

    public HarvestProgramTests()
    {
        Write("harvest.py", "print(1)\n");
        Write("lib/a.py", "a\n");
        Write("lib/deep/b.py", "b\n");
        Write("lib/deep/__pycache__/b.py", "compiled\n");
        Write("lib/.hidden/c.py", "c\n");
        Write("lib/notes.txt", "no code\n");
        Write("requirements.lock", "pyarrow==1\n");
        Write("params.yaml", "preprocess:\n  min: 5\ntrain:\n  lr: 0.1\n");
        Write("config/labels.yaml", "- hand\n");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Patterns_find_files_by_path_and_say_what_they_are()
    {
        ProgramContent content = Resolved().Program!.Content!;

        Assert.Equal(
            ["config/labels.yaml Inputs", "harvest.py Code", "lib/a.py Code", "lib/deep/b.py Code", "requirements.lock Environment"],
            content.Files.Select(static file => $"{file.Path} {file.Role}"));
        Assert.Equal("""{"params.yaml":{"preprocess.min":5}}""", content.Values.ToJsonString());
    }

    [Theory]
    [InlineData("harvest.py", "print(2)\n", "Code harvest.py")]
    [InlineData("lib/deep/b.py", "c\n", "Code lib/deep/b.py")]
    [InlineData("lib/new.py", "n\n", "Code lib/new.py")]
    [InlineData("requirements.lock", "pyarrow==2\n", "Environment requirements.lock")]
    [InlineData("config/labels.yaml", "- foot\n", "Inputs config/labels.yaml")]
    [InlineData("params.yaml", "preprocess:\n  min: 6\n", "Rules params.yaml:preprocess.min")]
    public void The_hash_covers_every_file_and_value_and_a_change_is_named(string file, string text, string expected)
    {
        HarvestDefinition before = Resolved();
        Write(file, text);
        HarvestDefinition after = Resolved();

        Assert.NotEqual(before.Sha256, after.Sha256);
        Assert.Equal([expected], ProgramChange.Between(before, after).Select(static change => $"{change.Area} {change.Subject}"));
    }

    [Theory]
    [InlineData("""{"keys":["task_id","frame"]}""")]
    [InlineData("""{"keys":{"rows.csv":["task_id"],"parts/**":["row"]}}""")]
    [InlineData("""{"columns":{"task_id":"task","annotator":"who","medium":"clip"}}""")]
    public void Keys_and_columns_are_written_as_they_were_read_and_no_part_of_the_hash(string fields)
    {
        JsonObject json = JsonNode.Parse(Definition)!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(fields)!.AsObject())
        {
            json[name] = value?.DeepClone();
        }

        var definition = HarvestDefinition.Parse(json);
        JsonObject written = definition.ToJson();
        Assert.Equal(fields, new JsonObject(written.Where(static pair => pair.Key is "keys" or "columns").Select(static pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))).ToJsonString());
        Assert.Equal(HarvestDefinition.Parse(JsonNode.Parse(Definition)!.AsObject()).Sha256, definition.Sha256);
    }

    [Theory]
    [InlineData("\"keys\": 3", "keys")]
    [InlineData("\"keys\": { \"a.csv\": [] }", "a.csv")]
    [InlineData("\"keys\": { \"../a.csv\": [\"k\"] }", "../a.csv")]
    [InlineData("\"keys\": [7]", "keys[0]")]
    [InlineData("\"columns\": { \"task\": \"t\" }", "columns.task")]
    [InlineData("\"columns\": { \"task_id\": \"\" }", "columns.task_id")]
    public void Keys_and_columns_that_say_nothing_are_refused(string fields, string place) => Assert.Contains(
        place, Assert.Throws<HarvestException>(() => HarvestDefinition.Parse(JsonNode.Parse(Definition.Replace("\"tables\"", fields + ", \"tables\"", StringComparison.Ordinal))!.AsObject())).Message, StringComparison.Ordinal);

    [Fact]
    public void What_the_program_does_not_get_changes_nothing()
    {
        HarvestDefinition before = Resolved();
        Write("lib/notes.txt", "other\n");
        Write("lib/deep/__pycache__/b.py", "other\n");
        Write("params.yaml", "train:\n  lr: 0.2\npreprocess:\n  min: 5.0\n");

        Assert.Equal(before.Sha256, Resolved().Sha256);
        Assert.Equal(before.Sha256, Resolved(Definition.Replace("lib/**/*.py", "lib/**/[ab].py", StringComparison.Ordinal).Replace("[ab]", "?", StringComparison.Ordinal)).Sha256);
        Assert.NotEqual(before.Sha256, Resolved(Definition.Replace("python3", "python", StringComparison.Ordinal)).Sha256);
        Assert.NotEqual(before.Sha256, Resolved(Definition.Replace("\"tables\"", "\"identity\": \"rows\", \"tables\"", StringComparison.Ordinal)).Sha256);
    }

    [Fact]
    public void What_is_written_beside_a_slice_and_into_the_archive_reads_back_as_the_same_definition()
    {
        HarvestDefinition definition = Resolved();

        Assert.Equal(definition.Sha256, Parse(definition.ToJson().ToJsonString()).Sha256);
        Assert.Equal(definition.Sha256, Parse(System.Text.Encoding.UTF8.GetString(definition.ToCanonicalBytes())).Sha256);
        Assert.Equal(5, Parse(definition.ToJson().ToJsonString()).Program!.Content!.Files.Count);
    }

    [Theory]
    [InlineData("\"lib/**/*.py\"", "\"lib/**/*.rb\"", "PatternUnmatched")]
    [InlineData("\"lib/**/*.py\"", "\"../*.py\"", "PatternInvalid")]
    [InlineData("\"lib/**/*.py\"", "\"/etc/passwd\"", "PatternInvalid")]
    [InlineData("{out}", "{output}", "ProgramWordInvalid")]
    [InlineData("\"{exports}\"", "\"--in={exports}\"", "ProgramWordInvalid")]
    [InlineData("\"tables\": [\"*.csv\"]", "\"tables\": []", "ProgramIncomplete")]
    [InlineData("\"kind\": \"program\"", "\"kind\": \"script\"", "FieldInvalid")]
    [InlineData("\"tables\"", "\"rules\": {}, \"tables\"", "UnknownKey")]
    [InlineData("params.yaml:preprocess", "params.yaml:prep", "ParameterKeyUnknown")]
    [InlineData("\"tables\"", "\"float_digits\": 16, \"tables\"", "FieldInvalid")]
    public void A_fault_of_the_definition_is_named(string part, string replacement, string errorId)
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => Resolved(Definition.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.Equal(errorId, fault.ErrorId);
    }

    [Fact]
    public void Files_in_harvest_json_are_refused()
    {
        string text = $$"""{ "harvest": {{Definition.Replace("\"tables\"", "\"files\": [], \"tables\"", StringComparison.Ordinal)}} }""";

        Assert.Equal("ProgramContentGiven", Assert.Throws<HarvestException>(() => HarvestSettings.Parse(System.Text.Encoding.UTF8.GetBytes(text))).ErrorId);
    }

    [Fact]
    public void A_link_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Making a link needs a right there.");
        File.CreateSymbolicLink(Path.Combine(_root, "lib", "link.py"), Path.Combine(_root, "harvest.py"));

        Assert.Equal("ProgramFileLinked", Assert.Throws<HarvestException>(() => Resolved()).ErrorId);
    }

    [Theory]
    [InlineData("*.csv", "a.csv", true)]
    [InlineData("*.csv", "b/a.csv", false)]
    [InlineData("**/*.csv", "a.csv", true)]
    [InlineData("**/*.csv", "b/c/a.csv", true)]
    [InlineData("b/**", "b/c/a.csv", true)]
    [InlineData("b/**", "c/a.csv", false)]
    [InlineData("**/*.csv", ".b/a.csv", false)]
    [InlineData("*.csv", ".a.csv", false)]
    public void A_pattern_matches_a_path(string pattern, string path, bool expected) => Assert.Equal(expected, FilePatterns.Matches(pattern, path));

    private HarvestDefinition Resolved(string text = Definition) => ProgramContentReader.Resolve(_root, Parse(text));

    private static HarvestDefinition Parse(string text) => HarvestDefinition.Parse(JsonNode.Parse(text)!.AsObject());

    private void Write(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
