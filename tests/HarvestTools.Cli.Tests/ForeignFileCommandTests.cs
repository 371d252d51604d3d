using System.IO.Compression;
using System.Text;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>hash, add and check on files that are no exports, and on exports that are packed.</summary>
public sealed class ForeignFileCommandTests
{
    private const string Oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    private const string Task = "{\"id\":1,\"data\":{\"image\":\"a.jpg\"},\"annotations\":[],\"project\":3}";

    private static readonly (string Name, string Text, string Id)[] s_files =
    [
        ("pointer.json", $"version https://git-lfs.github.com/spec/v1\r\noid sha256:{Oid}\r\nsize 12\r\n", "ExportIsLfsPointer"),
        ("a.json.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 12\n  path: a.json\n", "ExportIsDvcFile"),
        ("error.json", "{\"detail\":\"Invalid token.\"}", "ExportIsApiError"),
        ("status.json", "{\"status_code\":404,\"detail\":\"Not found.\"}", "ExportIsApiError"),
        ("page.json", $"{{\"tasks\":[{Task}],\"total\":1}}", "ExportIsApiPage"),
        ("drf.json", $"{{\"count\":1,\"next\":null,\"previous\":null,\"results\":[{Task}]}}", "ExportIsApiPage"),
        ("login.json", "\n<!-- x --><!DOCTYPE html><html><title>Log in</title></html>", "ExportIsWebPage"),
        ("target.json", "{\"id\":2,\"result\":[],\"completed_by\":1,\"task\":{\"id\":1}}", "ExportIsAnnotation"),
        ("lines.jsonl", $"{Task}\n{Task}\n", "ExportIsJsonLines"),
        ("a.csv", "id,image\n1,a.jpg\n", "ExportIsCsv"),
        ("a.tsv", "id\timage\n1\ta.jpg\n", "ExportIsCsv"),
        ("coco.json", "{\"images\":[],\"categories\":[]}", "ExportIsCoco"),
        ("min.json", "[{\"image\":\"a\",\"id\":1,\"annotator\":1,\"annotation_id\":2}]", "ExportIsJsonMin"),
        ("predictions.json", "[{\"model_version\":\"m\",\"result\":[]}]", "ExportIsPredictions"),
        ("webhook.json", $"{{\"action\":\"ANNOTATION_CREATED\",\"annotation\":{{}},\"task\":{Task}}}", "ExportIsWebhook"),
        ("task.json", Task, "ExportIsSingleTask"),
        ("a.yaml", "a: 1\n", "ExportIsYaml"),
        ("empty.json", "", "ExportEmpty"),
    ];

    [Fact]
    public void Each_is_named_by_hash_with_labels_by_add_and_by_add_without_labels()
    {
        using ScratchFolder scratch = WithFiles();
        scratch.Run("init", "-q").Exits(0);
        string[] names = [.. s_files.Select(static file => file.Name)];
        string[] ids = [.. s_files.Select(static file => file.Id)];

        HarvestResult hashed = scratch.Run(["hash", "--labels", "--json", .. names]).Exits(3);
        HarvestResult added = scratch.Run(["add", "--json", "-p", "a", .. names]).Exits(3);
        HarvestResult unread = scratch.Run(["add", "--no-labels", "--json", "-p", "a", .. names]).Exits(3);

        Assert.Equal(ids, hashed.ErrorIds());
        Assert.Equal(ids, added.ErrorIds());
        Assert.Equal(ids, unread.ErrorIds());
        Assert.Equal(Messages(added), Messages(unread));
        Assert.Equal(Messages(added), Messages(hashed));
        Assert.Contains("git lfs pull", added.Error, StringComparison.Ordinal);
        Assert.Contains("Run dvc pull, then use a.json.", added.Error, StringComparison.Ordinal);
        Assert.Empty(scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.DoesNotContain(Directory.EnumerateFiles(scratch[".harvest"], "*", SearchOption.AllDirectories), static file => Path.GetFileName(file).Length == 64);
    }

    [Fact]
    public void Plain_hash_gives_the_hash_of_the_bytes_and_warns()
    {
        using ScratchFolder scratch = WithFiles();
        string[] names = [.. s_files.Select(static file => file.Name)];

        HarvestResult result = scratch.Run(["hash", "--json", .. names]).Exits(0);
        JsonElement[] hashes = [.. result.Document().GetProperty("exports").EnumerateArray()];

        // A pointer has the hash of what it names.
        Assert.Equal(names.Select(name => name == "pointer.json" ? Oid : ScratchFolder.Sha256(scratch[name])), hashes.Select(static hash => hash.GetProperty("sha256").GetString()!));
        Assert.Equal(s_files.Select(static file => file.Id), hashes.Select(static hash => hash.GetProperty("warning").GetProperty("id").GetString()!));
        Assert.All(hashes, static hash => Assert.NotEmpty(hash.GetProperty("warning").GetProperty("remedy").GetString()!));
        Assert.Contains("harvest: warning: ", result.Error, StringComparison.Ordinal);

        scratch.Write("fine.json", $"[{Task}]");
        scratch.Write("note.txt", "once upon a time");
        HarvestResult quiet = scratch.Run("hash", "fine.json", "note.txt").Exits(0);
        Assert.Empty(quiet.Error);
        Assert.Empty(scratch.Run("hash", "-q", "pointer.json").Exits(0).Error);
    }

    [Fact]
    public void Check_names_what_is_at_a_recorded_path_and_what_to_do()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/hands.json", $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12\n");
        scratch.Write("exports/actions.json", "<html><title>Log in</title></html>");

