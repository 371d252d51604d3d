using System.Text.Json;
using HarvestTools.Cli;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>gc and du: what git has keeps its objects, a dry run changes nothing, repositories that share an archive keep each other's.</summary>
public sealed class GcCommandTests
{
    [Fact]
    public void Branches_tags_stashes_the_index_and_worktrees_keep_what_they_name()
    {
        using var scratch = new ScratchFolder().WithSlice();
        ProgramOnPath.Require("git");
        scratch.Git("init", "--quiet", "--initial-branch", "main");
        scratch.Git("add", "harvest.json", "slices");
        scratch.Git("commit", "--quiet", "--message", "v1");
        string[] kept =
        [
            Slice(scratch, "b1", version => Branch(scratch, version, keep: "branch")),
            Slice(scratch, "t1", version => Branch(scratch, version, keep: "tag")),
            Slice(scratch, "s1", version => { scratch.Git("add", $"slices/{version}"); scratch.Git("stash", "--quiet"); }),
            Slice(scratch, "s2", _ => scratch.Git("stash", "--quiet", "--include-untracked")),
            Slice(scratch, "i1", version => { scratch.Git("add", $"slices/{version}"); scratch.Remove($"slices/{version}"); }),
        ];
        string gone = Slice(scratch, "g1", version => scratch.Remove($"slices/{version}"));

        JsonElement[] objects = Objects(scratch.Run("gc", "--why", "--json").Exits(0));
        Assert.Equal(
            ["slice b1 of b1", "slice t1 of t1 (tag t1)", "slice s1 of a stash", "slice s2 of a stash", "slice i1 of the index"],
            kept.Select(sha256 => Assert.Single(Reasons(objects, sha256), static reason => reason.StartsWith("slice", StringComparison.Ordinal))));
        Assert.Equal("Quarantined", State(objects, gone));

        scratch.Run("gc", "--yes", "-q").Exits(0);
        Assert.All(kept, sha256 => Assert.True(File.Exists(PlaceOf(scratch, sha256))));
        Assert.False(File.Exists(PlaceOf(scratch, gone)));
        scratch.Git("reset", "--quiet", "--hard");
        scratch.Git("checkout", "--quiet", "b1");
        scratch.Run("build", "b1", "-q").Exits(0);
    }

