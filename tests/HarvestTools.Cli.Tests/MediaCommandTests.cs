using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Images and videos that rows name: listed by a slice, checked, and moved between machines.</summary>
public sealed class MediaCommandTests : IDisposable
{
    private readonly SharedRemote _remote = new();
    private readonly string[] _links;

    public MediaCommandTests()
    {
        SetMedia(Here);
        _links = [.. Links(Here)];
        foreach (string link in _links)
        {
            Here.Write(FileOf(link), $"bytes of {link}");
        }
    }

    private ScratchFolder Here => _remote.Here;

    public void Dispose() => _remote.Dispose();

    [Fact]
    public void A_slice_lists_each_medium_with_its_hash_and_the_data_set_changes_with_a_byte_of_one()
    {
        JsonElement made = Here.Run("new", "--media", "--json").Exits(0).Document();
        JsonElement media = made.GetProperty("slice").GetProperty("media");

        Assert.Equal(_links.Length, media.GetProperty("files").GetInt32());
        Assert.Equal(0, media.GetProperty("missing").GetInt32());
        Assert.Equal(_links.Sum(link => new FileInfo(Here[FileOf(link)]).Length), media.GetProperty("bytes").GetInt64());
        JsonElement[] list = List(Here, "v2");
        Assert.Equal(_links, list.Select(static entry => entry.GetProperty("media").GetString()));
        Assert.All(list, entry => Assert.Equal(ScratchFolder.Sha256(Here[FileOf(entry.GetProperty("media").GetString()!)]), entry.GetProperty("sha256").GetString()));
        Assert.Equal(["pour/ep0"], Episodes(list, "/data/upload/ep0/f2.jpg"));

        SharedRemote.Flip(Here[FileOf(_links[0])], at: 0);
        Here.Run("new", "--media", "-q").Exits(0);
        Assert.NotEqual(Digest("v2"), Digest("v3"));
        Assert.NotEqual(Digest("v1"), Digest("v2"));
        JsonElement comparison = Here.Run("diff", "v2", "v3", "--json").Exits(0).Document().GetProperty("comparison");
        Assert.Equal([_links[0]], comparison.GetProperty("media").GetProperty("changed").EnumerateArray().Select(static link => link.GetString()));
        Assert.Equal(_links.Length - 1, comparison.GetProperty("media").GetProperty("same").GetInt32());
        Here.Run("check").Exits(0);
    }

    [Fact]
    public void If_changed_makes_a_slice_for_changed_media_alone_and_none_where_nothing_changed()
    {
        Assert.True(New().GetProperty("made").GetBoolean());
        Assert.False(New().GetProperty("made").GetBoolean());
        Here.Write(FileOf(_links[^1]), "other");

        JsonElement made = New();

        Assert.True(made.GetProperty("made").GetBoolean());
        Assert.Equal("v3", made.GetProperty("slice").GetProperty("slice_version").GetString());
        Assert.Equal(JsonValueKind.Null, made.GetProperty("unchanged").ValueKind);

        JsonElement New() => Here.Run("new", "--media", "--if-changed", "--json").Exits(0).Document();
    }

    [Fact]
    public void A_list_is_the_same_wherever_the_files_are()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        using var elsewhere = new ScratchFolder();
        foreach (string link in _links)
        {
            elsewhere.Write(FileOf(link), File.ReadAllText(Here[FileOf(link)]));
            File.Delete(Here[FileOf(link)]);
        }

        // Of this machine alone, and over what harvest.json says.
        Here.Write("harvest.local.json", new JsonObject { ["media"] = new JsonObject { ["/data/upload/"] = elsewhere["frames"], ["/data/"] = elsewhere["videos"] } }.ToJsonString());
        Here.Run("new", "--media", "-q").Exits(0);

