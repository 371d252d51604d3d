using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

[Collection(ProgramRepository.Runs)]
public sealed class ProgramSliceTests : IDisposable
{
    private readonly ProgramRepository _own = new();

    public void Dispose() => _own.Dispose();

    [Fact]
    public void A_slice_records_what_the_program_wrote_and_is_built_and_checked_again()
    {
        NewSliceResult made = _own.New("v1");

        ProgramOutput output = Assert.Single(made.Slice.ProgramOutputs);
        Assert.Equal(("counts", "counts.csv", 6L), (output.Table, output.Path, output.Rows));
        Assert.Equal(made.Slice.ToUtf8Bytes(), SliceManifest.Parse(made.Slice.ToUtf8Bytes()).ToUtf8Bytes());
        Assert.Equal(output.Sha256, SliceManifest.Parse(made.Slice.ToUtf8Bytes()).ProgramOutputs[0].Sha256);

        Assert.Equal(BuildStatus.Hit, Assert.Single(Build("v1").Tables).Status);
        string cached = Assert.Single(Build("v1").Tables).Path;
        byte[] bytes = File.ReadAllBytes(cached);
        Directory.Delete(_own.Repository.CacheFolder, recursive: true);
        Assert.Equal(BuildStatus.Regenerated, Assert.Single(Build("v1").Tables).Status);
        Assert.Equal(bytes, File.ReadAllBytes(cached));
        DriftReport report = Check("v1");
        Assert.Equal((DriftStatus.Clean, 1), (report.Status, report.TablesCompared));
        Assert.Empty(report.Findings);
    }

    [Theory]
    [InlineData("harvest.py", "# changed\n", DriftCause.Code)]
    [InlineData("requirements.lock", "other\n", DriftCause.Environment)]
    [InlineData("labels.txt", "foot\n", DriftCause.Data)]
    [InlineData("params.yaml", "preprocess:\n  min: 2\n", DriftCause.Rules)]
    public void A_change_under_the_same_version_is_found_quickly_by_file_and_cause(string file, string text, string cause)
    {
        _own.New("v1");
        _own.Write(file, file == "harvest.py" ? ProgramRepository.Program + text : text);

        DriftFinding finding = Assert.Single(Check("v1", quick: true).Findings);
        Assert.Equal((DriftKind.HarvestRedefined, DriftSeverity.Error, cause), (finding.Kind, finding.Severity, finding.Cause));
        Assert.StartsWith(file, finding.Subject, StringComparison.Ordinal);
        Assert.Equal("v1.1.0", finding.Bump!.To);
        Assert.Equal("HarvestRedefined", Assert.Throws<HarvestException>(() => _own.New("v2")).ErrorId);
    }

    [Theory]
    [InlineData("least = ", "# a comment\nleast = ", "v1.0.1", BumpSize.Patch)]
    [InlineData(">= least", "> least", "v1.1.0", BumpSize.Minor)]
    public void The_full_check_runs_the_changed_program_and_proposes_the_bump_that_its_rows_ask_for(string part, string replacement, string version, string size)
    {
        _own.New("v1");
        _own.Write("harvest.py", ProgramRepository.Program.Replace(part, replacement, StringComparison.Ordinal));

        Assert.Equal(("v1.1.0", (bool?)null), (Assert.Single(Check("v1").Findings).Bump!.To, Assert.Single(Check("v1").Findings).Bump!.RowsChange));
        _own.TrustCurrent();
        VersionBump bump = Assert.Single(Check("v1").Findings).Bump!;
        Assert.Equal((version, size), (bump.To, bump.Size));
    }

    [Fact]
    public void A_slice_made_before_still_checks_clean_when_the_program_went_on_under_a_new_version()
    {
        _own.New("v1");
        _own.Write("harvest.py", ProgramRepository.Program.Replace(">= least", "> least", StringComparison.Ordinal));
        _own.Write("params.yaml", "preprocess:\n  min: 3\n");
        _own.Write("harvest.json", File.ReadAllText(_own.Repository.SettingsPath).Replace("v1.0.0", "v2.0.0", StringComparison.Ordinal));
        SliceManifest second = _own.New("v2").Slice;
        File.Delete(Path.Combine(_own.Folder, "labels.txt"));

        Assert.NotEqual(_own.Repository.Slices.Load("v1").ProgramOutputs[0].Sha256, second.ProgramOutputs[0].Sha256);
        Directory.Delete(_own.Repository.CacheFolder, recursive: true);
        Assert.Single(Build("v1").Tables);
    }

