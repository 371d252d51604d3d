using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>init, hash, add, exports and fsck.</summary>
public sealed class ArchiveCommandTests
{
    [Fact]
    public void Init_makes_a_repository_once()
    {
        using var scratch = new ScratchFolder();
        JsonElement made = scratch.Run("init", "sub folder", "--json").Exits(0).Document();
        Assert.Equal(Path.GetFullPath(scratch["sub folder"]), made.GetProperty("root").GetString());
        Assert.True(File.Exists(scratch["sub folder/harvest.json"]));
        string settings = File.ReadAllText(scratch["sub folder/harvest.json"]);

        HarvestResult again = scratch.Run("init", "sub folder").Exits(2);
        Assert.Contains("is already a repository", again.Error, StringComparison.Ordinal);
        Assert.Equal(settings, File.ReadAllText(scratch["sub folder/harvest.json"]));
    }

    [Fact]
    public void Hash_prints_the_sha256_of_the_bytes_and_needs_no_repository()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("ein export.json", SmallExport.Hands(tasks: 6));
        HarvestResult text = scratch.Run("hash", "ein export.json").Exits(0);
        Assert.StartsWith(ScratchFolder.Sha256(path) + "  ", text.Out, StringComparison.Ordinal);
        Assert.EndsWith("  ein export.json", text.Out.TrimEnd(), StringComparison.Ordinal);