        Assert.Equal(ListHash(Here, "v2"), ListHash(Here, "v3"));
        Here.Run("check", "--media").Exits(0);
    }

    [Fact]
    public void Missing_media_are_listed_as_missing_and_a_list_of_nothing_is_refused()
    {
        File.Delete(Here[FileOf(_links[0])]);
        HarvestResult made = Here.Run("new", "--media", "--json").Exits(0);
        Assert.Equal("MediaMissing", made.Document().GetProperty("warnings")[0].GetProperty("id").GetString());
        Assert.Equal(1, made.Document().GetProperty("slice").GetProperty("media").GetProperty("missing").GetInt32());
        Here.Run("check", "--media", "v2").Exits(0);

        Directory.Delete(Here["frames"], recursive: true);
        Directory.Delete(Here["videos"], recursive: true);
        HarvestResult refused = Here.Run("new", "--media", "--json").Exits(3);
        Assert.Equal(["NoMediaFound"], refused.ErrorIds());
        Assert.False(Directory.Exists(Here["slices/v3"]));
    }

    [Fact]
    public void Without_roots_the_error_says_what_to_write_and_doing_so_works()
    {
        SetMedia(Here, []);

        string remedy = Here.Run("new", "--media", "--json").Exits(3).Document().GetProperty("errors")[0].GetProperty("remedy").GetString()!;

        Assert.Contains("\"media\": { \"", remedy, StringComparison.Ordinal);
        Assert.Contains("harvest.local.json", remedy, StringComparison.Ordinal);
        string beginning = remedy.Split("{ \"")[1].Split('"')[0];
        SetMedia(Here, new JsonObject { [beginning] = beginning == "/data/upload/" ? "frames" : "videos" });
        Here.Run("new", "--media", "-q").Exits(0);
    }

    [Theory]
    [InlineData("/srv/videos", "harvest.local.json")]
    [InlineData("~/videos", "harvest.local.json")]
    [InlineData("s3://bucket/x", "harvest.local.json")]
    [InlineData("../videos", "harvest.local.json")]
    [InlineData("raw/../../videos", "goes up")]
    [InlineData(".git/x", "git")]
    public void A_root_of_harvest_json_is_a_folder_of_the_repository(string folder, string says)
    {
        SetMedia(Here, new JsonObject { ["/data/"] = folder });

        Assert.Contains(says, Here.Run("new", "--media").Exits(3).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_names_what_changed_and_what_is_gone()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("check", "--media").Exits(0);
        SharedRemote.Flip(Here[FileOf(_links[0])], at: 0);
        File.Delete(Here[FileOf(_links[^1])]);

        JsonElement[] findings = Findings(Here.Run("check", "--media", "v2", "--json").Exits(1));

        Assert.Equal([("MediaChanged", "Error", "Data", _links[0]), ("MediaMissing", "Error", "Store", _links[^1])], findings.Select(Short));
        Here.Run("check", "v2").Exits(0);
        Assert.Equal(["MediaChanged", "MediaMissing"], Findings(Here.Run("check", "--quick", "--media", "v2", "--json").Exits(1)).Select(static finding => finding.GetProperty("kind").GetString()));
    }

    [Fact]
    public void Media_that_only_the_remote_has_are_no_drift_of_a_clone()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("push", "--media", "-q").Exits(0);
        using ScratchFolder clone = _remote.Clone();

        Assert.Equal([("MediaMissing", "Note")], Findings(clone.Run("check", "--quick", "--media", "v2", "--json").Exits(0)).Select(static finding => (finding.GetProperty("kind").GetString(), finding.GetProperty("severity").GetString())));

        Here.Run("remote", "--verify", "--media", "-q").Exits(0);
        string gone = _remote.Objects()[ScratchFolder.Sha256(Here[FileOf(_links[0])])];
        ScratchFolder.Unlock(gone);
        File.Delete(gone);
        Assert.Equal(2, Findings(clone.Run("check", "--quick", "--media", "v2", "--json").Exits(1)).Length);
        Here.Run("remote", "--verify", "--media", "-q").Exits(1);
        Here.Run("remote", "--verify", "-q").Exits(0);
        Here.Run("push", "--media", "-q").Exits(0);
        Here.Run("remote", "--verify", "--deep", "--media", "-q").Exits(0);
    }

    [Fact]
    public void A_pull_brings_what_an_episode_needs_and_then_the_rest()
    {
        Here.Write(FileOf(_links[1]), File.ReadAllText(Here[FileOf(_links[0])]));
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("push", "v2", "--media", "-q").Exits(0);
        using ScratchFolder clone = _remote.Clone();

        clone.Run("pull", "v2", "--media", "--episode", "pour/ep0", "-q").Exits(0);

        string[] ofEpisode = [.. List(Here, "v2").Where(entry => Episodes([entry], entry.GetProperty("media").GetString()!).Contains("pour/ep0")).Select(static entry => FileOf(entry.GetProperty("media").GetString()!)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(ofEpisode);
        Assert.Equal(ofEpisode, MediaFiles(clone));
        clone.Run("pull", "v2", "--media", "-q").Exits(0);
        Assert.Equal(_links.Select(FileOf).Order(StringComparer.Ordinal), MediaFiles(clone));
        Assert.All(_links, link => Assert.Equal(ScratchFolder.Sha256(Here[FileOf(link)]), ScratchFolder.Sha256(clone[FileOf(link)])));
        Assert.All(_links, link => Assert.True(new FileInfo(clone[FileOf(link)]).IsReadOnly));
        clone.Run("check", "--media", "v2").Exits(0);
        Assert.DoesNotContain("Moved", Outcomes(clone.Run("pull", "v2", "--media", "--json").Exits(0)));
    }

    [Fact]
    public void Nothing_at_a_mediums_place_is_overwritten()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("push", "--media", "-q").Exits(0);
        using ScratchFolder clone = _remote.Clone();
        clone.Write(FileOf(_links[0]), "mine");

        HarvestResult pulled = clone.Run("pull", "v2", "--media", "--json").Exits(3);

        Assert.Equal(["MediumInTheWay"], pulled.ErrorIds());
        Assert.Equal("mine", File.ReadAllText(clone[FileOf(_links[0])]));
        Assert.Equal(_links.Length, MediaFiles(clone).Length);
        File.Move(clone[FileOf(_links[0])], clone["mine.jpg"]);
        clone.Run("pull", "v2", "--media", "-q").Exits(0);
        clone.Run("check", "--quick", "--media", "v2").Exits(0);
    }

    [Fact]
    public void What_is_no_longer_as_listed_is_not_pushed_and_the_rest_is()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        SharedRemote.Flip(Here[FileOf(_links[0])], at: 0);
        File.AppendAllText(Here[FileOf(_links[1])], "more");
        File.Delete(Here[FileOf(_links[2])]);

        HarvestResult pushed = Here.Run("push", "v2", "--media", "--json").Exits(3);

        Assert.Equal(["MediumNotHere", "MediumNotHere", "MediumNotHere"], pushed.ErrorIds());
        Assert.Equal(3, Outcomes(pushed).Count(static outcome => outcome == "Failed"));
        Assert.All(_links.Skip(3), link => Assert.Contains(ScratchFolder.Sha256(Here[FileOf(link)]), _remote.Objects().Keys));
        Assert.DoesNotContain(ScratchFolder.Sha256(Here[FileOf(_links[0])]), _remote.Objects().Keys);
    }

    [Fact]
    public void A_flipped_byte_in_the_remote_never_becomes_a_medium()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("push", "--media", "-q").Exits(0);
        SharedRemote.Flip(_remote.Objects()[ScratchFolder.Sha256(Here[FileOf(_links[0])])], at: 3);
        using ScratchFolder clone = _remote.Clone();

        Assert.Equal(["RemoteObjectDamaged"], clone.Run("pull", "v2", "--media", "--json").Exits(3).ErrorIds());

        Assert.False(File.Exists(clone[FileOf(_links[0])]));
        Assert.DoesNotContain(MediaFiles(clone), static file => Path.GetFileName(file).StartsWith(".tmp-", StringComparison.Ordinal));
        Here.Run("push", "--media", "-q").Exits(0);
        clone.Run("pull", "v2", "--media", "-q").Exits(0);
        clone.Run("check", "--media", "v2").Exits(0);
    }

    [Fact]
    public void What_asks_for_media_of_a_slice_without_is_answered()
    {
        Assert.Equal(["MediaNotListed"], Here.Run("push", "v1", "--media", "--json").Exits(2).ErrorIds());
        Assert.Equal("Note", Findings(Here.Run("check", "--media", "--json").Exits(0))[0].GetProperty("severity").GetString());
        Here.Run("push", "--media", "-q").Exits(0);
        Here.Run("new", "--media", "--no-build", "-q").Exits(2);
        Here.Run("pull", "--episode", "pour/ep0", "-q").Exits(2);
        Here.Run("new", "--media", "-q").Exits(0);
        Assert.Equal(["EpisodeWithoutMedia"], Here.Run("pull", "v2", "--media", "--episode", "nope", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void A_list_that_is_lost_is_named_by_the_check_and_comes_back_from_the_remote()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("push", "--media", "-q").Exits(0);
        string path = SharedRemote.ObjectsOf(Here[".harvest/archive"])[ListHash(Here, "v2")];
        ScratchFolder.Unlock(path);
        File.Delete(path);

        Assert.Equal(["MediaMissing"], Findings(Here.Run("check", "--media", "--offline", "v2", "--json").Exits(1)).Select(static finding => finding.GetProperty("kind").GetString()));
        Here.Run("check", "--media", "v2").Exits(0);
        Assert.True(File.Exists(path));
        Here.Run("fsck").Exits(0);
    }

    [Fact]
    public void A_second_place_beside_a_file_that_may_be_edited_is_a_copy()
    {
        Here.Write(FileOf(_links[1]), File.ReadAllText(Here[FileOf(_links[0])]));
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("push", "v2", "--media", "-q").Exits(0);
        using ScratchFolder clone = _remote.Clone();
        clone.Write(FileOf(_links[0]), File.ReadAllText(Here[FileOf(_links[0])]));

        clone.Run("pull", "v2", "--media", "-q").Exits(0);

        string before = File.ReadAllText(clone[FileOf(_links[1])]);
        using (FileStream edited = File.OpenWrite(clone[FileOf(_links[0])]))
        {
            edited.WriteByte((byte)'X');
        }

        Assert.Equal(before, File.ReadAllText(clone[FileOf(_links[1])]));
    }

    [Fact]
    public void A_list_that_is_damaged_in_the_remote_is_reported_and_ends_no_report()
    {
        Here.Run("new", "--media", "-q").Exits(0);
        Here.Run("push", "--media", "-q").Exits(0);
        string list = ListHash(Here, "v2");
        SharedRemote.Flip(_remote.Objects()[list]);
        using ScratchFolder clone = _remote.Clone();

        JsonElement report = clone.Run("remote", "--verify", "--deep", "--media", "--json").Exits(1).Document();

        Assert.Equal([list], report.GetProperty("objects").EnumerateArray().Where(static one => one.GetProperty("state").GetString() == "Damaged").Select(static one => one.GetProperty("sha256").GetString()));
    }

    private static void SetMedia(ScratchFolder repository, JsonObject? roots = null)
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(repository["harvest.json"]))!;
        settings["media"] = roots ?? new JsonObject { ["/data/upload/"] = "frames", ["/data/"] = "videos" };
        File.WriteAllText(repository["harvest.json"], settings.ToJsonString());
    }

    /// <summary>The links of the exports' tasks, as the files have them.</summary>
    private static IEnumerable<string> Links(ScratchFolder repository) => Directory.EnumerateFiles(repository.Path, "*.json", SearchOption.AllDirectories)
        .Where(file => !file.Contains(".harvest", StringComparison.Ordinal) && !file.Contains("slices", StringComparison.Ordinal) && Path.GetFileName(file) != "harvest.json")
        .SelectMany(static file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.EnumerateArray())
        .Where(static task => !task.GetProperty("annotations")[0].GetProperty("was_cancelled").GetBoolean())
        .Select(static task => task.GetProperty("data").TryGetProperty("image", out JsonElement image) ? image.GetString()! : task.GetProperty("data").GetProperty("video").GetString()!)
        .Distinct().Order(StringComparer.Ordinal);

    private static string FileOf(string link) =>
        link.StartsWith("/data/upload/", StringComparison.Ordinal) ? $"frames/{link["/data/upload/".Length..]}" : $"videos/{link["/data/".Length..]}";

    private static string[] MediaFiles(ScratchFolder repository) =>
    [
        .. new[] { "frames", "videos" }.Where(folder => Directory.Exists(repository[folder]))
            .SelectMany(folder => Directory.EnumerateFiles(repository[folder], "*", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(repository.Path, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    private static string ListHash(ScratchFolder repository, string version) =>
        JsonNode.Parse(File.ReadAllText(repository[$"slices/{version}/slice.json"]))!["media"]!["sha256"]!.GetValue<string>();

    private static JsonElement[] List(ScratchFolder repository, string version) =>
    [
        .. File.ReadLines(SharedRemote.ObjectsOf(repository[".harvest/archive"])[ListHash(repository, version)])
            .Skip(1).Select(static line => JsonDocument.Parse(line).RootElement),
    ];

    private static string?[] Episodes(JsonElement[] list, string link) =>
        [.. list.Single(entry => entry.GetProperty("media").GetString() == link).GetProperty("episodes").EnumerateArray().Select(static episode => episode.GetString())];

    private static JsonElement[] Findings(HarvestResult result) =>
        [.. result.Document().GetProperty("slices").EnumerateArray().SelectMany(static slice => slice.GetProperty("findings").EnumerateArray())];

    private static (string?, string?, string?, string?) Short(JsonElement finding) =>
        (finding.GetProperty("kind").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("cause").GetString(), finding.GetProperty("subject").GetString());

    private static IEnumerable<string> Outcomes(HarvestResult result) =>
        result.Document().GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("outcome").GetString()!);

    private string Digest(string version) => Here.Run("show", version, "--json").Exits(0).Document().GetProperty("dataset_sha256").GetString()!;
}
