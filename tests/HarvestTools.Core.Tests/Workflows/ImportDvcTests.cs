using System.Text.Json.Nodes;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Manifests;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

public sealed class ImportDvcTests : IDisposable
{
    private readonly DvcRepository _own = new();

    public void Dispose() => _own.Dispose();

    [Fact]
    public void A_locked_stage_becomes_a_definition_and_a_slice_of_what_it_wrote()
    {
        DvcImport import = _own.Import();

        Assert.Equal(("rows@v1.0.0", "v1", true), (import.HarvestVersion, import.Version, import.Written));
        Assert.Equal(["python3", "src/rows.py", "{exports}", "{out}/rows.csv"], import.Command);
        SliceManifest slice = _own.Repository.Slices.Load("v1");
        ProgramOutput output = Assert.Single(slice.ProgramOutputs);
        Assert.Equal(("rows", "rows.csv", 2L), (output.Table, output.Path, output.Rows));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("task_id\n1\n2\n"u8.ToArray())), output.Sha256);
        Assert.Equal("a.json", Assert.Single(slice.Exports).Path);
        Assert.NotNull(_own.Repository.Archive.TryPathOf(slice.Exports[0].Sha256));
        Assert.Equal((DriftStatus.Clean, 1), Check(quick: true));
    }

    [Fact]
    public void The_check_runs_the_program_and_says_whether_it_gives_what_DVC_has()
    {
        Assert.SkipWhen(ProgramPath.Find("python3", Environment.GetEnvironmentVariable("PATH")) is null, "python3 is not installed.");
        _own.Import();
        TrustProgram.Run(_own.Repository, null, _own.Context);
        Assert.Equal((DriftStatus.Clean, 1), Check(quick: false));
    }

    [Fact]
    public void A_second_import_makes_nothing_new()
    {
        _own.Import();
        byte[] before = File.ReadAllBytes(_own.PathOf("harvest.json"));
        Assert.Equal("v1", _own.Import().Version);
        Assert.Equal(["v1"], _own.Repository.Slices.Versions());
        Assert.Equal(before, File.ReadAllBytes(_own.PathOf("harvest.json")));
    }

    [Fact]
    public void A_plan_writes_nothing()
    {
        byte[] before = File.ReadAllBytes(_own.PathOf("harvest.json"));
        DvcImport plan = _own.Plan();
        Assert.Equal((false, "rows@v1.0.0", DvcRepository.RowsMd5), (plan.Written, plan.HarvestVersion, Assert.Single(plan.Outputs).Md5));
        Assert.Equal(before, File.ReadAllBytes(_own.PathOf("harvest.json")));
        Assert.Empty(_own.Repository.Archive.List());
    }

    [Fact]
    public void An_export_that_is_another_by_now_comes_out_of_the_cache()
    {
        _own.Cache(DvcRepository.ExportMd5, DvcRepository.Export);
        _own.Write("a.json", DvcRepository.OtherExport);
        _own.Import();
        SliceExport export = Assert.Single(_own.Repository.Slices.Load("v1").Exports);
        Assert.Equal(("project-4", "a.json"), (export.Project, export.Name));
    }

    [Fact]
    public void An_export_that_is_in_the_cache_alone_is_recorded_with_its_place()
    {
        _own.Cache(DvcRepository.ExportMd5, DvcRepository.Export);
        File.Delete(_own.PathOf("a.json"));
        _own.Import();
        SliceExport export = Assert.Single(_own.Repository.Slices.Load("v1").Exports);
        Assert.Equal(("a.json", null), (export.Path, export.Name));
    }

    [Fact]
    public void DVC_2_has_another_cache_and_takes_returns_out_of_text()
    {
        _own.Write("dvc.lock", DvcRepository.Lock(mark: ""));
        _own.Write("src/rows.py", DvcRepository.Code.Replace("\n", "\r\n", StringComparison.Ordinal));
        File.Delete(_own.PathOf($".dvc/cache/files/md5/{DvcRepository.RowsMd5[..2]}/{DvcRepository.RowsMd5[2..]}"));
        _own.Cache(DvcRepository.RowsMd5, "task_id\r\n1\r\n2\r\n", old: true);
        _own.Import();
        Assert.Equal(2, Assert.Single(_own.Repository.Slices.Load("v1").ProgramOutputs).Rows);

        // DVC 3 counts them.
        _own.Write("dvc.lock", DvcRepository.Lock());
        Assert.Equal("DvcLockDiffers", Assert.Throws<HarvestException>(() => _own.Plan()).ErrorId);
    }

    [Fact]
    public void Damage_in_the_cache_is_named_with_both_hashes_and_what_is_gone_with_its_own()
    {
        _own.Cache(DvcRepository.RowsMd5, "other\n");
        HarvestException damaged = _own.Fails();
        Assert.Equal("DvcDataDamaged", damaged.ErrorId);
        Assert.Contains(DvcRepository.RowsMd5, damaged.Message, StringComparison.Ordinal);

        Directory.Delete(_own.PathOf(".dvc"), recursive: true);
        Assert.Equal("DvcDataMissing", _own.Fails().ErrorId);

        // The file in its place is as good, where it is the same.
        _own.Write("data/rows.csv", "another\n");
        Assert.Equal("DvcDataMissing", _own.Fails().ErrorId);
        _own.Write("data/rows.csv", DvcRepository.Rows);
        Assert.Equal("v1", _own.Import().Version);
    }

    [Theory]
    [InlineData("src/rows.py", "src/rows.py")]
    [InlineData("params.yaml", "params.yaml:rows.min")]
    [InlineData("dvc.yaml", "its command")]
    public void What_is_not_as_dvc_lock_has_it_is_named_and_no_slice_is_made(string file, string named)
    {
        _own.Write(file, file switch
        {
            "params.yaml" => "rows:\n  min: 2\n",
            "dvc.yaml" => DvcRepository.Pipeline(DvcRepository.Command + " "),
            _ => DvcRepository.Code + "# later\n",
        });
        if (file == "dvc.yaml")
        {
            // Spaces at the end are no change; a word is.
            _ = _own.Plan();
            _own.Write(file, DvcRepository.Pipeline(DvcRepository.Command.Replace("rows.csv", "--fast rows.csv", StringComparison.Ordinal), outs: "[rows.csv]"));
        }

        HarvestException fault = _own.Fails();
        Assert.Equal("DvcLockDiffers", fault.ErrorId);
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
        Assert.Equal((null, true), (_own.Import(new DvcImportRequest(_own.Folder) { NoSlice = true }) is var import ? import.Version : "", import.Written));
    }

    [Fact]
    public void A_folder_of_outputs_and_one_of_exports_are_their_lists()
    {
        _own.Write("labels/a.json", DvcRepository.Export);
        _own.Write("labels/b.json", DvcRepository.OtherExport);
        _own.Cache("b5e7876155e9c9de8b0bbc880cc2874f.dir", $$"""[{"md5": "{{DvcRepository.ExportMd5}}", "relpath": "a.json"}, {"md5": "{{DvcRepository.OtherExportMd5}}", "relpath": "b.json"}]""");
        _own.Cache("edcfa5ea8ff696823e8b586eaf8eac09.dir", """[{"md5": "e4f091c6cdb66907c6fa318d8fa27299", "relpath": "a.csv"}, {"md5": "38177d8bb0bf23b625bacd612540411f", "relpath": "sub/\u00e9.csv"}]""");
        _own.Cache("e4f091c6cdb66907c6fa318d8fa27299", "n\n1\n");
        _own.Cache("38177d8bb0bf23b625bacd612540411f", "n\n2\n");
        const string Command = "python3 src/rows.py labels data/rows";
        _own.Write("dvc.yaml", DvcRepository.Pipeline(Command, "[src, labels]", "[data/rows]"));
        _own.Write("dvc.lock", DvcRepository.Lock(Command, "b5e7876155e9c9de8b0bbc880cc2874f.dir", "70f32fb6a191a06b2ed92f1ce4bef448.dir", "edcfa5ea8ff696823e8b586eaf8eac09.dir", "data/rows", exports: "labels", src: "src"));

        DvcImport import = _own.Import();
        Assert.Equal(["python3", "src/rows.py", "{exports_folder}", "{out}/rows"], import.Command);
        SliceManifest slice = _own.Repository.Slices.Load("v1");
        Assert.Equal(["project-4", "project-5"], slice.Exports.Select(static export => export.Project));
        Assert.Equal(["rows/a.csv", "rows/sub/é.csv"], slice.ProgramOutputs.Select(static output => output.Path));

        // A list that leads elsewhere is not followed, whatever its hash.
        _own.Cache("6c88a0697fdf3c1117db5233cfe72533.dir", """[{"md5": "e4f091c6cdb66907c6fa318d8fa27299", "relpath": "../../harvest.json"}]""");
        _own.Write("dvc.lock", DvcRepository.Lock(Command, "b5e7876155e9c9de8b0bbc880cc2874f.dir", "70f32fb6a191a06b2ed92f1ce4bef448.dir", "6c88a0697fdf3c1117db5233cfe72533.dir", "data/rows", exports: "labels", src: "src"));
        HarvestException led = Assert.Throws<HarvestException>(() => _own.Plan());
        Assert.Equal("DvcFileInvalid", led.ErrorId);
        Assert.Contains("../../harvest.json", led.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_needs_a_shell_is_run_by_one_where_it_expects_its_files()
    {
        Assert.SkipWhen(ProgramPath.Find("sh", Environment.GetEnvironmentVariable("PATH")) is null, "There is no sh.");
        const string Command = "\"V=2; cd data && echo task_id > rows.csv && grep -o '\\\"id\\\":[0-9]*,\\\"data' ../a.json | tr -dc '0-9\\n' >> rows.csv\"";
        _own.Write("dvc.yaml", DvcRepository.Pipeline(Command, "[a.json]"));
        File.Delete(_own.PathOf("dvc.lock"));

        DvcImport import = _own.Import();
        Assert.Equal((null, "dvc.lock does not have the stage"), (import.Version, import.WhyNoSlice));
        Assert.Equal(["sh", "-c"], import.Command.Take(2));
        AddExport.Run(_own.Repository, _own.PathOf("a.json"), null, _own.Context);
        TrustProgram.Run(_own.Repository, null, _own.Context);
        NewSliceResult made = NewSlice.Run(_own.Repository, new NewSliceRequest("v1"), _own.Context);
        Assert.Equal(DvcRepository.Rows, File.ReadAllText(Assert.Single(made.Built!.Tables).Path));
    }

    [Fact]
    public void What_the_command_names_without_saying_so_is_a_file_of_the_definition_and_said()
    {
        _own.Write("dvc.yaml", DvcRepository.Pipeline(DvcRepository.Command, "[a.json]"));
        DvcImport plan = _own.Plan();
        Assert.Contains("src/rows.py", plan.DefinitionText, StringComparison.Ordinal);
        Assert.Contains(plan.Notes, static note => note.StartsWith("'src/rows.py'", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_definition_is_replaced_only_when_that_is_said()
    {
        _own.Write("harvest.json", File.ReadAllText(_own.PathOf("harvest.json")).Replace("\"min_pixel_agreement\": 5", "\"min_pixel_agreement\": 6", StringComparison.Ordinal));
        Assert.Equal("DvcDefinitionExists", _own.Fails().ErrorId);
        Assert.Equal("rows@v1.0.0", _own.Import(new DvcImportRequest(_own.Folder) { Force = true }).HarvestVersion);
    }

    [Fact]
    public void Beside_definitions_with_names_it_is_another_of_them()
    {
        string path = _own.PathOf("harvest.json");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(path))!;
        JsonObject rules = settings["harvest"]!.DeepClone().AsObject();
        rules.Remove("name");
        settings.AsObject().Remove("harvest");
        settings["definitions"] = new JsonObject { ["regions"] = rules };
        _own.Write("harvest.json", settings.ToJsonString());

        DvcImport import = _own.Import();

        Assert.Equal(("rows@v1.0.0", "v1"), (import.HarvestVersion, import.Version));
        JsonNode after = JsonNode.Parse(File.ReadAllText(path))!;
        Assert.Null(after["harvest"]);
        Assert.Equal(["regions", "rows"], after["definitions"]!.AsObject().Select(static one => one.Key));
        Assert.True(JsonNode.DeepEquals(rules["rules"], after["definitions"]!["regions"]!["rules"]));
        Assert.Equal((DriftStatus.Clean, 1), Check(quick: true));
        Assert.Equal("v1", _own.Import().Version);
    }

    [Fact]
    public void A_changed_stage_is_the_next_version()
    {
        _own.Import();
        _own.Write("src/rows.py", DvcRepository.Code + "# later\n");
        Assert.Equal("rows@v1.1.0", _own.Import(new DvcImportRequest(_own.Folder) { NoSlice = true }).HarvestVersion);
        _own.Write("src/rows.py", DvcRepository.Code);
        Assert.Equal("rows@v1.0.0", _own.Import(new DvcImportRequest(_own.Folder) { NoSlice = true }).HarvestVersion);
    }

    [Fact]
    public void A_slice_that_cannot_be_made_leaves_the_definition_as_it_was()
    {
        _own.Import();
        byte[] before = File.ReadAllBytes(_own.PathOf("harvest.json"));
        _own.Cache(DvcRepository.OtherExportMd5, DvcRepository.OtherExport);
        _own.Write("src/rows.py", DvcRepository.Code.Replace("\n", "\r\n", StringComparison.Ordinal));
        _own.Write("dvc.lock", DvcRepository.Lock(mark: ""));
        Assert.Equal("SliceExists", Assert.Throws<HarvestException>(() => _own.Import(new DvcImportRequest(_own.Folder) { Version = "v1" })).ErrorId);
        Assert.Equal(before, File.ReadAllBytes(_own.PathOf("harvest.json")));
    }

    [Theory]
    [InlineData("DvcFileNotFound", "gone")]
    [InlineData("DvcFileOutside", "..")]
    public void A_file_that_is_not_there_or_outside_is_named(string id, string path)
    {
        string outside = Directory.CreateTempSubdirectory("harvest-test-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(outside, "dvc.yaml"), "stages: {}\n");
            Assert.Equal(id, Assert.Throws<HarvestException>(() => _own.Plan(new DvcImportRequest(path == ".." ? outside : _own.PathOf(path)))).ErrorId);
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public void Of_several_stages_one_has_to_be_named()
    {
        _own.Write("dvc.yaml", DvcRepository.Pipeline(DvcRepository.Command) + "  train:\n    cmd: p\n");
        Assert.Equal("DvcStageUnnamed", Assert.Throws<HarvestException>(() => _own.Plan()).ErrorId);
        Assert.Equal("rows", _own.Plan(new DvcImportRequest(_own.Folder, "rows")).Stage);
        Assert.Equal("DvcStageNotImportable", Assert.Throws<HarvestException>(() => _own.Plan(new DvcImportRequest(_own.Folder, "train"))).ErrorId);
    }

    private (string Status, int Tables) Check(bool quick)
    {
        using CheckSlice check = new(_own.Repository, _own.Context);
        DriftReport report = check.Run(_own.Repository.Slices.Load("v1"), quick);
        return (report.Status, report.TablesCompared);
    }
}
