using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What holds for every command: -C, one JSON document, silence, exit codes without a repository.</summary>
public sealed class OutputTests
{
    public static TheoryData<string[]> RepositoryCommands =>
    [
        (string[])["add", "x.json"],
        (string[])["exports"],
        (string[])["restore", "b"],
        (string[])["remove", "v1"],
        (string[])["new", "v1"],
        (string[])["slices"],
        (string[])["show", "v1"],
        (string[])["build"],
        (string[])["check"],
        (string[])["fsck"],
        (string[])["decide"],
        (string[])["log", "--limit", "3"],
        (string[])["report", "report.html"],
        (string[])["source", "v1"],
        (string[])["diff", "v1", "v1"],
        (string[])["register", "v1", "name"],
    ];

    [Theory]
    [MemberData(nameof(RepositoryCommands))]
    public void Without_a_repository_every_command_exits_with_4(string[] arguments)
    {
        using var scratch = new ScratchFolder();
        HarvestResult text = scratch.Run(arguments).Exits(4);
        Assert.Empty(text.Out);
        Assert.StartsWith("harvest: There is no harvest.json in '", text.Error, StringComparison.Ordinal);
        Assert.Equal(["NotARepository"], scratch.Run([.. arguments, "--json"]).Exits(4).ErrorIds());
    }

    [Theory]
    [MemberData(nameof(RepositoryCommands))]
    public void Commands_that_succeed_print_one_document_and_no_progress_when_redirected(string[] arguments)
    {
        using var scratch = new ScratchFolder().WithSlice();
        string path = scratch.Write("x.json", SmallExport.Hands(tasks: 3));
        string[] fitting = [.. arguments.Select(argument => arguments[0] == "new" && argument == "v1" ? "v2" : argument)];
        HarvestResult json = scratch.Run([.. fitting, "--json"]).Exits(0);
        Assert.Equal(fitting[0], json.Document().GetProperty("command").GetString());
        Assert.Empty(json.Document().GetProperty("errors").EnumerateArray());
        Assert.Empty(json.Error);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_file_in_a_folders_place_is_called_one()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("plain", "text");

        Assert.Contains("is a file, not a folder", scratch.Run("-C", "plain", "slices").Exits(4).Error, StringComparison.Ordinal);
        Assert.Equal(["NotAFolder"], scratch.Run("init", "plain", "--json").Exits(4).ErrorIds());
        Assert.Equal("text", File.ReadAllText(scratch["plain"]));
    }

    [Theory]
    [InlineData("harvest.json")]
    [InlineData("slices/v1/slice.json")]
    [InlineData("notes.txt")]
    public void What_is_no_page_and_no_history_is_not_written_over(string file)
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("notes.txt", "mine");
        string before = File.ReadAllText(scratch[file]);

        Assert.Equal(["FileWouldBeLost"], scratch.Run("report", file, "--json").Exits(2).ErrorIds());
        Assert.Contains("FileWouldBeLost", scratch.Run("decide", "--history", file, "--json").Exits(2).ErrorIds());

