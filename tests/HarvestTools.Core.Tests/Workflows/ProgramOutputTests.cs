using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Workflows;

/// <summary>What programs write under odd names, in odd places, and not twice the same.</summary>
[Collection(ProgramRepository.Runs)]
public sealed class ProgramOutputTests : IDisposable
{
    private readonly ProgramRepository _own = new();

    public void Dispose() => _own.Dispose();

    [Theory]
    [InlineData(@"new\nline.csv", "control character")]
    [InlineData(@"tab\t.csv", "control character")]
    [InlineData(@"a\\b.csv", "separator")]
    [InlineData("a:b.csv", "':'")]
    [InlineData("longer:b.csv", "':'")]
    [InlineData("folder:x/b.csv", "':'")]
    public void A_name_that_slice_json_cannot_hold_is_refused_before_anything_is_recorded(string name, string why)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such names.");
        Define($"path = '{name}'\nos.makedirs(os.path.dirname(out + '/' + path), exist_ok=True)\nopen(out + '/' + path, 'w').write('a\\n1\\n')");

        HarvestException fault = Assert.Throws<HarvestException>(() => _own.New("v1"));

        Assert.Equal("OutputNameInvalid", fault.ErrorId);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        AssertNothing();
    }

    [Theory]
    [InlineData("open(out.encode() + b'/\\xff\\xfe.csv', 'w').write('a\\n1\\n')", "PathNotPortable", "no UTF-8")]
    [InlineData("os.mkdir(out.encode() + b'/\\xff'); open(out.encode() + b'/\\xff/a.csv', 'w').write('a\\n1\\n'); os.chmod(out.encode() + b'/\\xff', 0)", "PathNotPortable", "no UTF-8")]
    [InlineData("os.mkfifo(out + '/pipe.csv')", "NotARegularFile", "pipe.csv")]
    [InlineData("os.rmdir(out)", "OutputFolderGone", "removed the folder {out}")]
    [InlineData("os.rmdir(out); os.symlink(elsewhere, out)", "OutputFolderGone", "a link in the place")]
    [InlineData("os.rmdir(out); open(out, 'w').close()", "OutputFolderGone", "something else")]
    [InlineData("r = os.path.realpath('..'); os.rename(r, r + '-moved')", "OutputFolderGone", "moved the folder of its run")]
    [InlineData("r = os.path.realpath('..'); os.rename(r, r + '-moved'); os.symlink(elsewhere, r)", "OutputFolderGone", "moved the folder of its run")]
    public void What_is_no_table_in_its_folder_is_said_and_leaves_nothing(string code, string errorId, string said)
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such files.");
            return;
        }

        string elsewhere = Path.Combine(_own.Folder, "elsewhere");
        Directory.CreateDirectory(elsewhere);
        File.WriteAllText(Path.Combine(elsewhere, "s.csv"), "a\nsecret\n");
        File.SetUnixFileMode(elsewhere, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string[] before = ProgramRepository.RunFolders();
        Define($"elsewhere = r'{elsewhere}'\n{code}");

        HarvestException fault = Assert.Throws<HarvestException>(() => _own.New("v1"));

        Assert.Equal(errorId, fault.ErrorId);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        AssertNothing();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(elsewhere));
        Assert.True(File.Exists(Path.Combine(elsewhere, "s.csv")));

        // What the program moved away goes with the next sweep.
        StaleRuns.Sweep();
        Assert.Empty(ProgramRepository.RunFolders().Except(before));
        File.SetUnixFileMode(elsewhere, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData("bytes", """{"a":"\\ud800"}""", null)]
    [InlineData("bytes", """{"\\ud800":1}""", null)]
    [InlineData("rows", """{"a":"\\ud800"}""", "half")]
    [InlineData("rows", """{"a":1,"a":2}""", "a key twice")]
    [InlineData("rows", """{"a":1e400}""", "beyond the range")]
    [InlineData("rows", """{"a":NaN}""", "no JSON")]
    public void A_line_that_is_no_row_is_named_with_what_is_wrong(string identity, string line, string? why)
    {
        Define($"open(out + '/t.jsonl', 'w').write('{line}\\n')", $", \"identity\": \"{identity}\"");
        if (why is null)
        {
            Assert.Null(Assert.Single(_own.New("v1").Slice.ProgramOutputs).Rows);
            return;
        }

        HarvestException fault = Assert.Throws<HarvestException>(() => _own.New("v1"));
        Assert.Equal("TableUnreadable", fault.ErrorId);
        Assert.Contains("line 1 ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(why, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open(out + '/t.csv', 'w').write('a\\n%d\\n' % time.time_ns())", "t.csv")]
    [InlineData("open(out + '/t.csv', 'w').write('a\\n1\\n'); open(out + '/u%d.csv' % time.time_ns(), 'w').write('a\\n1\\n')", "u")]
    public void A_program_that_gives_one_key_two_results_is_refused_and_what_was_first_stays(string code, string table)
    {
        Define(code);
        SliceManifest first = _own.New("v1").Slice;

        HarvestException fault = Assert.Throws<HarvestException>(() => _own.New("v2"));

        Assert.Equal(("ProgramNotStable", HarvestFault.Drift), (fault.ErrorId, fault.Fault));
        Assert.Contains($"'{table}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("slice v1", fault.Message, StringComparison.Ordinal);
        Assert.Equal(table == "t.csv", fault.Message.Contains("t.csv, row 1, column a: ", StringComparison.Ordinal));
        Assert.True(fault.Remedy!.Actions.OfType<RemedyAction.CheckSlice>().Single() is { Version: "v1", Twice: true });
        Assert.Equal(["v1"], _own.Repository.Slices.Versions());
        Repository repository = _own.Repository;
        using CheckSlice check = new(repository, _own.Context);
        Assert.Empty(check.Run(repository.Slices.Load("v1"), quick: true).Findings);
        Assert.All(BuildSlice.Run(repository, first, _own.Context).Tables, static built => Assert.Equal(BuildStatus.Hit, built.Status));
    }

    [Fact]
    public void Of_one_key_with_the_same_rows_the_cache_keeps_the_first_bytes()
    {
        Define("open(out + '/t.csv', 'w', newline=['', '\\r\\n'][time.time_ns() // 1000 % 2]).write('a\\n%s\\n' % ['1.0000001', '1.0000002'][time.time_ns() // 100 % 2])", ", \"identity\": \"rows\", \"float_digits\": 2");
        BuiltSlice first = _own.New("v1").Built!;
        byte[] bytes = File.ReadAllBytes(first.Tables[0].Path);

        for (int i = 2; i < 8; i++)
        {
            Assert.Equal(first.Tables[0].Path, _own.New($"v{i}").Built!.Tables[0].Path);
            Assert.Equal(bytes, File.ReadAllBytes(first.Tables[0].Path));
        }
    }

    [Fact]
    public async Task Two_at_once_record_one_result()
    {
        Define("time.sleep(0.5); open(out + '/t.csv', 'w').write('a\\n%d\\n' % time.time_ns())");
        _own.TrustCurrent();
        Task<string>[] made = [.. new[] { "v1", "v2" }.Select(version => Task.Run(() =>
        {
            try
            {
                return NewSlice.Run(_own.Repository, new NewSliceRequest(version), _own.Context).Slice.Version;
            }
            catch (HarvestException fault)
            {
                return fault.ErrorId;
            }
        }))];

        string[] ends = await Task.WhenAll(made);

        string version = Assert.Single(_own.Repository.Slices.Versions());
        Assert.Equal(["ProgramNotStable", version], ends.Order(StringComparer.Ordinal));
        Assert.Equal(BuildStatus.Hit, BuildSlice.Run(_own.Repository, _own.Repository.Slices.Load(version), _own.Context).Tables[0].Status);
    }

    [Theory]
    [InlineData("nofile.yaml:a", "'nofile.yaml' is not there")]
    [InlineData("folder.yaml:a", "'folder.yaml' is a folder")]
    public void A_parameter_file_that_is_not_there_is_named(string parameters, string said)
    {
        Directory.CreateDirectory(Path.Combine(_own.Folder, "folder.yaml"));
        Define("", $", \"params\": [\"{parameters}\"]");

        HarvestException fault = Assert.Throws<HarvestException>(() => _own.New("v1"));

        Assert.Equal("ParameterFileMissing", fault.ErrorId);
        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
    }

    private void Define(string code, string more = "")
    {
        _own.Write("h.py", $"import os, sys, time\nout = sys.argv[1]\n{code}\n");
        _own.Write("harvest.json", $$"""
            { "harvest": { "name": "harvest", "version": "v1.0.0", "kind": "program", "run": ["python3", "h.py", "{out}", "{exports}"], "code": ["h.py"],
              "tables": ["**"]{{more}} } }
            """);
    }

    private void AssertNothing()
    {
        Assert.Empty(_own.Repository.Slices.Versions());
        Assert.False(Directory.Exists(_own.Repository.CacheFolder) && Directory.EnumerateFiles(_own.Repository.CacheFolder, "*.csv", SearchOption.AllDirectories).Any());
    }
}
