using System.Diagnostics;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Pipes, sockets and devices in the place of files: each command ends and names them, and nothing waits for a writer.</summary>
public sealed class SpecialFileTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("add FILE -p b")]
    [InlineData("add FILE -p b --no-labels")]
    [InlineData("add exports/hands.json -p b --label-config FILE")]
    [InlineData("hash FILE")]
    [InlineData("hash --labels FILE")]
    [InlineData("diff-export FILE exports/hands.json")]
    [InlineData("diff-export exports/hands.json FILE")]
    [InlineData("new v2 --export FILE")]
    [InlineData("new v2 --eval-set FILE")]
    [InlineData("pin-eval FILE")]
    [InlineData("register v1 m FILE")]
    [InlineData("source --model FILE")]
    [InlineData("restore b --to FILE")]
    [InlineData("restore b --to FILE --force")]
    [InlineData("decide --history FILE")]
    [InlineData("report FILE")]
    public void A_pipe_that_is_given_is_refused_at_once(string command)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        SpecialFile.Pipe(scratch["pipe.json"]);

        HarvestResult result = Run(scratch, [.. command.Replace("FILE", "pipe.json", StringComparison.Ordinal).Split(' '), "--json"]).Exits(3);

        Assert.Equal(["NotARegularFile"], result.ErrorIds());
        string message = result.Document().GetProperty("errors")[0].GetProperty("message").GetString()!;
        Assert.Contains("pipe.json': it is a named pipe", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch["slices/v2"]));
        Assert.Equal(0, SpecialFile.Run("test", "-p", scratch["pipe.json"]));
    }

    [Theory]
    [InlineData("add FILE -p b")]
    [InlineData("hash FILE")]
    [InlineData("diff-export FILE exports/hands.json")]
    [InlineData("source --model FILE")]
    public void A_device_without_end_is_refused_at_once(string command)
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "there is no /dev/zero here");
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        HarvestResult result = Run(scratch, [.. command.Replace("FILE", "/dev/zero", StringComparison.Ordinal).Split(' '), "--json"]).Exits(3);
        Assert.Equal(["NotARegularFile"], result.ErrorIds());
    }

    [Fact]
    public void What_a_shell_gives_from_a_file_is_read_as_before()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        SpecialFile.Link(scratch["linked.json"], scratch["exports/hands.json"]);
        Run(scratch, "hash", "linked.json").Exits(0);
        Assert.Equal(0, SpecialFile.Run("sh", "-c", $"cd '{scratch.Path}' && dotnet '{HarvestProgram.AssemblyPath}' hash /dev/stdin < exports/hands.json"));
    }

    [Theory]
    [InlineData("slices/v1/slice.json", "NotAStoredFile")]
    [InlineData("harvest.json", "NotARegularFile")]
    public void A_pipe_in_the_place_of_a_record_stops_no_command_for_ever(string file, string id)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        File.Delete(scratch[file]);
        SpecialFile.Pipe(scratch[file]);
        foreach (string command in new[] { "slices", "log", "check", "check --quick", "show v1", "build v1", "new v2", "decide", "impact", "source v1", "report page.html", "bisect --metric m", "pin-eval exports" })
        {
            Assert.Contains(id, Run(scratch, [.. command.Split(' '), "--json"]).Exits(3).ErrorIds());
        }

        foreach (string command in new[] { "fsck", "fsck --repair" })
        {
            HarvestResult fsck = Run(scratch, command.Split(' ')).Exits(file == "harvest.json" ? 3 : 1);
            Assert.Contains("named pipe", fsck.Out + fsck.Error, StringComparison.Ordinal);
        }

        Assert.True(IsPipe(scratch[file]));
    }

    [Fact]
    public void Pipes_and_sockets_in_the_store_are_found_and_left_where_they_are()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string[] pipes =
        [
            ".harvest/archive/sha256/pipe", ".harvest/archive/exports/pipe.json", ".harvest/archive/sha256/.tmp-1-abc", ".harvest/cache/parts/pipe",
            ".harvest/locks/pipe", "slices/v1/pipe",
        ];
        foreach (string pipe in pipes)
        {
            SpecialFile.Pipe(scratch[pipe]);
        }

        SpecialFile.Socket(scratch, ".harvest/archive/sha256/socket");
        foreach (string[] command in new string[][] { ["fsck", "--json"], ["fsck", "--repair", "--json"] })
        {
            JsonElement[] findings = Findings(Run(scratch, command).Exits(0));
            Assert.Equal(
                [.. pipes.Append(".harvest/archive/sha256/socket").Select(path => scratch[path]).Order(StringComparer.Ordinal)],
                findings.Where(static finding => finding.GetProperty("kind").GetString() == "NotAFile").Select(static finding => finding.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
            Assert.All(findings, static finding => Assert.False(finding.GetProperty("repaired").GetBoolean()));
        }

        Assert.All(pipes, pipe => Assert.True(IsPipe(scratch[pipe])));
        Run(scratch, "check").Exits(0);
    }

    [Theory]
    [InlineData(".harvest/cache/stat-cache.txt", "check --quick", 0)]
    [InlineData(".harvest/locks/records", "add exports/more.json -p b", 3)]
    [InlineData(".git/HEAD", "new v2", 0)]
    public void A_pipe_where_a_command_looks_by_the_way_does_not_stop_it(string file, string command, int exit)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/more.json", SmallExport.Hands(tasks: 8));
        Directory.CreateDirectory(Path.GetDirectoryName(scratch[file])!);
        File.Delete(scratch[file]);
        SpecialFile.Pipe(scratch[file]);
        Run(scratch, command.Split(' ')).Exits(exit);
        Assert.True(IsPipe(scratch[file]));
    }

    [Fact]
    public void Pipes_in_the_cache_are_named()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string record = Directory.EnumerateFiles(scratch[".harvest/cache/parts"], "part.json", SearchOption.AllDirectories).First();
        File.Delete(record);
        SpecialFile.Pipe(record);
        HarvestResult built = Run(scratch, "build", "v1", "--json").Exits(3);
        Assert.Equal(["NotAStoredFile"], built.ErrorIds());
        Assert.Contains("it is a named pipe", built.Error, StringComparison.Ordinal);
        Run(scratch, "check").Exits(0);
    }

    [Theory]
    [InlineData("check", 3)]
    [InlineData("check --quick", 3)]
    [InlineData("decide", 0)]
    [InlineData("build v1", 0)]
    [InlineData("restore v1", 3)]
    [InlineData("new v2", 0)]
    [InlineData("report page.html --check", 3)]
    public void A_pipe_at_a_recorded_path_is_never_opened(string command, int exit)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        File.Delete(scratch["exports/hands.json"]);
        SpecialFile.Pipe(scratch["exports/hands.json"]);
        string[] words = command == "restore v1" ? ["restore", "--slice", "v1"] : command.Split(' ');
        HarvestResult result = Run(scratch, [.. words, "--json"]).Exits(exit);
        if (exit == 3)
        {
            Assert.Contains("NotARegularFile", result.ErrorIds());
        }
    }

    [Fact]
    public void A_pipe_as_an_objects_source_says_why_it_was_not_restored()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string sha256 = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        string stored = scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];
        ScratchFolder.Unlock(stored);
        File.Delete(stored);
        File.Delete(scratch["exports/hands.json"]);
        SpecialFile.Pipe(scratch["exports/hands.json"]);
        JsonElement missing = Findings(Run(scratch, "fsck", "--repair", "--json").Exits(1)).Single(static finding => finding.GetProperty("kind").GetString() == "Missing");
        Assert.Contains("The repair failed", missing.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("it is a named pipe", missing.GetProperty("message").GetString(), StringComparison.Ordinal);

        // A pipe in the object's own place is set aside, and said.
        SpecialFile.Pipe(stored);
        scratch.Run("build", "v1", "-q");
        JsonElement obstacle = Findings(Run(scratch, "fsck", "--json").Exits(1)).Single(static finding => finding.GetProperty("kind").GetString() == "NotAFile");
        Assert.Contains("is a named pipe, where an object belongs", obstacle.GetProperty("message").GetString(), StringComparison.Ordinal);
        File.Delete(scratch["exports/hands.json"]);
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6));
        Run(scratch, "fsck", "--repair").Exits(0);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        Assert.True(IsPipe(Assert.Single(Directory.GetFileSystemEntries(scratch[".harvest/archive/quarantine"]))));
    }

    [Fact]
    public void An_eval_set_with_a_pipe_or_a_link_out_of_it_is_refused()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("evals/a.txt", "a");
        SpecialFile.Link(scratch["evals/b.txt"], scratch["evals/a.txt"]);
        Run(scratch, "pin-eval", "evals").Exits(0);

        SpecialFile.Link(scratch["evals/out"], Path.GetTempPath());
        HarvestResult linked = Run(scratch, "pin-eval", "evals", "--json").Exits(3);
        Assert.Equal(["LinkNotFollowed"], linked.ErrorIds());
        Assert.Contains("evals/out", linked.Error.Replace('\\', '/'), StringComparison.Ordinal);

        Directory.Delete(scratch["evals/out"]);
        SpecialFile.Pipe(scratch["evals/pipe"]);
        Assert.Equal(["NotARegularFile"], Run(scratch, "pin-eval", "evals", "--json").Exits(3).ErrorIds());
        Assert.Equal(["NotARegularFile"], Run(scratch, "decide", "--json").Exits(3).ErrorIds());
    }

    private static HarvestResult Run(ScratchFolder scratch, params string[] arguments)
    {
        using Process process = HarvestProgram.Start(scratch.Path, new Dictionary<string, string>(), arguments);
        return HarvestProgram.Finish(process, s_patience, arguments);
    }

    private static JsonElement[] Findings(HarvestResult result) => [.. result.Document().GetProperty("findings").EnumerateArray()];

    private static bool IsPipe(string path) => SpecialFile.Run("test", "-p", path) == 0;
}