    [Fact]
    public void Other_bytes_of_the_same_code_are_found_by_running_it_again()
    {
        _own.Write("harvest.py", ProgramRepository.Program.Replace("\"regions\"]", "\"regions\" + os.urandom(4).hex()]", StringComparison.Ordinal));
        _own.New("v1");

        DriftFinding finding = Assert.Single(Check("v1").Findings);
        Assert.Equal((DriftKind.DerivationChanged, "counts.csv", DriftCause.Environment), (finding.Kind, finding.Subject, finding.Cause));
        Directory.Delete(_own.Repository.CacheFolder, recursive: true);
        Assert.Equal("ProgramOutputDiffers", Assert.Throws<HarvestException>(() => Build("v1")).ErrorId);
        Assert.False(Directory.Exists(_own.Repository.CacheFolder) && Directory.EnumerateFiles(_own.Repository.CacheFolder, "*.csv", SearchOption.AllDirectories).Any());
    }

    [Theory]
    [InlineData("writer.writerows(sorted(rows))", "random.shuffle(rows); writer.writerows(rows)", "\"row_order\": false", true)]
    [InlineData("len(annotation[\"result\"])]", "1 + random.random() * 1e-9]", "\"float_digits\": 3", true)]
    [InlineData("len(annotation[\"result\"])]", "1 + random.random() * 1e-9]", "\"row_order\": false", false)]
    [InlineData("newline=\"\"", "newline=random.choice([\"\", \"\\n\"])", "\"row_order\": true", true)]
    public void Of_a_writer_that_is_not_stable_the_rows_are_recorded(string part, string replacement, string more, bool clean)
    {
        _own.Define(", \"identity\": \"rows\", " + more);
        _own.Write("harvest.py", ("import random\n" + ProgramRepository.Program).Replace(part, replacement, StringComparison.Ordinal));
        SliceManifest slice = _own.New("v1").Slice;

        Assert.Null(slice.ProgramOutputs[0].Sha256);
        Assert.Equal(clean ? DriftStatus.Clean : DriftStatus.Drifted, Check("v1").Status);
    }

    [Fact]
    public void Nothing_untrusted_is_started()
    {
        string canary = Path.Combine(_own.Folder, "canary");
        _own.Write("harvest.py", $"open(r'{canary}', 'w').close()\n" + ProgramRepository.Program);

        Assert.Equal("ProgramUntrusted", Assert.Throws<HarvestException>(() => NewSlice.Run(_own.Repository, new NewSliceRequest("v1"), _own.Context)).ErrorId);
        Assert.False(File.Exists(canary));
        _own.New("v1");
        Assert.True(File.Exists(canary));
        File.Delete(canary);

        TrustProgram.Describe(_own.Repository, null);
        _own.Trust.Remove(_own.Repository.Harvest.Sha256);
        Directory.Delete(_own.Repository.CacheFolder, recursive: true);
        Assert.Equal("ProgramUntrusted", Assert.Throws<HarvestException>(() => Build("v1")).ErrorId);
        DriftReport report = Check("v1");
        Assert.Equal((DriftStatus.Unverifiable, DriftKind.ProgramUntrusted), (report.Status, Assert.Single(report.Findings).Kind));
        Assert.False(File.Exists(canary));
    }

    [Theory]
    [InlineData("raise SystemExit('no luck')", "ProgramFailed", "no luck")]
    [InlineData("os.kill(os.getpid(), 9)", "ProgramFailed", "exit code 137")]
    [InlineData("print('all well'); raise SystemExit(0)", "ProgramWroteNothing", "all well")]
    [InlineData("print('linked'); os.symlink('/etc/hostname', arguments.out + '/a.csv')", "ProgramWroteLink", "linked")]
    [InlineData("import time; time.sleep(600)", "ProgramOverLimit", "1 second")]
    [InlineData("os.system('sleep 600 & sleep 601'); raise SystemExit(3)", "ProgramOverLimit", "1 second")]
    [InlineData("[print('x' * 99999) for i in range(200)]", "ProgramOverLimit", "printed")]
    [InlineData("open(arguments.out + '/big.csv', 'wb').write(bytes(3000000))", "ProgramOverLimit", "wrote")]
    public void A_run_that_goes_wrong_has_a_clear_end_and_leaves_nothing(string code, string errorId, string said)
    {
        Assert.SkipWhen(errorId == "ProgramWroteLink" && OperatingSystem.IsWindows(), "Links need a privilege there.");
        _own.Define(", \"limits\": { \"seconds\": 1, \"printed_mb\": 1, \"output_mb\": 2 }");
        _own.Write("harvest.py", ProgramRepository.Program.Replace("least = ", code + "\nleast = ", StringComparison.Ordinal));
        string[] before = ProgramRepository.RunFolders();

        HarvestException fault = Assert.Throws<HarvestException>(() => _own.New("v1"));

        Assert.Equal(errorId, fault.ErrorId);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.Contains("python3 harvest.py --out", fault.Message, StringComparison.Ordinal);
        Assert.Contains("HARVEST_KEEP_RUN", string.Concat(fault.Remedy.Texts), StringComparison.Ordinal);
        Assert.Empty(_own.Repository.Slices.Versions());
        Assert.False(Directory.Exists(_own.Repository.CacheFolder) && Directory.EnumerateFiles(_own.Repository.CacheFolder, "*.csv", SearchOption.AllDirectories).Any());
        Assert.Empty(ProgramRepository.RunFolders().Except(before));
    }