    [Fact]
    public void A_slice_json_that_cannot_be_read_on_any_branch_keeps_everything_and_is_named()
    {
        using var scratch = new ScratchFolder().WithSlice();
        ProgramOnPath.Require("git");
        scratch.CommitSecondSliceOnABranch();
        scratch.Git("checkout", "--quiet", "weekly");
        scratch.Write("slices/v2/slice.json", "{ broken");
        scratch.Git("commit", "--quiet", "--all", "--message", "broken");
        scratch.Git("checkout", "--quiet", "main");

        HarvestResult refused = scratch.Run("gc", "--yes", "--json").Exits(3);
        Assert.Equal(["ReachUnknown"], refused.ErrorIds());
        Assert.Contains("weekly:…/slices/v2/slice.json", refused.Document().GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("ReachUnknown", scratch.Run("du", "--json").Exits(0).Document().GetProperty("space").GetProperty("not_known").GetProperty("id").GetString());
        scratch.Git("branch", "--quiet", "-D", "weekly");
        scratch.Run("gc", "--yes", "-q").Exits(0);
    }

    [Fact]
    public void Without_yes_nothing_is_changed_and_the_way_on_is_said()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string gone = Slice(scratch, "g1", version => scratch.Remove($"slices/{version}"));
        string[] before = Files(scratch);
        HarvestResult dry = scratch.Run("gc").Exits(0);
        Assert.Contains($"{gone[..12]}  object that nothing names", dry.Out, StringComparison.Ordinal);
        Assert.Contains("would go into quarantine", dry.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed. 'harvest gc --yes' does it", dry.Out, StringComparison.Ordinal);
        Assert.Contains("is in no git checkout", dry.Out, StringComparison.Ordinal);
        Assert.Equal(before, Files(scratch));
        Assert.Contains("nothing needs it", scratch.Run("gc", "--why", gone[..10]).Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["ObjectNotFound"], scratch.Run("gc", "--why", "0123456789", "--json").Exits(3).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], scratch.Run("gc", "0123", "--json").Exits(2).ErrorIds());

        Assert.Contains("went into quarantine", scratch.Run("gc", "--yes").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("is in quarantine and waits, until ", scratch.Run("gc").Exits(0).Out, StringComparison.Ordinal);
        Directory.Move(Assert.Single(Directory.GetDirectories(scratch[".harvest/archive/unreachable"])), scratch[".harvest/archive/unreachable/2020-01-01"]);
        Assert.Contains("would be removed for good", scratch.Run("gc").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("was removed for good", scratch.Run("gc", "--yes").Exits(0).Out, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(scratch[".harvest/archive/unreachable"]));
        Assert.Contains(gone, File.ReadAllText(scratch[".harvest/archive/removed.jsonl"]), StringComparison.Ordinal);
        scratch.Run("fsck", "-q").Exits(0);
        scratch.Run("check", "-q").Exits(0);
    }

    [Fact]
    public void Repositories_that_share_an_archive_keep_each_others_slices_also_where_one_is_gone()
    {
        using var one = new ScratchFolder().WithSlice();
        using var other = new ScratchFolder();
        other.Run("init", "-q").Exits(0);
        other.Write("harvest.local.json", $"{{ \"archive\": {JsonSerializer.Serialize(one[".harvest/archive"])} }}");
        one.Write("harvest.local.json", $"{{ \"archive\": {JsonSerializer.Serialize(one[".harvest/archive"])} }}");
        string shared = Slice(other, "o1", static _ => { }, export: "b");

        Assert.Contains($"slice o1 of '{other.Path}'", Reasons(Objects(one.Run("gc", "--why", "--json").Exits(0)), shared));
        one.Run("gc", "--yes", "-q").Exits(0);
        string away = other.Path + " away";
        Directory.Move(other.Path, away);
        try
        {
            HarvestResult kept = one.Run("gc", "--yes", "--json").Exits(0);
            Assert.Contains(kept.Document().GetProperty("notes").EnumerateArray(), note => note.GetString()!.StartsWith($"The repository '{other.Path}' uses this archive and cannot be opened", StringComparison.Ordinal));
            Assert.True(File.Exists(PlaceOf(one, shared)));
            Assert.Equal([other.Path], kept.Document().GetProperty("not_there").EnumerateArray().Select(static root => root.GetString()));
            string proposed = $"harvest gc --forget {ShellQuoting.Quote(other.Path)}";
            Assert.Contains($"'{proposed}' says that it is gone for good.", one.Run("gc").Exits(0).Out, StringComparison.Ordinal);
            Assert.Contains($"'{proposed} --yes' does it", one.Run("gc", "--forget", other.Path).Exits(0).Out, StringComparison.Ordinal);
            Assert.Equal(["SharingRepositoryUnknown"], one.Run("gc", "--forget", other.Path + "x", "--json").Exits(2).ErrorIds());
            Assert.Equal("Quarantined", State(Objects(one.Run("gc", "--yes", "--forget", other.Path, "--json").Exits(0)), shared));
        }
        finally
        {
            Directory.Move(away, other.Path);
        }

        // It is entered again by its next command, which takes the object back.
        other.Run("build", "o1", "-q").Exits(0);
        Assert.True(File.Exists(PlaceOf(one, shared)));
        Assert.Equal("Kept", State(Objects(one.Run("gc", "--why", "--json").Exits(0)), shared));
    }

    [Fact]
    public void A_repository_that_is_moved_with_its_archive_is_still_itself()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.Single(Directory.GetFiles(scratch[".harvest/archive/repositories"]));
        HarvestResult run = scratch.Run("gc", "--json").Exits(0);
        Assert.Single(run.Document().GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public void Sizes_are_listed_by_project()
    {
        using var scratch = new ScratchFolder().WithSlice();
        HarvestResult text = scratch.Run("du").Exits(0);
        Assert.Contains("project", text.Out, StringComparison.Ordinal);
        Assert.Contains("Every object is needed by something.", text.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("harvest gc", text.Out, StringComparison.Ordinal);
        Assert.Contains("'harvest pack' would save about ", text.Out, StringComparison.Ordinal);
        Assert.Contains("a trial with the newest exports", text.Out, StringComparison.Ordinal);
        JsonElement space = scratch.Run("du", "--json").Exits(0).Document().GetProperty("space");
        Assert.Equal(["a", "b"], space.GetProperty("projects").EnumerateArray().Select(static project => project.GetProperty("project").GetString()));
        Assert.All(space.GetProperty("projects").EnumerateArray(), static project => Assert.Equal("Sample", project.GetProperty("packing_basis").GetString()));
        Assert.Equal(space.GetProperty("projects").EnumerateArray().Sum(static project => project.GetProperty("packing_saves_bytes").GetInt64()), space.GetProperty("packing_saves_bytes").GetInt64());
        Assert.Equal(0, space.GetProperty("unused_cache_bytes").GetInt64());
        long loose = Directory.EnumerateFiles(scratch[".harvest/archive/sha256"], "*", SearchOption.AllDirectories).Sum(static file => new FileInfo(file).Length);
        Assert.Equal(loose, space.GetProperty("loose_bytes").GetInt64());
        Assert.Equal(loose, space.GetProperty("projects").EnumerateArray().Sum(static project => project.GetProperty("loose_bytes").GetInt64()) + space.GetProperty("other_bytes").GetInt64());
    }

    [Fact]
    public void What_is_let_go_by_name_stays_away_and_every_command_that_is_proposed_for_it_does_it()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Directory.CreateDirectory(scratch["share"]);
        scratch.SetRemote("share");
        File.WriteAllText(scratch["harvest.json"], File.ReadAllText(scratch["harvest.json"]).Replace("\"unlinked_days\": 90", "\"unlinked_days\": 0", StringComparison.Ordinal));
        string export = scratch.Run("exports", "--project", "a", "--json").Exits(0).Document().GetProperty("exports")[0].GetProperty("sha256").GetString()!;
        scratch.Write("later.json", SmallExport.Actions(tasks: 5));
        scratch.Run("add", "later.json", "--project", "a", "--newest", "-q").Exits(0);
        File.Delete(scratch["exports/actions.json"]);

        Assert.Contains("is needed by old slices without a model alone (slice v1)", scratch.Run("gc").Exits(0).Out, StringComparison.Ordinal);
        HarvestResult dry = scratch.Run("gc", "--release", "v1").Exits(0);
        Assert.Contains("What is let go is sent to the remote first", dry.Out, StringComparison.Ordinal);
        Assert.Contains("'harvest gc --release v1 --yes' does it, 'harvest gc --release v1 --why' says", dry.Out, StringComparison.Ordinal);
        HarvestResult done = scratch.Run("gc", "--release", "v1", "--yes").Exits(0);
        Assert.Contains("'harvest gc --release v1 --yes' removes it here for good once its days are over.", done.Out, StringComparison.Ordinal);

        HarvestResult nightly = scratch.Run("gc", "--yes").Exits(0);
        Assert.Contains(" on until 'harvest gc --release VERSION --yes' names what was let go (slice v1)", nightly.Out, StringComparison.Ordinal);
        Assert.Contains("let go though slice v1 names it; in quarantine since ", scratch.Run("gc", "--why", export).Exits(0).Out, StringComparison.Ordinal);
        JsonElement one = Assert.Single(Objects(scratch.Run("gc", "--json").Exits(0)), one => one.GetProperty("sha256").GetString() == export);
        Assert.Equal(("Waiting", true), (one.GetProperty("state").GetString(), one.GetProperty("released").GetBoolean()));
        string day = Assert.Single(Directory.GetDirectories(scratch[".harvest/archive/unreachable"]));
        Assert.EndsWith("-released", day, StringComparison.Ordinal);
        Directory.Move(day, scratch[".harvest/archive/unreachable/2020-01-01-released"]);

        scratch.Run("gc", "--yes", "-q").Exits(0);
        Assert.Contains($"{export[..12]}  export of project a", scratch.Run("gc", "--release", "v1", "--yes").Exits(0).Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(scratch[".harvest/archive/unreachable/2020-01-01-released"]));
        Assert.Contains("RemovedByRetention", scratch.Run("check", "v1", "--offline").Out, StringComparison.Ordinal);
        string said = $"The export of project a {export[..12]} was removed by retention on {DateTime.UtcNow:yyyy-MM-dd} ";
        foreach (string[] asked in (string[][])[["gc", "--why", export[..8]], ["restore", export[..8], "--to", "again.json", "--offline"], ["diff-export", export[..8], "later.json", "--offline"]])
        {
            HarvestResult refused = scratch.Run([.. asked, "--json"]).Exits(3);
            Assert.Equal(["ObjectRemoved"], refused.ErrorIds());
            Assert.StartsWith(said, refused.Document().GetProperty("errors")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        scratch.Run("check", "v1", "-q").Exits(0);
    }

    [Fact]
    public void Without_a_remote_the_message_has_the_setting_that_makes_one()
    {
        using var scratch = new ScratchFolder().WithSlice();
        const string Setting = "Set remotes to { \"origin\": \"s3://bucket/prefix\" } in harvest.json, with ";
        Assert.Contains(Setting, scratch.Run("gc", "--remote", "origin").Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains(Setting, scratch.Run("push").Exits(2).Error, StringComparison.Ordinal);
    }

    /// <summary>A slice under rules of its own, so that its definition is an object that nothing else names; returns that object.</summary>
    private static string Slice(ScratchFolder scratch, string version, Action<string> then, string? export = null)
    {
        string settings = File.ReadAllText(scratch["harvest.json"]);
        string changed = settings.Replace("\"boundary_frames\": 3", $"\"boundary_frames\": {4 + version[0]}", StringComparison.Ordinal)
            .Replace("\"version\": \"v1.0.0\"", $"\"version\": \"v2.{(int)version[0]}.{(int)version[1]}\"", StringComparison.Ordinal);
        if (version[1] == '2')
        {
            changed = changed.Replace("\"min_frame_agreement\": 3", "\"min_frame_agreement\": 9", StringComparison.Ordinal);
        }

        File.WriteAllText(scratch["harvest.json"], changed);
        string[] chosen = export is null ? [] : ["--export", export];
        JsonElement slice = scratch.Run(["new", version, "--no-build", "--allow-shrink", "--json", .. chosen]).Exits(0).Document().GetProperty("slice");
        File.WriteAllText(scratch["harvest.json"], settings);
        then(version);
        return slice.GetProperty("harvest_sha256").GetString()!;
    }

    private static void Branch(ScratchFolder scratch, string version, string keep)
    {
        scratch.Git("checkout", "--quiet", "-b", version);
        scratch.Git("add", $"slices/{version}");
        scratch.Git("commit", "--quiet", "--message", version);
        if (keep == "tag")
        {
            scratch.Git("tag", "--annotate", "--message", version, version);
        }

        scratch.Git("checkout", "--quiet", "main");
        if (keep == "tag")
        {
            scratch.Git("branch", "--quiet", "-D", version);
        }
    }

    private static JsonElement[] Objects(HarvestResult run) => [.. run.Document().GetProperty("objects").EnumerateArray()];

    private static string[] Reasons(JsonElement[] objects, string sha256) =>
        [.. Assert.Single(objects, one => one.GetProperty("sha256").GetString() == sha256).GetProperty("reasons").EnumerateArray().Select(static reason => reason.GetString()!)];

    private static string State(JsonElement[] objects, string sha256) => Assert.Single(objects, one => one.GetProperty("sha256").GetString() == sha256).GetProperty("state").GetString()!;

    private static string PlaceOf(ScratchFolder scratch, string sha256) => scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];

    private static string[] Files(ScratchFolder scratch) => [.. Directory.EnumerateFiles(scratch.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