        Assert.Equal(before, File.ReadAllText(scratch[file]));
        scratch.Run("report", "page.html", "-q").Exits(0);
        scratch.Run("report", "page.html", "-q").Exits(0);
        scratch.Run("decide", "--history", "decisions.jsonl", "-q");
        scratch.Run("decide", "--history", "decisions.jsonl", "-q");
        Assert.Equal(2, File.ReadAllLines(scratch["decisions.jsonl"]).Length);
    }

    [Fact]
    public void C_runs_as_if_started_there_before_or_after_the_command()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Directory.CreateDirectory(scratch["deep/er"]);
        string elsewhere = Path.GetTempPath();
        string before = HarvestProgram.Run(elsewhere, "-C", scratch.Path, "slices").Exits(0).Out;
        Assert.Equal(before, HarvestProgram.Run(elsewhere, "slices", "-C", scratch["deep/er"]).Exits(0).Out);
        Assert.Contains("v1", before, StringComparison.Ordinal);

        // Files are named from there too.
        HarvestResult hash = HarvestProgram.Run(elsewhere, "hash", "-C", scratch["exports"], "hands.json").Exits(0);
        Assert.StartsWith(ScratchFolder.Sha256(scratch["exports/hands.json"]), hash.Out, StringComparison.Ordinal);
        Assert.Equal(["FolderNotFound"], HarvestProgram.Run(elsewhere, "-C", scratch["gone"], "slices", "--json").Exits(4).ErrorIds());
    }

    [Fact]
    public void Quiet_prints_nothing_but_errors()
    {
        using var scratch = new ScratchFolder().WithSlice();
        foreach (string command in new[] { "exports", "slices", "build", "check", "fsck", "decide" })
        {
            HarvestResult quiet = scratch.Run(command, "--quiet").Exits(0);
            Assert.Empty(quiet.Out);
            Assert.Empty(quiet.Error);
        }

        HarvestResult failed = scratch.Run("show", "v9", "-q").Exits(3);
        Assert.Empty(failed.Out);
        Assert.Contains("There is no slice 'v9'", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_at_fault_exit_with_3_and_name_the_place()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("harvest.json", "{\n  \"slices\": \"slices\",\n  \"archve\": \"x\"\n}\n");
        HarvestResult result = scratch.Run("slices").Exits(3);
        Assert.Contains("archve", result.Error, StringComparison.Ordinal);
        Assert.Contains("harvest.json", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_that_cannot_be_written_exits_with_4()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a folder's read-only mark does not keep files out of it on Windows");
        Assert.SkipWhen(Environment.UserName == "root", "root may write everywhere");
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("x.json", SmallExport.Hands(tasks: 3));
        string archive = scratch[".harvest/archive"];
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(archive, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            HarvestResult result = scratch.Run("add", "x.json", "--json").Exits(4);
            File.SetUnixFileMode(archive, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Assert.Equal(["AccessDenied"], result.ErrorIds());
        }
    }

    [Fact]
    public void A_file_in_the_place_of_the_store_exits_with_4()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("x.json", SmallExport.Hands(tasks: 3));
        Directory.Delete(scratch[".harvest/archive"], recursive: true);
        scratch.Write(".harvest/archive", "in the way");
        HarvestResult result = scratch.Run("add", "x.json", "--json").Exits(4);
        Assert.Single(result.ErrorIds());
    }

    [Fact]
    public void The_demonstration_makes_a_repository_that_the_other_commands_understand()
    {
        using var scratch = new ScratchFolder();
        HarvestResult told = scratch.Run("demo", "ein Beispiel").Exits(0);
        Assert.Empty(told.Error);
        Assert.StartsWith("1. ", told.Out, StringComparison.Ordinal);
        Assert.Contains("ExportRewritten", told.Out, StringComparison.Ordinal);
        Assert.Contains("HarvestRedefined", told.Out, StringComparison.Ordinal);

        // Nothing is installed yet where most people see it, so that its last line must work without.
        string last = told.Out.TrimEnd().Split('\n')[^1].Trim();
        Assert.Matches("""^> dotnet \S*harvest\.dll -C ".*ein Beispiel" slices$""", last);
        JsonElement slices = HarvestProgram.Run(scratch["ein Beispiel"], "slices", "--json").Exits(0).Document().GetProperty("slices");
        Assert.Equal(["v1", "v2", "v3", "v4"], slices.EnumerateArray().Select(static slice => slice.GetProperty("slice_version").GetString()!));

        JsonElement model = HarvestProgram.Run(scratch["ein Beispiel"], "source", "--model", "hand_keypoint", "--json").Exits(0).Document().GetProperty("sources")[0].GetProperty("models")[0];
        Assert.Equal(ScratchFolder.Sha256(scratch["ein Beispiel/models/hand_kp/v1.pt"]), model.GetProperty("sha256").GetString());
        Assert.Contains("> harvest register v1 hand_keypoint models/hand_kp/v1.pt --trained-at 2026-04-18T08:00:00Z", told.Out, StringComparison.Ordinal);

        Assert.Equal(["DemoFolderNotEmpty"], scratch.Run("demo", "ein Beispiel", "--json").Exits(2).ErrorIds());
    }
}
