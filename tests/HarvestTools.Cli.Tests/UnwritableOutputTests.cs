using System.Diagnostics;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Output that cannot be written is said in one sentence and exits with 4; a reader that has gone is no error.</summary>
public sealed partial class UnwritableOutputTests
{
    private const string Full = "/dev/full";
    private const string Sentence = "harvest: The output could not be written: the disk it goes to is full.";

    /// <summary>Every command line prints something, in a repository with slice v1 and the file x.json.</summary>
    private static readonly string[][] s_commands =
    [
        ["init", "new-folder"],
        ["hash", "x.json"],
        ["add", "x.json"],
        ["exports"],
        ["project"],
        ["restore", "b", "--to", "restored.json"],
        ["new", "v2"],
        ["slices"],
        ["show", "v1"],
        ["remove", "v1"],
        ["trust", "--list"],
        ["import-dvc", "pipeline", "--force", "--dry-run"],
        ["build", "v1"],
        ["check", "v1"],
        ["diff", "v1", "v1"],
        ["diff-export", "exports/hands.json", "x.json"],
        ["impact", "--set", "min_pixel_agreement=1"],
        ["log"],
        ["source", "v1"],
        ["register", "v1", "hand", "--metric", "pck=0.9"],
        ["models"],
        ["promote"],
        ["erase", "--annotator", "7"],
        ["pins"],
        ["params", "v1"],
        ["tag", "v1"],
        ["blame", "v1", "--episode", "ep1"],
        ["bisect", "--metric", "pck"],
        ["report", "report.html"],
        ["push"],
        ["pull"],
        ["remote"],
        ["fsck"],
        ["pack"],
        ["du"],
        ["gc"],
        ["decide"],
        ["pin-eval", "x.json"],
        ["demo", "demo-folder"],
        ["completion", "bash"],
    ];

    public static TheoryData<string[]> Commands => [.. s_commands, (string[])["complete", "--", "sl"]];

    public static TheoryData<string[]> Texts =>
    [
        (string[])[],
        (string[])["--help"],
        (string[])["help"],
        (string[])["--version"],
        (string[])["--version", "--json"],
        (string[])["new", "--help"],
        (string[])["help", "new"],
        (string[])["new", "--help", "--json"],
        (string[])["--help", "--json"],
    ];

    [Fact]
    public void The_list_has_every_command()
    {
        using var scratch = new ScratchFolder();
        IEnumerable<string> listed = CommandLine().Matches(scratch.Run("--help").Exits(0).Out.Split("Commands:")[1].Split("Options of")[0]).Select(static match => match.Groups[1].Value);

        // It prints what git-lfs asks for and nothing else; its own tests have a full disk.
        Assert.Equal(listed.Where(static command => command != "lfs-agent").Order(StringComparer.Ordinal), s_commands.Select(static command => command[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_full_disk_is_exit_code_4_with_one_sentence(string[] command)
    {
        RequireFull();
        foreach (string[] line in new string[][] { command, ["--json", .. command] })
        {
            using ScratchFolder scratch = Repository();
            if (command[0] == "tag")
            {
                ProgramOnPath.Require("git");
                scratch.Git("init", "-q");
                scratch.Git("add", "-A");
                scratch.Git("commit", "-q", "-m", "one");
                scratch.Git("config", "user.name", "t");
                scratch.Git("config", "user.email", "t@example.org");
            }

            if (command[0] == "import-dvc")
            {
                scratch.Write("pipeline/dvc.yaml", "stages: { rows: { cmd: p, deps: [../exports/hands.json], outs: [t.csv] } }\n");
            }

            if (command[0] == "bisect")
            {
                scratch.Run("new", "v2").Exits(0);
                scratch.Run("register", "v1", "hand", "--metric", "pck=0.9").Exits(0);
                scratch.Run("register", "v2", "hand", "--metric", "pck=0.8").Exits(0);
            }

            HarvestResult result = Shell(scratch, $"exec \"$@\" > {Full}", line).Exits(4);
            AssertOneSentence(result);
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void So_it_is_for_help_and_version(string[] line)
    {
        RequireFull();
        using var scratch = new ScratchFolder();
        AssertOneSentence(Shell(scratch, $"exec \"$@\" > {Full}", line).Exits(4));
    }

    [Fact]
    public void The_work_itself_is_done()
    {
        RequireFull();
        using ScratchFolder scratch = Repository();
        Shell(scratch, $"exec \"$@\" > {Full}", "new", "v2", "--json").Exits(4);
        Shell(scratch, $"exec \"$@\" > {Full}", "add", "x.json").Exits(4);
        scratch.Run("check", "v2").Exits(0);
        Assert.Equal(3, scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").GetArrayLength());
    }

    [Fact]
    public void A_message_that_cannot_be_written_is_exit_code_4_too()
    {
        RequireFull();
        using ScratchFolder scratch = Repository();
        HarvestResult result = Shell(scratch, $"exec \"$@\" 2> {Full}", "show", "v9", "--json").Exits(4);
        Assert.Equal(4, result.Document().GetProperty("exit_code").GetInt32());
        Shell(scratch, $"exec \"$@\" > {Full} 2> {Full}", "show", "v9").Exits(4);
        Shell(scratch, $"exec \"$@\" > {Full} 2> {Full}", "slices", "--json").Exits(4);
        Shell(scratch, $"exec \"$@\" > {Full} 2> {Full}", "--help").Exits(4);

        // Nothing is said there, so nothing is missing.
        Shell(scratch, $"exec \"$@\" 2> {Full}", "slices").Exits(0);
    }

    [Theory]
    [InlineData("slices")]
    [InlineData("slices", "--json")]
    [InlineData("fsck")]
    [InlineData("--help")]
    [InlineData("new", "--help")]
    [InlineData("completion", "bash")]
    public void A_reader_that_has_gone_is_no_error(params string[] line)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no sh");
        using ScratchFolder scratch = Repository();

        // The reader ends at once, and the program begins to write later.
        HarvestResult result = Shell(scratch, "{ sleep 0.2; \"$@\"; echo $? > code; } | true; while [ ! -s code ]; do sleep 0.05; done; exit $(cat code)", line).Exits(0);
        Assert.Empty(result.Error);
    }

    private static ScratchFolder Repository()
    {
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("x.json", SmallExport.Hands(tasks: 3));
        Directory.CreateDirectory(scratch["share"]);
        SharedRemote.SetRemotes(scratch, new System.Text.Json.Nodes.JsonObject { ["origin"] = "share" });
        return scratch;
    }

    private static void AssertOneSentence(HarvestResult result)
    {
        Assert.Empty(result.Out);
        string[] lines = result.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(Sentence, lines[^2]);
        Assert.StartsWith("  What the command does to files is done", lines[^1], StringComparison.Ordinal);
        Assert.Single(lines, static line => line.Contains("could not be written", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.Error, StringComparison.Ordinal);
    }

    private static void RequireFull() => Assert.SkipUnless(File.Exists(Full) && !OperatingSystem.IsWindows(), $"there is no {Full}");

    private static HarvestResult Shell(ScratchFolder scratch, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script, "sh", "dotnet", HarvestProgram.AssemblyPath, .. arguments])
        {
            WorkingDirectory = scratch.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        return HarvestProgram.Finish(process, arguments);
    }

    [GeneratedRegex("(?m)^  ([a-z-]+) ")]
    private static partial Regex CommandLine();
}
