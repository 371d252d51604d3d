using System.Diagnostics;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>restore, remove, the use of exports, and --check in the place of a command.</summary>
public sealed class RestoreRemoveTests
{
    [Fact]
    public void Restore_does_what_the_remedy_of_the_check_says()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string path = scratch["exports/hands.json"];
        string before = ScratchFolder.Sha256(path);
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6, moved: 3));
        string now = ScratchFolder.Sha256(path);
        string remedy = Assert.Single(Assert.Single(scratch.Run("check", "--json").Exits(1).Document().GetProperty("slices").EnumerateArray()).GetProperty("findings").EnumerateArray()).GetProperty("remedy").GetString()!;
        string command = remedy.Split("put the old file back with '")[1].Split('\'')[0];
        Assert.Equal($"harvest restore b-{before[..12]} --force", command);

        Assert.Equal(["RestoreTargetDiffers"], scratch.Run("restore", $"b-{before[..12]}", "--json").Exits(2).ErrorIds());
        Assert.Equal(now, ScratchFolder.Sha256(path));
        JsonElement restored = Assert.Single(scratch.Run([.. command.Split(' ')[1..], "--json"]).Exits(0).Document().GetProperty("restored").EnumerateArray());

        Assert.Equal(("Replaced", now, false), (restored.GetProperty("outcome").GetString(), restored.GetProperty("before").GetString(), restored.GetProperty("before_archived").GetBoolean()));
        Assert.Equal(before, ScratchFolder.Sha256(path));
        Assert.Contains("v1  clean", scratch.Run("check").Exits(0).Out, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Equal($"restored  b  {before[..12]}  {Path.Combine("exports", "hands.json")}", scratch.Run("restore", "--slice", "v1").Exits(0).Out.TrimEnd().Split('\n')[^1].TrimEnd());
        Assert.StartsWith("already there  b", scratch.Run("restore", "b").Exits(0).Out, StringComparison.Ordinal);

        Directory.CreateDirectory(scratch["out"]);
        scratch.Run("restore", "a", before[..8], "--to", "out", "-q").Exits(0);
        Assert.Equal(["actions.json", "hands.json"], Directory.GetFiles(scratch["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["CommandLineInvalid"], scratch.Run("restore", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("restore", "b", "--slice", "v1", "--json").Exits(2).ErrorIds());
        Assert.Equal(["RestoreUnknown"], scratch.Run("restore", "nobody", "b", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Remove_says_what_would_go_and_takes_it_only_when_told_to()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "--export", "b", "-q").Exits(0);
        scratch.Run("new", "v3", "--export", "b", "--set", "min_pixel_agreement=9", "-q").Exits(0);

        HarvestResult dry = scratch.Run("remove", "v2", "v3").Exits(0);
        Assert.StartsWith("would remove  v3", dry.Out, StringComparison.Ordinal);
        Assert.Contains($"  {Path.Combine("slices", "v2")}: definition.json, slice.json", dry.Out, StringComparison.Ordinal);
        Assert.Contains("stays in the archive: b-", dry.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing was removed. 'harvest remove v3 v2 --yes' removes them.", dry.Out, StringComparison.Ordinal);
        Assert.Equal(["v1", "v2", "v3"], Versions(scratch));

        HarvestResult needed = scratch.Run("remove", "v2", "--yes", "--json").Exits(2);
        Assert.Equal(["SliceNeeded"], needed.ErrorIds());
        Assert.Equal("Remove first what follows it: 'harvest remove v3' shows what would go, and how it goes.", needed.Document().GetProperty("errors")[0].GetProperty("remedy").GetString());
        JsonElement[] removed = [.. scratch.Run("remove", "v2", "v3", "--yes", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray()];
        Assert.Equal(["v3", "v2"], removed.Select(static slice => slice.GetProperty("version").GetString()!));
        Assert.All(removed, static slice =>
        {
            Assert.True(slice.GetProperty("removed").GetBoolean());
            Assert.False(Directory.Exists(slice.GetProperty("folder").GetString()));
            Assert.False(Directory.Exists(slice.GetProperty("cache_folder").GetString()));
        });
        Assert.Equal(["v1"], Versions(scratch));
        scratch.Run("fsck", "-q").Exits(0);

        // A slice before one that has a model can never go, and nothing that could not be done is proposed.
        scratch.Run("new", "v2", "--export", "b", "-q").Exits(0);
        scratch.Run("new", "v3", "--export", "b", "--set", "min_pixel_agreement=9", "-q").Exits(0);
        scratch.Run("register", "v3", "hand", "s3://bucket/hand.pt", "-q").Exits(0);
        Assert.Contains("Keep it: slice v3 after it is the record of what was trained or tagged", scratch.Run("remove", "v1", "--yes").Exits(2).Error, StringComparison.Ordinal);
        scratch.Remove("slices/v3");
        scratch.Remove("slices/v2");

        scratch.Run("register", "v1", "hand", "s3://bucket/hand.pt", "-q").Exits(0);
        Assert.Equal(["SliceNotFound", "SliceNeeded"], scratch.Run("remove", "v9", "v1", "--yes", "--json").Exits(3).ErrorIds());
        Assert.Equal(["v1"], Versions(scratch));
    }

    [Fact]
    public void A_tag_of_a_real_repository_holds_its_slice()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.SkipUnless(Git(scratch, "init", "-q"), "there is no git");
        Git(scratch, "add", "-A");
        Git(scratch, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "v1");
        Git(scratch, "tag", "v1");

        Assert.Contains("the git tag 'v1' names it", scratch.Run("remove", "v1").Exits(2).Error, StringComparison.Ordinal);
        Git(scratch, "pack-refs", "--all");
        Assert.Contains("the git tag 'v1' names it", scratch.Run("remove", "v1", "--yes").Exits(2).Error, StringComparison.Ordinal);
        Git(scratch, "tag", "-d", "v1");
        scratch.Run("remove", "v1", "--yes").Exits(0);

        // A slice that follows it comes in by a merge, say; the remedy of what is then found brings the parent back.
        Git(scratch, "checkout", "--", "slices/v1");
        scratch.Run("new", "v2", "-q").Exits(0);
        Directory.Delete(scratch["slices/v1"], recursive: true);
        JsonElement finding = Assert.Single(scratch.Run("fsck", "--json").Exits(0).Document().GetProperty("findings").EnumerateArray(), static found => found.GetProperty("kind").GetString() == "ParentMissing");
        Assert.Contains("'git checkout -- slices/v1'", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Contains("follows v1, which is not here", scratch.Run("log").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("ParentMissing", scratch.Run("check", "--quick").Exits(0).Out, StringComparison.Ordinal);
        Git(scratch, "checkout", "--", "slices/v1");
        Assert.DoesNotContain("ParentMissing", scratch.Run("check", "--quick").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removal_that_is_killed_leaves_the_slice_or_none()
    {
        using var scratch = new ScratchFolder().WithSlice();
        var random = new Random(7);
        for (int i = 0; i < 8; i++)
        {
            scratch.Run("new", "v2", "-q").Exits(0);
            using Process process = HarvestProgram.Start(scratch.Path, new Dictionary<string, string>(), "remove", "v2", "--yes", "-q");
            Thread.Sleep(random.Next(60, 450));
            process.Kill(entireProcessTree: true);
            process.WaitForExit();

            if (Directory.Exists(scratch["slices/v2"]))
            {
                Assert.Equal(["definition.json", "slice.json"], Directory.GetFiles(scratch["slices/v2"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
                scratch.Run("check", "v2", "-q").Exits(0);
                scratch.Run("remove", "v2", "--yes", "-q").Exits(0);
            }

            Assert.Equal(["v1"], Versions(scratch));
            scratch.Run("fsck", "--repair", "-q").Exits(0);
            Assert.Equal([scratch["slices/v1"]], Directory.GetFileSystemEntries(scratch["slices"]));
        }
    }

    [Fact]
    public void Exports_say_which_slices_use_them()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "--export", "b", "--no-build", "-q").Exits(0);
        scratch.Write("exports/later.json", SmallExport.Hands(tasks: 6, moved: 2));
        scratch.Run("add", "exports/later.json", "--project", "b", "-q").Exits(0);

        JsonElement[] exports = [.. scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray()];
        Assert.Equal(
            ["a: v1", "b: v1,v2", "b: "],
            exports.Select(static export => $"{export.GetProperty("project").GetString()}: {string.Join(',', export.GetProperty("used_by").EnumerateArray().Select(static version => version.GetString()))}"));
        string[] lines = scratch.Run("exports").Exits(0).Out.TrimEnd().Split('\n');
        Assert.Contains("used by", lines[0], StringComparison.Ordinal);
        Assert.Contains("  v1, v2  ", lines[2], StringComparison.Ordinal);
        scratch.Write("slices/v3/slice.json", "{");
        Assert.Equal(["JsonSyntax"], scratch.Run("exports", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Check_may_be_written_as_an_option()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.Equal(scratch.Run("check").Exits(0).Out, scratch.Run("--check").Exits(0).Out);
        Assert.Equal(scratch.Run("check", "v1", "--quick").Exits(0).Out, scratch.Run("--check", "v1", "--quick").Exits(0).Out);
        JsonElement document = HarvestProgram.Run(Path.GetTempPath(), "-C", scratch.Path, "--json", "--threads", "2", "--check", "v1").Exits(0).Document();
        Assert.Equal("check", document.GetProperty("command").GetString());
        Assert.Equal(scratch.Run("check", "--help").Exits(0).Out, scratch.Run("--check", "--help").Exits(0).Out);
        Assert.Equal(["SliceNotFound"], scratch.Run("--check", "v9", "--json").Exits(3).ErrorIds());
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6, moved: 3));
        scratch.Run("--check", "-q").Exits(1);

        // Behind a command it is that command's own.
        scratch.Run("report", "page.html", "--check", "-q").Exits(1);
        scratch.Run("slices", "--check", "-q").Exits(2);
    }

    private static string[] Versions(ScratchFolder scratch) =>
        [.. scratch.Run("slices", "--json").Exits(0).Document().GetProperty("slices").EnumerateArray().Select(static slice => slice.GetProperty("slice_version").GetString()!)];

    private static bool Git(ScratchFolder scratch, params string[] arguments)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = scratch.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
            git.WaitForExit();
            return git.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