        JsonElement[] findings = Findings(scratch.Run("check", "--json").Exits(1));
        JsonElement pointer = findings.Single(static finding => finding.GetProperty("message").GetString()!.Contains("hands.json", StringComparison.Ordinal));
        JsonElement page = findings.Single(static finding => finding.GetProperty("message").GetString()!.Contains("actions.json", StringComparison.Ordinal));
        Assert.Contains("exports/hands.json is a Git LFS pointer", pointer.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("git lfs pull", pointer.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.Contains("exports/actions.json is a login page (HTML)", page.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("Log in", page.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Assert.All(findings, static finding => Assert.Equal(("ExportRewritten", "Error"), (finding.GetProperty("kind").GetString(), finding.GetProperty("severity").GetString())));
    }

    [Fact]
    public void A_pointer_to_the_very_export_is_the_export()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        string sha256 = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        scratch.Write("exports/hands.json", $"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize 12\n");

        Assert.Empty(Findings(scratch.Run("check", "--json").Exits(0)));
    }

    [Fact]
    public void A_task_list_at_a_recorded_path_is_named_and_is_not_a_loss_of_all_labels()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/hands.json", "[{\"id\":1,\"data\":{},\"annotations\":null,\"total_annotations\":1}]");

        JsonElement finding = Assert.Single(Findings(scratch.Run("check", "--json").Exits(1)));
        Assert.Contains("exports/hands.json lacks labels", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Packed_exports_are_the_JSON_in_them_for_every_command()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        string plain = scratch.Write("plain.json", SmallExport.Hands(tasks: 6));
        Zip(scratch["exports.zip"], ("project-4-at-2026.json", File.ReadAllText(plain)), ("images/a.jpg", "x"));
        Gzip(scratch["hands.json.gz"], File.ReadAllText(plain));
        string sha256 = ScratchFolder.Sha256(plain);

        JsonElement[] hashes = [.. scratch.Run("hash", "--labels", "plain.json", "exports.zip", "hands.json.gz", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray()];
        Assert.All(hashes, hash => Assert.Equal(sha256, hash.GetProperty("sha256").GetString()));
        Assert.Single(hashes.Select(static hash => hash.GetProperty("label_sha256").GetString()).Distinct());
        Assert.Equal([null, "project-4-at-2026.json", "hands.json"], hashes.Select(static hash => hash.GetProperty("entry").GetString()));
        Assert.Contains($"{sha256}  ", scratch.Run("hash", "exports.zip").Exits(0).Out, StringComparison.Ordinal);

        JsonElement added = Assert.Single(scratch.Run("add", "exports.zip", "-p", "b", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray());
        Assert.Equal((sha256, "exports.zip"), (added.GetProperty("sha256").GetString(), added.GetProperty("path").GetString()));
        Assert.Equal(sha256, ScratchFolder.Sha256(scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"]));
        scratch.Run("new", "v1", "--export", "exports.zip").Exits(0);
        scratch.Run("check").Exits(0);
        scratch.Run("check", "--quick").Exits(0);
        scratch.Run("check", "--quick").Exits(0);

        Zip(scratch["moved.zip"], ("project.json", SmallExport.Hands(tasks: 6, moved: 0.5)));
        JsonElement comparison = scratch.Run("diff-export", "hands.json.gz", "moved.zip", "--json").Exits(0).Document().GetProperty("comparison");
        Assert.Equal(sha256, comparison.GetProperty("reference_sha256").GetString());
        Assert.True(comparison.GetProperty("relabelled").GetInt64() > 0);

        File.Copy(scratch["moved.zip"], scratch["exports.zip"], overwrite: true);
        JsonElement finding = Assert.Single(Findings(scratch.Run("check", "--json").Exits(1)));
        Assert.Contains("Labels changed", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_object_is_restored_from_the_zip_that_it_came_from()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Zip(scratch["a.zip"], ("a.json", SmallExport.Hands(tasks: 6)));
        string sha256 = Assert.Single(scratch.Run("add", "a.zip", "-p", "b", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray()).GetProperty("sha256").GetString()!;
        string stored = scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];
        ScratchFolder.Unlock(stored);
        File.AppendAllText(stored, " ");

        scratch.Run("fsck", "--repair").Exits(0);

        Assert.Equal(sha256, ScratchFolder.Sha256(stored));
    }

    [Fact]
    public void Packed_files_that_are_no_export_are_named_and_hashed_by_their_own_bytes()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Zip(scratch["several.zip"], ("a.json", $"[{Task}]"), ("b.json", $"[{Task}]"));
        Zip(scratch["none.zip"], ("a.xml", "<a/>"), ("b.xml", "<b/>"));
        Zip(scratch["table.zip"], ("a.csv", "id,image\n1,a\n"));
        Gzip(scratch["page.json.gz"], "<html><title>Log in</title></html>");
        Gzip(scratch["cut.json.gz"], $"[{Task}]");
        File.WriteAllBytes(scratch["cut.json.gz"], File.ReadAllBytes(scratch["cut.json.gz"])[..^9]);
        string[] names = ["several.zip", "none.zip", "table.zip", "page.json.gz", "cut.json.gz"];
        string[] ids = ["ExportZipHasSeveral", "ExportZipHasNoJson", "ExportIsCsv", "ExportIsWebPage", "ExportPackedDamaged"];

        Assert.Equal(ids, scratch.Run(["add", "-p", "a", "--json", .. names]).Exits(3).ErrorIds());
        Assert.Equal(ids, scratch.Run(["add", "-p", "a", "--no-labels", "--json", .. names]).Exits(3).ErrorIds());
        JsonElement[] hashes = [.. scratch.Run(["hash", "--json", .. names]).Exits(0).Document().GetProperty("exports").EnumerateArray()];
        Assert.Equal(ids, hashes.Select(static hash => hash.GetProperty("warning").GetProperty("id").GetString()!));
        Assert.Equal(names.Select(name => ScratchFolder.Sha256(scratch[name])), hashes.Select(static hash => hash.GetProperty("sha256").GetString()!));
    }

    [Fact]
    public void A_task_list_without_its_annotations_is_added_with_a_warning_and_refused_by_new_and_decide()
    {
        using var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        scratch.Write("list.json", "[{\"id\":1,\"data\":{},\"annotations\":null,\"total_annotations\":1,\"project\":7}]");

        HarvestResult added = scratch.Run("add", "list.json", "--json").Exits(0);
        JsonElement export = Assert.Single(added.Document().GetProperty("exports").EnumerateArray());
        Assert.Equal("ExportLabelsMissing", export.GetProperty("warning").GetProperty("id").GetString());
        Assert.Contains("warning: ", added.Error, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(scratch.Run("exports", "--json").Exits(0).Document().GetProperty("exports").EnumerateArray()).GetProperty("labels_missing").GetInt64());

        Assert.Equal(["CandidateHasNoLabels"], scratch.Run("new", "v1", "--json").Exits(3).ErrorIds());
        HarvestResult decided = scratch.Run("decide", "--json").Exits(3);
        Assert.Equal(["CandidateHasNoLabels"], decided.ErrorIds());
        Assert.Contains("harvest add", decided.Error, StringComparison.Ordinal);
    }

    private static ScratchFolder WithFiles()
    {
        var scratch = new ScratchFolder();
        foreach ((string name, string text, _) in s_files)
        {
            scratch.Write(name, text);
        }

        return scratch;
    }

    private static string[] Messages(HarvestResult result) =>
        [.. result.Document().GetProperty("errors").EnumerateArray().Select(static error => error.GetProperty("message").GetString()!)];

    private static JsonElement[] Findings(HarvestResult result) =>
        [.. result.Document().GetProperty("slices").EnumerateArray().SelectMany(static slice => slice.GetProperty("findings").EnumerateArray())];

    private static void Gzip(string path, string text)
    {
        using var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal);
        gzip.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void Zip(string path, params (string Name, string Text)[] files)
    {
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, string text) in files)
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }
    }
}