        JsonElement hash = Assert.Single(scratch.Run("hash", "ein export.json", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.Equal(ScratchFolder.Sha256(path), hash.GetProperty("sha256").GetString());
        Assert.Equal(new FileInfo(path).Length, hash.GetProperty("bytes").GetInt64());
        Assert.Equal(JsonValueKind.Null, hash.GetProperty("label_sha256").ValueKind);
    }

    [Fact]
    public void Many_files_are_hashed_in_the_order_given_and_a_missing_one_stops_none()
    {
        using var scratch = new ScratchFolder();
        string[] names = [.. Enumerable.Range(1, 9).Select(static i => $"{i}.json")];
        foreach (string name in names)
        {
            scratch.Write(name, SmallExport.Hands(tasks: name[0] - '0'));
        }

        HarvestResult result = scratch.Run([.. (string[])["hash"], .. names, "absent.json", "1.json"]).Exits(3);
        string[] lines = result.Out.TrimEnd().Split('\n');
        Assert.Equal([.. names, "1.json"], lines.Select(static line => line.TrimEnd().Split("  ")[^1]));
        Assert.All(lines, line => Assert.StartsWith(ScratchFolder.Sha256(scratch[line.TrimEnd().Split("  ")[^1]]), line, StringComparison.Ordinal));
        Assert.Contains("absent.json", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_without_labels_copies_any_bytes_and_a_slice_is_made_of_them()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init").Exits(0);
        string path = scratch.Write("hands.json", SmallExport.Hands(tasks: 6));
        string error = scratch.Run("add", "hands.json", "--no-labels").Exits(2).Error;
        Assert.StartsWith("harvest: With --no-labels the exports are not read, so the projects in them are not known.", error, StringComparison.Ordinal);
        Assert.Contains("--project", error, StringComparison.Ordinal);

        JsonElement added = Assert.Single(scratch.Run("add", "hands.json", "--no-labels", "--project", "b", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.Equal(ScratchFolder.Sha256(path), added.GetProperty("sha256").GetString());
        Assert.Equal(JsonValueKind.Null, added.GetProperty("label_sha256").ValueKind);
        Assert.Equal(JsonValueKind.Null, added.GetProperty("tasks").ValueKind);
        scratch.Run("new", "v1").Exits(0);
        scratch.Run("check").Exits(0);

        JsonElement again = Assert.Single(scratch.Run("add", "hands.json", "--project", "b", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.Equal(64, again.GetProperty("label_sha256").GetString()!.Length);
        Assert.False(again.GetProperty("added").GetBoolean());
    }

    [Fact]
    public void A_labeling_configuration_is_archived_with_its_export_and_shown()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("hands.json", SmallExport.Hands(tasks: 6));
        scratch.Write("actions.json", SmallExport.Actions(tasks: 4));
        string config = ScratchFolder.Sha256(scratch.Write("config ä.xml", "<View><Image name=\"image\" value=\"$image\"/></View>"));
        scratch.Run("add", "actions.json", "-p", "a").Exits(0);
        Assert.DoesNotContain("config", scratch.Run("exports").Exits(0).Out, StringComparison.Ordinal);

        HarvestResult text = scratch.Run("add", "hands.json", "-p", "b", "--label-config", "config ä.xml").Exits(0);
        Assert.Contains($"  With the labeling configuration {config[..12]}.", text.Out, StringComparison.Ordinal);
        JsonElement added = Assert.Single(scratch.Run("add", "hands.json", "-p", "b", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.Equal(config, added.GetProperty("label_config_sha256").GetString());

        string?[] recorded = [.. scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray().Select(static export => export.GetProperty("label_config_sha256").GetString())];
        Assert.Equal([null, config], recorded);
        Assert.Contains(config[..12], scratch.Run("exports").Exits(0).Out, StringComparison.Ordinal);
        scratch.Run("fsck").Exits(0);

        scratch.Run("new", "v1").Exits(0);
        Assert.Contains(config[..12], scratch.Run("show", "v1").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains(config[..12], scratch.Run("source", "v1").Exits(0).Out, StringComparison.Ordinal);
        string other = ScratchFolder.Sha256(scratch.Write("other.xml", "<View><Image name=\"image\" value=\"$front\"/></View>"));
        scratch.Run("add", "hands.json", "-p", "b", "--label-config", "other.xml", "-q").Exits(0);
        scratch.Run("new", "v2").Exits(0);
        Assert.Contains(
            $"export reconfigured  b  {added.GetProperty("sha256").GetString()![..12]} to {added.GetProperty("sha256").GetString()![..12]}  same labels  labeling configuration {config[..12]} to {other[..12]}",
            scratch.Run("diff", "v1", "v2").Exits(0).Out,
            StringComparison.Ordinal);
        scratch.Run("check").Exits(0);
    }

    [Fact]
    public void A_labeling_configuration_at_fault_is_told_once_and_nothing_is_added()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("1.json", SmallExport.Hands(tasks: 6));
        scratch.Write("2.json", SmallExport.Hands(tasks: 7));
        scratch.Write("config.xml", "<View>\n<Image name=\"image\" value=\"$image\">\n</View>");

        HarvestResult result = scratch.Run("add", "1.json", "2.json", "--label-config", "config.xml", "--json").Exits(3);
        JsonElement error = Assert.Single(result.Document().GetProperty("errors").EnumerateArray());
        Assert.Equal("LabelConfigMalformed", error.GetProperty("id").GetString());
        Assert.Contains("line 3, column 3", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.Contains("gone.xml", scratch.Run("add", "1.json", "--label-config", "gone.xml").Exits(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_of_labels_is_blind_to_spacing_and_counts_what_is_there()
    {
        using var scratch = new ScratchFolder();
        string compact = SmallExport.Hands(tasks: 6);
        scratch.Write("compact.json", compact);
        scratch.Write("spaced.json", compact.Replace("},{", "},\n {", StringComparison.Ordinal).Replace("\\/", "/", StringComparison.Ordinal));
        scratch.Write("moved.json", SmallExport.Hands(tasks: 6, moved: 0.001));
        JsonElement[] hashes =
            [.. scratch.Run("hash", "compact.json", "spaced.json", "moved.json", "--labels", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray()];
        string?[] bytes = [.. hashes.Select(static hash => hash.GetProperty("sha256").GetString())];
        string?[] labels = [.. hashes.Select(static hash => hash.GetProperty("label_sha256").GetString())];
        Assert.Equal(3, bytes.Distinct().Count());
        Assert.Equal(labels[0], labels[1]);
        Assert.NotEqual(labels[0], labels[2]);
        Assert.Equal(6, hashes[0].GetProperty("tasks").GetInt64());
        Assert.Equal(6, hashes[0].GetProperty("annotations").GetInt64());
        Assert.Equal(1, hashes[0].GetProperty("cancelled").GetInt64());
        Assert.Equal(12, hashes[0].GetProperty("region_types").GetProperty("keypointlabels").GetInt64());
        Assert.Equal(6, hashes[0].GetProperty("region_types").GetProperty("rectanglelabels").GetInt64());

        string text = scratch.Run("hash", "--labels", "compact.json").Exits(0).Out;
        Assert.Contains("6 tasks, 6 annotations (1 cancelled), 0 drafts", text, StringComparison.Ordinal);
        Assert.Contains("12 keypointlabels, 6 rectanglelabels", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_archives_once_and_says_so()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        string path = scratch.Write("exporte/hände.json", SmallExport.Hands(tasks: 6));
        string sha256 = ScratchFolder.Sha256(path);
        HarvestResult first = scratch.Run("add", "exporte/hände.json", "--project", "b").Exits(0);
        Assert.StartsWith($"added  b  {sha256[..12]}  ", first.Out, StringComparison.Ordinal);
        Assert.Contains("  6 tasks  exporte/hände.json", first.Out, StringComparison.Ordinal);
        Assert.Empty(first.Error);
        Assert.Equal(sha256, ScratchFolder.Sha256(scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"]));

        Assert.StartsWith($"already archived  b  {sha256[..12]}  ", scratch.Run("add", path, "-p", "b").Exits(0).Out, StringComparison.Ordinal);

        // Without a name it goes where the project's exports are.
        JsonElement named = Assert.Single(scratch.Run("add", path, "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.Equal("b", named.GetProperty("project").GetString());
        Assert.False(named.GetProperty("added").GetBoolean());
        Assert.Equal("exporte/hände.json", named.GetProperty("path").GetString());
    }

    [Fact]
    public void Add_tells_an_export_whose_labels_are_archived_under_other_bytes()
    {
        using var scratch = new ScratchFolder().WithExports();
        scratch.Write("again.json", SmallExport.Hands(tasks: 6).Replace("\\/", "/", StringComparison.Ordinal));
        string known = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        HarvestResult text = scratch.Run("add", "again.json", "--project", "b").Exits(0);
        Assert.Contains($"The same labels as {known[..12]}: other bytes, but no label moved.", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bad_file_does_not_stop_the_others_and_the_worst_exit_code_counts()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("a.json", SmallExport.Actions(tasks: 2));
        scratch.Write("b.json", SmallExport.Hands(tasks: 2)[..^40]);
        scratch.Write("c.json", SmallExport.Hands(tasks: 2));
        HarvestResult result = scratch.Run("add", "a.json", "missing.json", ".", "b.json", "c.json", "--json").Exits(3);
        Assert.Equal(["a.json", "c.json"], result.Document().GetProperty("exports").EnumerateArray().Select(static export => export.GetProperty("path").GetString()!));
        string[] ids = [.. result.ErrorIds()];
        Assert.Equal(["FileNotFound", "FolderGiven"], ids[..2]);
        Assert.Equal(3, ids.Length);

        // The message says where: the file, the byte and the task.
        string message = result.Document().GetProperty("errors")[2].GetProperty("message").GetString()!;
        Assert.Contains("b.json", message, StringComparison.Ordinal);
        Assert.Contains("byte", message, StringComparison.Ordinal);
        Assert.Equal(2, scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").GetArrayLength());
    }

    [Fact]
    public void Patterns_that_the_shell_left_alone_are_expanded()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("x/b 2.json", "[]");
        scratch.Write("x/a 1.json", "[]");
        scratch.Write("x/note.txt", "no export");
        JsonElement found = scratch.Run("hash", "x/*.json", "--json").Exits(0).Document();
        Assert.Equal(["x/a 1.json", "x/b 2.json"], found.GetProperty("exports").EnumerateArray().Select(static export => export.GetProperty("path").GetString()!));
        Assert.Equal(["PatternMatchesNothing"], scratch.Run("hash", "x/*.csv", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void After_two_dashes_a_name_may_begin_with_one()
    {
        using var scratch = new ScratchFolder();
        string path = scratch.Write("--labels", "[]");
        Assert.StartsWith(ScratchFolder.Sha256(path), scratch.Run("hash", "--", "--labels").Exits(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Exports_lists_by_project_and_goes_on_after_a_record_that_cannot_be_read()
    {
        using var scratch = new ScratchFolder().WithExports();
        string[] lines = scratch.Run("exports").Exits(0).Out.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("project  sha256", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("a ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("b ", lines[2], StringComparison.Ordinal);
        Assert.Contains("exports/hands.json", lines[2], StringComparison.Ordinal);
        Assert.Equal(1, scratch.Run("exports", "--project", "b", "--json").Exits(0).Document().GetProperty("exports").GetArrayLength());

        string record = Directory.EnumerateFiles(scratch[".harvest/archive/exports"], "a-*.json").Single();
        File.WriteAllText(record, "{");
        HarvestResult broken = scratch.Run("exports", "--json").Exits(3);
        Assert.Equal(1, broken.Document().GetProperty("exports").GetArrayLength());
        Assert.Single(broken.ErrorIds());
    }

    [Fact]
    public void Fsck_finds_damage_with_exit_code_1_and_repairs_it_from_the_recorded_file()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.EndsWith("the archive is whole.", scratch.Run("fsck").Exits(0).Out.TrimEnd(), StringComparison.Ordinal);

        string sha256 = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        string stored = scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];
        ScratchFolder.Unlock(stored);
        File.AppendAllText(stored, " ");
        JsonElement damaged = scratch.Run("fsck", "--json").Exits(1).Document();
        Assert.False(damaged.GetProperty("whole").GetBoolean());
        Assert.Contains(damaged.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("kind").GetString() == "Damaged" && finding.GetProperty("subject").GetString() == sha256);
        Assert.Empty(damaged.GetProperty("errors").EnumerateArray());
        scratch.Run("fsck", "--quiet").Exits(1);

        Assert.Contains("Damaged (repaired)", scratch.Run("fsck", "--repair").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
        scratch.Run("fsck").Exits(0);
    }
}
