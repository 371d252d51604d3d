using HarvestTools.Dvc;

namespace HarvestTools.Tests.Dvc;

public sealed class DvcPipelineTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("harvest-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Values_come_from_params_vars_and_files_by_key_and_index()
    {
        Write("params.yaml", "rows:\n  min: 2\n  rate: 1e-3\n  whole: 1.0\n  deep: true\nsizes: [3, 4]\n");
        Write("more.json", """{ "camera": { "name": "front" }, "other": 1 }""");
        DvcStage stage = Read("""
            vars:
            - more.json:camera
            - data: out
            stages:
              rows:
                cmd: p ${rows.min} ${rows.rate} ${rows.whole} ${rows.deep} ${sizes[1]} ${camera.name} \${kept}
                outs: ["${data}/rows.csv"]
            """).Stage("rows");

        Assert.Equal(["p 2 0.001 1.0 true 4 front ${kept}"], stage.Commands);
        Assert.Equal(["out/rows.csv"], stage.Outputs);
    }

    [Theory]
    [InlineData("${gone}", "${gone}")]
    [InlineData("x ${sizes}", "list")]
    [InlineData("${other}", "${other}")]
    public void What_nothing_says_is_named_with_its_place(string command, string named)
    {
        Write("params.yaml", "sizes: [3, 4]\n");
        Write("more.json", """{ "camera": 1, "other": 1 }""");
        HarvestException fault = Assert.Throws<HarvestException>(() => Read($"vars: ['more.json:camera']\nstages:\n  rows:\n    cmd: {command}\n").Stage("rows"));
        Assert.Equal("DvcFileInvalid", fault.ErrorId);
        Assert.Contains("stages.rows.cmd", fault.Message, StringComparison.Ordinal);
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_of_foreach_and_matrix_is_a_stage_named_as_DVC_names_it()
    {
        Write("params.yaml", "cameras: [front, back]\n");
        DvcPipeline pipeline = Read("""
            stages:
              list:
                foreach: ${cameras}
                do: { cmd: 'p ${item}' }
              map:
                foreach: { uk: { n: 1 }, us: { n: 2 } }
                do: { cmd: 'p ${key} ${item.n}' }
              deep:
                foreach: [{ n: 1 }, { n: 2 }]
                do: { cmd: 'p ${item.n}' }
              grid:
                matrix: { model: [a, b], size: [1, { n: 2 }] }
                cmd: p ${item.model}
            """);

        Assert.Equal(
            ["list@front", "list@back", "map@uk", "map@us", "deep@0", "deep@1", "grid@a-1", "grid@a-size1", "grid@b-1", "grid@b-size1"], pipeline.Names);
        Assert.Equal(["p back"], pipeline.Stage("list@back").Commands);
        Assert.Equal(["p us 2"], pipeline.Stage("map@us").Commands);
        Assert.Equal(["p 2"], pipeline.Stage("deep@1").Commands);
        Assert.Equal(["p b"], pipeline.Stage("grid@b-size1").Commands);
    }

    [Fact]
    public void Parameters_are_keys_of_the_usual_file_of_another_or_whole_files()
    {
        DvcStage stage = Read("""
            stages:
              rows:
                wdir: work
                cmd: [first, second]
                deps: [../lib/a.py]
                params:
                - rows.min
                - ../more.yaml: [a, b.c]
                - whole.json:
                - rows.max
                outs:
                - rows.csv: { cache: false }
                metrics: [m.json: { cache: false }]
            """).Stage("rows");

        Assert.Equal(["first", "second"], stage.Commands);
        Assert.Equal(["lib/a.py"], stage.Dependencies);
        Assert.Equal(["work/rows.csv"], stage.Outputs);
        Assert.Equal(["work/m.json"], stage.Reports);
        Assert.Equal(
            ["work/params.yaml:rows.min,rows.max", "more.yaml:a,b.c", "work/whole.json:"],
            stage.Parameters.Select(static parameters => $"{parameters.File}:{string.Join(',', parameters.Keys ?? [])}"));
    }

    [Theory]
    [InlineData("deps: [../outside.json]")]
    [InlineData("deps: ['s3://bucket/a.json']")]
    [InlineData("outs: [/data/rows.csv]")]
    public void What_is_outside_of_the_repository_cannot_be_imported(string line)
    {
        HarvestException fault = Assert.Throws<HarvestException>(() => Read($"stages:\n  rows:\n    cmd: p\n    {line}\n").Stage("rows"));
        Assert.Equal("DvcStageNotImportable", fault.ErrorId);
    }

    [Theory]
    [InlineData("- a\n")]
    [InlineData("stages:\n  rows: p\n")]
    [InlineData("stages:\n  rows:\n    foreach: [a]\n")]
    [InlineData("stages:\n  rows:\n    outs: [a]\n")]
    public void A_file_that_is_no_pipeline_says_where(string text) =>
        Assert.Equal("DvcFileInvalid", Assert.Throws<HarvestException>(() => Read(text).Stage("rows")).ErrorId);

    [Fact]
    public void An_unknown_stage_names_those_there_are() =>
        Assert.Contains("'rows'", Assert.Throws<HarvestException>(() => Read("stages: { rows: { cmd: p } }\n").Stage("rowss")).Message, StringComparison.Ordinal);

    private DvcPipeline Read(string text)
    {
        Write("dvc.yaml", text);
        return DvcPipeline.Read(_root, "dvc.yaml");
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_root, name), text);
}
