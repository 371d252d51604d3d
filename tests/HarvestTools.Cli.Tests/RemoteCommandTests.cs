using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>A team's exports in a folder that several machines see: put there, brought here, and looked at.</summary>
public sealed class RemoteCommandTests
{
    [Theory]
    [InlineData("rclone::s3,access_key_id=a,secret_access_key=hidden:bucket")]
    [InlineData("rclone:box,pass=hidden:folder")]
    [InlineData("rclone:box,bearer_token=hidden:folder")]
    public void An_address_with_a_secret_in_it_is_refused_and_not_repeated(string url)
    {
        using var remote = new SharedRemote();
        SharedRemote.SetRemotes(remote.Here, new JsonObject { ["origin"] = url });

        HarvestResult refused = remote.Here.Run("remote").Exits(3);

        Assert.Contains("has a password or a key in it", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", refused.Error + refused.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_offline_is_said_to_be_in_reach_of_a_remote()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();

        Assert.Contains("without its offline option", clone.Run("build", "v1", "--offline").Exits(3).Error, StringComparison.Ordinal);
        clone.Run("build", "v1", "-q").Exits(0);
    }

    [Fact]
    public void What_was_pushed_builds_the_same_tables_on_a_machine_that_has_only_the_clone()
    {
        using var remote = new SharedRemote();
        JsonElement pushed = remote.Here.Run("push", "--json").Exits(0).Document();
        Assert.Equal(["Moved", "Moved", "Moved"], Outcomes(pushed));
        Assert.Equal(2, pushed.GetProperty("records").GetInt32());
        using ScratchFolder clone = remote.Clone();

        HarvestResult built = clone.Run("build", "v1").Exits(0);

        Assert.Equal(2, built.Error.Split("harvest: Fetching ").Length - 1);
        Assert.Contains(remote.Folder, built.Error, StringComparison.Ordinal);
        clone.Run("check").Exits(0);
        remote.Here.Run("build", "v1", "-q").Exits(0);
        Assert.Equal(remote.Here.CachedTables(), clone.CachedTables());
        Assert.Equal(string.Empty, clone.Run("check").Exits(0).Error);
    }

    [Fact]
    public void A_repeat_moves_nothing_and_changes_nothing()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        Dictionary<string, DateTime> before = Times(remote.Folder);

        JsonElement again = remote.Here.Run("push", "--json").Exits(0).Document();

        Assert.Equal(["AlreadyThere", "AlreadyThere", "AlreadyThere"], Outcomes(again));
        Assert.Equal(0, again.GetProperty("records").GetInt32());
        Assert.Equal(before, Times(remote.Folder));
    }

    [Fact]
    public void A_dry_run_lists_what_would_move_with_sizes()
    {
        using var remote = new SharedRemote();

        JsonElement planned = remote.Here.Run("push", "--dry-run", "--json").Exits(0).Document();

        Assert.Equal(["Pending", "Pending", "Pending"], Outcomes(planned));
        Assert.All(planned.GetProperty("items").EnumerateArray(), static item => Assert.NotEqual(0, item.GetProperty("bytes").GetInt64()));
        Assert.Empty(Times(remote.Folder));
        remote.Here.Run("push", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();
        Assert.Equal(["Pending", "Pending", "Pending"], Outcomes(clone.Run("pull", "--dry-run", "--json").Exits(0).Document()));
        Assert.False(Directory.Exists(clone[".harvest/archive"]));
    }

    [Fact]
    public void A_flipped_byte_in_the_remote_is_refused_named_and_replaced_by_the_next_push()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        (string sha256, string path) = remote.Objects().MaxBy(static one => new FileInfo(one.Value).Length);
        SharedRemote.Flip(path);
        string damaged = ScratchFolder.Sha256(path);
        using ScratchFolder clone = remote.Clone();

        HarvestResult refused = clone.Run("pull", "--json").Exits(3);
        Assert.Equal(["RemoteObjectDamaged"], refused.ErrorIds());
        Assert.DoesNotContain(sha256, SharedRemote.ObjectsOf(clone[".harvest/archive"]).Keys);
        Assert.Contains("RemoteObjectDamaged", clone.Run("build", "v1", "--json").Exits(3).ErrorIds());

        // Of the right size, and the folder keeps no checksums: only reading shows it.
        remote.Here.Run("remote", "--verify", "-q").Exits(0);
        JsonElement deep = remote.Here.Run("remote", "--verify", "--deep", "--json").Exits(1).Document();
        Assert.Equal([sha256], deep.GetProperty("objects").EnumerateArray().Where(static one => one.GetProperty("state").GetString() == "Damaged").Select(static one => one.GetProperty("sha256").GetString()));

        JsonElement mended = remote.Here.Run("push", "--json").Exits(0).Document();
        Assert.Equal(["Replaced"], Outcomes(mended).Where(static outcome => outcome != "AlreadyThere"));
        remote.Here.Run("remote", "--verify", "--deep", "-q").Exits(0);
        Assert.Equal(damaged, ScratchFolder.Sha256(Assert.Single(Directory.GetFiles(Path.Combine(remote.Folder, "quarantine")))));
        Assert.Empty(Directory.GetFiles(Path.Combine(remote.Folder, "damaged")));
        clone.Run("pull", "-q").Exits(0);
    }