    [Fact]
    public void What_the_program_leaves_running_is_ended()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere what makes a session of its own is not found.");
        string pid = Path.Combine(_own.Folder, "pid");
        _own.Write("harvest.py", ProgramRepository.Program + $"import subprocess\nopen(r'{pid}', 'w').write(str(subprocess.Popen(['sleep', '600'], start_new_session=True).pid))\n");
        _own.New("v1");

        string left = File.ReadAllText(pid);
        Assert.False(Directory.Exists($"/proc/{left}") && !File.ReadAllText($"/proc/{left}/stat").Contains(" Z ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_program_gets_its_own_files_read_only_and_no_variable_that_is_not_listed()
    {
        _own.Define(", \"variables\": [\"GIVEN=yes\"]");
        _own.Write("secret.txt", "not listed\n");
        _own.Write("harvest.py", ProgramRepository.Program + """
            assert sorted(os.listdir(".")) == ["harvest.py", "labels.txt", "params.yaml", "requirements.lock"], os.listdir(".")
            assert os.environ["GIVEN"] == "yes" and os.path.samefile(os.environ["HOME"], "../home")
            assert not {name for name in os.environ if "PYENV" not in name} - {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "TZ", "GIVEN", "HARVEST_RUN", "PWD", "OLDPWD", "SHLVL", "_"}, sorted(os.environ)
            assert os.geteuid() == 0 or not os.access(arguments.exports[0], os.W_OK)
            assert os.stat(arguments.exports[0]).st_mode & 0o222 == 0

            """);

        _own.New("v1");
    }

    [Fact]
    public void Slices_of_one_definition_that_nobody_trusted_are_reported_in_one_place()
    {
        _own.New("v1");
        _own.New("v2");
        _own.Trust.Remove(_own.Repository.Harvest.Sha256);

        DriftFinding[] found = [.. CheckSlices.Run(_own.Repository, ["v1", "v2"], quick: false, _own.Context).SelectMany(static one => one.Report!.Findings).Where(static finding => finding.Kind == DriftKind.ProgramUntrusted)];
        Assert.Equal([null, "v1"], found.Select(static finding => finding.ReportedUnder));
    }

    [Fact]
    public void The_impact_of_a_program_on_a_slice_of_rules_is_refused_as_what_it_is()
    {
        _own.New("v1");
        _own.Write("harvest.json", """{ "harvest": { "name": "harvest", "version": "v2.0.0" } }""");

        HarvestException fault = Assert.Throws<HarvestException>(() => HarvestImpact.Run(_own.Repository, ["v1"], null, _own.Context).ToList());
        Assert.Equal("DefinitionOfOtherKind", fault.ErrorId);
        Assert.StartsWith("Slice v1 was derived by a program of the team's own, and harvest@v2.0.0 in harvest.json is of rules", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_rows_of_rules_says_so()
    {
        _own.New("v1");

        Assert.Equal("RowsOfProgram", Assert.Throws<HarvestException>(() => HarvestImpact.Run(_own.Repository, [], new() { ["min_pixel_agreement"] = 1 }, _own.Context).ToList()).ErrorId);
        Assert.Equal("RowsOfProgram", Assert.Throws<HarvestException>(() => NewSlice.Run(_own.Repository, new NewSliceRequest("v2") { FilterOverrides = new() { ["min_pixel_agreement"] = 1 } }, _own.Context)).ErrorId);
    }

    [Fact]
    public void Cancelled_it_ends_and_leaves_nothing()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        _own.Write("harvest.py", "import time; time.sleep(600)\n");
        string[] before = ProgramRepository.RunFolders();
        _own.TrustCurrent();

        Assert.ThrowsAny<OperationCanceledException>(() => NewSlice.Run(_own.Repository, new NewSliceRequest("v1"), _own.Context with { Cancellation = stop.Token }));
        Assert.Empty(ProgramRepository.RunFolders().Except(before));
        Assert.Empty(_own.Repository.Slices.Versions());
    }

    private BuiltSlice Build(string version)
    {
        Repository repository = _own.Repository;
        return BuildSlice.Run(repository, repository.Slices.Load(version), _own.Context);
    }

    private DriftReport Check(string version, bool quick = false)
    {
        Repository repository = _own.Repository;
        using CheckSlice check = new(repository, _own.Context);
        return check.Run(repository.Slices.Load(version), quick);
    }
}