    [Fact]
    public void A_push_that_reads_finds_damage_that_nobody_saw()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        SharedRemote.Flip(remote.Objects().First().Value);

        Assert.DoesNotContain("Replaced", Outcomes(remote.Here.Run("push", "--json").Exits(0).Document()));
        Assert.Single(Outcomes(remote.Here.Run("push", "--deep", "--json").Exits(0).Document()), static outcome => outcome == "Replaced");
        remote.Here.Run("remote", "--deep", "-q").Exits(0);
    }

    [Fact]
    public void An_object_of_another_size_is_replaced_without_being_asked_for()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        string path = remote.Objects().First().Value;
        ScratchFolder.Unlock(path);
        File.AppendAllText(path, " ");

        remote.Here.Run("remote", "--verify", "-q").Exits(1);
        Assert.Single(Outcomes(remote.Here.Run("push", "--json").Exits(0).Document()), static outcome => outcome == "Replaced");
    }

    [Fact]
    public void Damage_of_this_machine_is_never_pushed_and_the_rest_is()
    {
        using var remote = new SharedRemote();
        (string sha256, string path) = SharedRemote.ObjectsOf(remote.Here[".harvest/archive"]).MaxBy(static one => new FileInfo(one.Value).Length);
        SharedRemote.Flip(path);

        Assert.Equal(["UploadDamaged"], remote.Here.Run("push", "--json").Exits(3).ErrorIds());

        Assert.DoesNotContain(sha256, remote.Objects().Keys);
        Assert.Equal(2, remote.Objects().Count);
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(remote.Folder, "exports")), file => file.Contains(sha256, StringComparison.Ordinal));
    }

    [Fact]
    public void Offline_nothing_is_asked_of_the_remote()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();

        clone.Run("build", "v1", "--offline").Exits(3);
        HarvestProgram.Run(clone.Path, new Dictionary<string, string> { ["HARVEST_OFFLINE"] = "1" }, "build", "v1").Exits(3);
        Assert.Equal(["RemoteOffline"], clone.Run("pull", "--offline", "--json").Exits(2).ErrorIds());
        Assert.False(Directory.Exists(clone[".harvest/archive"]));
        HarvestProgram.Run(clone.Path, new Dictionary<string, string> { ["HARVEST_OFFLINE"] = "0" }, "build", "v1").Exits(0);
    }

    [Fact]
    public void A_quick_check_of_a_clone_verifies_the_remote_and_brings_nothing()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();

        JsonElement clean = clone.Run("check", "--quick", "--json").Exits(0).Document().GetProperty("slices")[0];
        Assert.Empty(clean.GetProperty("findings").EnumerateArray());
        Assert.Empty(SharedRemote.ObjectsOf(clone[".harvest"]));

        (string sha256, string path) = remote.Objects().MaxBy(static one => new FileInfo(one.Value).Length);
        ScratchFolder.Unlock(path);
        File.AppendAllText(path, " ");
        Assert.Equal(["ExportDamaged"], Kinds(clone.Run("check", "--quick", "--json").Exits(1)));
        File.Delete(path);
        HarvestResult missing = clone.Run("check", "--quick", "--json").Exits(1);
        Assert.Equal(["ExportMissing"], Kinds(missing));
        Assert.Contains(sha256[..12], missing.Out, StringComparison.Ordinal);
        Assert.Empty(SharedRemote.ObjectsOf(clone[".harvest"]));
    }

    [Fact]
    public void A_sample_is_derived_the_same_for_one_commit_and_others_for_the_next()
    {
        using var remote = new SharedRemote();
        for (int week = 2; week < 8; week++)
        {
            remote.Here.Write("exports/hands.json", SmallExport.Hands(tasks: 6 + week));
            remote.Here.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
            remote.Here.Run("new", $"v{week}", "-q").Exits(0);
        }

        remote.Here.Run("push", "-q").Exits(0);
        var seen = new HashSet<string>();
        foreach (string commit in new[] { "1111", "2222", "3333", "4444" })
        {
            string head = string.Concat(Enumerable.Repeat(commit, 10));
            string[] fetched = [.. Enumerable.Range(0, 2).Select(_ =>
            {
                using ScratchFolder clone = remote.Clone();
                clone.Write(".git/HEAD", head);
                Assert.Contains(" tables of the sample derived again and compared", clone.Run("check", "--sample", "1").Exits(0).Out, StringComparison.Ordinal);

                // The labels' definitions are in git, so that what was brought is the export.
                return Assert.Single(SharedRemote.ObjectsOf(clone[".harvest/archive"])).Key;
            })];
            Assert.Equal(fetched[0], fetched[1]);
            seen.Add(fetched[0]);
        }

        Assert.NotEqual(1, seen.Count);
        Assert.Equal(["CommandLineInvalid"], remote.Here.Run("check", "--sample", "0", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void A_sample_finds_rows_that_differ()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();
        JsonNode slice = JsonNode.Parse(File.ReadAllText(clone["slices/v1/slice.json"]))!;
        JsonNode output = slice["outputs"]!.AsArray().First(static one => (long)one!["rows"]! > 0)!;
        string other = new string('a', 32) + new string('b', 32);
        (output["sha256"], output["rows_sha256"]) = (other, other);
        File.WriteAllText(clone["slices/v1/slice.json"], slice.ToJsonString());

        clone.Run("check", "--quick", "-q").Exits(0);
        Assert.Contains("DerivationChanged", Kinds(clone.Run("check", "--sample", "2", "--json").Exits(1)));
    }

    [Fact]
    public void Tables_that_were_pushed_need_not_be_derived()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "--tables", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();
        clone.Run("pull", "--tables", "-q").Exits(0);

        JsonElement slice = clone.Run("build", "v1", "--json").Exits(0).Document().GetProperty("slices")[0];

        Assert.All(slice.GetProperty("tables").EnumerateArray(), static table => Assert.Equal("shared", table.GetProperty("status").GetString()));
        clone.Run("check", "-q").Exits(0);
    }

    [Theory]
    [InlineData("*.parquet")]
    [InlineData("part.json")]
    public void Tables_that_were_tampered_with_are_refused_and_derived(string file)
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "--tables", "-q").Exits(0);
        foreach (string path in Directory.EnumerateFiles(Path.Combine(remote.Folder, "parts"), file, SearchOption.AllDirectories))
        {
            SharedRemote.Flip(path);
        }

        using ScratchFolder clone = remote.Clone();

        Assert.Equal(["PartDamaged", "PartDamaged"], clone.Run("pull", "--tables", "--json").Exits(3).ErrorIds());
        JsonElement slice = clone.Run("build", "v1", "--json").Exits(0).Document().GetProperty("slices")[0];
        Assert.All(slice.GetProperty("tables").EnumerateArray(), static table => Assert.Equal("regenerated", table.GetProperty("status").GetString()));
    }

    [Fact]
    public void A_clone_makes_the_next_slice_of_what_a_colleague_pushed()
    {
        using var remote = new SharedRemote();
        remote.Here.Run("push", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();

        clone.Run("new", "v2", "--reason", "again", "-q").Exits(0);

        Assert.Equal(Exports(remote.Here, "v1"), Exports(clone, "v2"));
        Assert.Equal(Records(remote.Here), Records(clone));
    }

    [Fact]
    public void A_range_of_versions_is_moved_alone()
    {
        using var remote = new SharedRemote();
        foreach ((string version, int tasks) in new[] { ("v2", 7), ("v3", 8) })
        {
            remote.Here.Write("exports/hands.json", SmallExport.Hands(tasks));
            remote.Here.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
            remote.Here.Run("new", version, "-q").Exits(0);
        }

        JsonElement pushed = remote.Here.Run("push", "v2..v3", "--json").Exits(0).Document();

        Assert.Equal(["v2", "v3"], pushed.GetProperty("versions").EnumerateArray().Select(static version => version.GetString()));
        Assert.Equal(4, Outcomes(pushed).Length);
        Assert.Equal(["RangeNotALine"], remote.Here.Run("push", "v3..v2", "--json").Exits(2).ErrorIds());
        Assert.Equal(["SliceNotFound"], remote.Here.Run("push", "v2..v9", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Remotes_are_chosen_by_name_by_this_machines_settings_or_as_origin()
    {
        using var remote = new SharedRemote();
        using var other = new ScratchFolder();
        SharedRemote.SetRemotes(remote.Here, new JsonObject { ["fast"] = other.Path, ["slow"] = remote.Folder });

        Assert.Equal(["RemoteAmbiguous"], remote.Here.Run("push", "--json").Exits(2).ErrorIds());
        Assert.Equal(["RemoteUnknown"], remote.Here.Run("push", "--remote", "fats", "--json").Exits(2).ErrorIds());
        Assert.Equal("fast", remote.Here.Run("push", "--remote", "fast", "--json").Exits(0).Document().GetProperty("remote").GetString());
        remote.Here.Write("harvest.local.json", """{ "remote": "slow" }""");
        Assert.Equal("slow", remote.Here.Run("push", "--json").Exits(0).Document().GetProperty("remote").GetString());
        Assert.Contains("slow  ", remote.Here.Run("remote").Exits(0).Out.Split('\n').Single(static line => line.Contains("(default)", StringComparison.Ordinal)), StringComparison.Ordinal);
        using ScratchFolder none = new ScratchFolder().WithSlice();
        Assert.Equal(["NoRemote"], none.Run("push", "--json").Exits(2).ErrorIds());
    }

    [Fact]
    public void A_folder_that_is_not_mounted_is_no_empty_remote()
    {
        using var remote = new SharedRemote();
        SharedRemote.SetRemotes(remote.Here, new JsonObject { ["origin"] = "../not mounted" });

        Assert.Equal(["RemoteNotThere"], remote.Here.Run("push", "--json").Exits(4).ErrorIds());
        Assert.False(Directory.Exists(remote.Here["../not mounted"]));

        // Nothing is missing here, so that nothing is asked of it.
        remote.Here.Run("check", "-q").Exits(0);
    }

    [Theory]
    [InlineData("ftp://host/x", "no kind of remote")]
    [InlineData("s3://key:secret@bucket/x", "a name, a password or a port")]
    [InlineData("s3://", "names no bucket")]
    [InlineData("rclone:x", "names no remote of rclone")]
    public void An_address_that_cannot_be_one_is_refused_with_its_place(string url, string why)
    {
        using var remote = new SharedRemote();
        SharedRemote.SetRemotes(remote.Here, new JsonObject { ["origin"] = url });

        HarvestResult refused = remote.Here.Run("push").Exits(3);

        Assert.Contains(why, refused.Error, StringComparison.Ordinal);
        Assert.Contains("harvest.json", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Clones_can_share_one_archive_and_keep_their_cache_elsewhere()
    {
        using var remote = new SharedRemote();
        using ScratchFolder clone = remote.Clone();
        using var disk = new ScratchFolder();
        clone.Write("harvest.local.json", new JsonObject { ["archive"] = remote.Here[".harvest/archive"], ["cache"] = "$HARVEST_TEST_DISK/cache" }.ToJsonString());
        var environment = new Dictionary<string, string> { ["HARVEST_TEST_DISK"] = disk.Path };

        HarvestProgram.Run(clone.Path, environment, "build", "v1", "-q").Exits(0);

        Assert.False(Directory.Exists(clone[".harvest/cache"]));
        Assert.NotEmpty(Directory.EnumerateFiles(disk["cache"], "*.parquet", SearchOption.AllDirectories));
        HarvestProgram.Run(clone.Path, environment, "check", "-q").Exits(0);
        HarvestResult unset = clone.Run("check").Exits(3);
        Assert.Contains("HARVEST_TEST_DISK", unset.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_in_a_folders_place_is_refused_with_the_way_to_say_remote()
    {
        using var remote = new SharedRemote();
        remote.Here.Write("harvest.local.json", """{ "archive": "s3://bucket/archive" }""");

        HarvestResult refused = remote.Here.Run("check").Exits(3);

        Assert.Contains("\"remotes\"", refused.Error, StringComparison.Ordinal);
        Assert.Contains("harvest.local.json", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_push_that_was_killed_goes_on_and_leaves_nothing_half_written()
    {
        using var remote = new SharedRemote();
        for (int week = 2; week < 10; week++)
        {
            remote.Here.Write("exports/hands.json", SmallExport.Hands(tasks: 600 + week));
            remote.Here.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
            remote.Here.Run("new", $"v{week}", "--allow-shrink", "-q").Exits(0);
        }

        var random = new Random(20);
        for (int kill = 0; kill < (Environment.GetEnvironmentVariable("HARVEST_LONG_TESTS") == "1" ? 50 : 6); kill++)
        {
            using System.Diagnostics.Process push = HarvestProgram.Start(remote.Here.Path, new Dictionary<string, string>(), "push", "-q");
            if (!push.WaitForExit(random.Next(80, 400)))
            {
                push.Kill(entireProcessTree: true);
                push.WaitForExit();
            }

            Assert.All(remote.Objects(), static one => Assert.Equal(one.Key, ScratchFolder.Sha256(one.Value)));
        }

        remote.Here.Run("push", "-q").Exits(0);
        remote.Here.Run("remote", "--deep", "-q").Exits(0);
        using ScratchFolder clone = remote.Clone();
        clone.Run("pull", "-q").Exits(0);
        clone.Run("fsck", "-q").Exits(0);
    }

    private static string[] Outcomes(JsonElement document) =>
        [.. document.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("outcome").GetString()!)];

    private static string[] Kinds(HarvestResult check) =>
        [.. check.Document().GetProperty("slices").EnumerateArray().SelectMany(static slice => slice.GetProperty("findings").EnumerateArray()).Select(static finding => finding.GetProperty("kind").GetString()!)];

    private static string Exports(ScratchFolder repository, string version) => string.Join(
        ' ', JsonNode.Parse(File.ReadAllText(repository[$"slices/{version}/slice.json"]))!["exports"]!.AsArray().Select(static export => (string)export!["sha256"]!));

    private static SortedDictionary<string, string> Records(ScratchFolder repository) => new(
        Directory.EnumerateFiles(repository[".harvest/archive/exports"]).ToDictionary(static file => Path.GetFileName(file), File.ReadAllText));

    private static Dictionary<string, DateTime> Times(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(static file => file, File.GetLastWriteTimeUtc);
}
