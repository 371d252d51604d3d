using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Where media may be: links are text that others wrote, and a pull writes where they lead.</summary>
public sealed class MediaPlaceTests : IDisposable
{
    private const string Beginning = "/data/local-files/?d=";

    private readonly ScratchFolder _here = new();
    private readonly ScratchFolder _share = new();

    public void Dispose()
    {
        _here.Dispose();
        _share.Dispose();
    }

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData("sub/.GIT/config")]
    [InlineData("harvest.json")]
    [InlineData("harvest.local.json")]
    [InlineData("slices/v9/slice.json")]
    [InlineData(".harvest/archive/exports/a.json")]
    public void A_pull_writes_nothing_that_git_or_the_repository_lives_on(string file)
    {
        Publish(Beginning + file, Beginning + "a.jpg");
        using ScratchFolder clone = Clone(".");
        string before = File.ReadAllText(clone["harvest.json"]);

        HarvestResult pulled = clone.Run("pull", "--media", "--json").Exits(3);

        Assert.Equal(["MediumWithoutPlace"], pulled.ErrorIds());
        Assert.True(file == "harvest.json" || !File.Exists(clone[file]));
        Assert.Equal(before, File.ReadAllText(clone["harvest.json"]));
        Assert.True(File.Exists(clone["a.jpg"]));
    }

    [Theory]
    [InlineData(".git/config")]
    [InlineData("harvest.local.json")]
    public void A_push_sends_nothing_that_git_or_the_repository_lives_on(string file)
    {
        Initialize([Beginning + file, Beginning + "a.jpg"], [Beginning], ".");
        _here.Write("a.jpg", "a");
        _here.Write(file, "{}");

        _here.Run("new", "v1", "--media", "-q").Exits(0);

        JsonNode media = JsonNode.Parse(File.ReadAllText(_here["slices/v1/slice.json"]))!["media"]!;
        Assert.Equal((1, 1), (media["files"]!.GetValue<int>(), media["missing"]!.GetValue<int>()));
    }

    [Fact]
    public void A_pull_never_writes_through_a_link_out_of_its_root()
    {
        Publish(Beginning + "sub/a.jpg", Beginning + "b.jpg");
        using ScratchFolder clone = Clone("raw");
        using var outside = new ScratchFolder();
        Directory.CreateDirectory(clone["raw"]);
        Directory.CreateSymbolicLink(clone["raw/sub"], outside.Path);

        HarvestResult pulled = clone.Run("pull", "--media", "--json").Exits(3);

        Assert.Equal(["MediumWithoutPlace"], pulled.ErrorIds());
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside.Path));
        Assert.True(File.Exists(clone["raw/b.jpg"]));
    }

    [Fact]
    public void A_link_within_the_root_is_pushed_as_the_file_that_it_leads_to()
    {
        Initialize([Beginning + "link.jpg"], [Beginning]);
        _here.Write("raw/real/a.jpg", "more bytes than its path has");
        File.CreateSymbolicLink(_here["raw/link.jpg"], Path.Combine("real", "a.jpg"));
        _here.Run("new", "v1", "--media", "-q").Exits(0);

        _here.Run("push", "--media", "-q").Exits(0);

        using ScratchFolder clone = Clone("raw");
        clone.Run("pull", "--media", "-q").Exits(0);
        Assert.Equal("more bytes than its path has", File.ReadAllText(clone["raw/link.jpg"]));
    }

    [Fact]
    public void Two_links_that_lead_to_one_file_bring_it_once()
    {
        Publish(Beginning + "a b.jpg", Beginning + "a%20b.jpg");
        using ScratchFolder clone = Clone("raw");

        clone.Run("pull", "--media", "-q").Exits(0);

        Assert.Equal(File.ReadAllText(_here["raw/a b.jpg"]), File.ReadAllText(clone["raw/a b.jpg"]));
        clone.Run("check", "--media").Exits(0);
    }

    [Fact]
    public void What_a_message_says_about_media_that_are_damaged_or_missing_mends_them()
    {
        Publish(Beginning + "a.jpg");
        string medium = SharedRemote.ObjectsOf(_share.Path)[ScratchFolder.Sha256(_here["raw/a.jpg"])];
        SharedRemote.Flip(medium);
        using ScratchFolder clone = Clone("raw");

        string refused = clone.Run("pull", "--media", "--json").Exits(3).Document().GetProperty("errors")[0].GetProperty("remedy").GetString()!;
        string report = _here.Run("remote", "--verify", "--deep", "--media", "--json").Exits(1).Document().GetProperty("remedy").GetString()!;

        Assert.Equal("harvest push --deep --media", Command(refused));
        Assert.Equal("harvest push --deep --media", Command(report));
        _here.RunCommand(Command(refused)).Exits(0);
        _here.Run("remote", "--verify", "--deep", "--media", "-q").Exits(0);
        ScratchFolder.Unlock(medium);
        File.Delete(medium);
        string missing = clone.Run("pull", "--media", "--json").Exits(3).Document().GetProperty("errors")[0].GetProperty("remedy").GetString()!;
        Assert.Equal("harvest push --media", Command(_here.Run("remote", "--verify", "--media", "--json").Exits(1).Document().GetProperty("remedy").GetString()!));
        _here.RunCommand(Command(missing)).Exits(0);
        clone.Run("pull", "--media", "-q").Exits(0);
    }

    [Fact]
    public void A_quick_check_of_a_clone_asks_the_remote_for_the_list_of_media_too()
    {
        Publish(Beginning + "a.jpg");
        using ScratchFolder clone = Clone("raw");
        clone.Run("check", "--quick", "-q").Exits(0);
        string list = JsonNode.Parse(File.ReadAllText(clone["slices/v1/slice.json"]))!["media"]!["sha256"]!.GetValue<string>();
        string path = SharedRemote.ObjectsOf(_share.Path)[list];
        ScratchFolder.Unlock(path);
        File.Delete(path);

        JsonNode report = JsonNode.Parse(clone.Run("check", "--quick", "--json").Exits(1).Out)!;

        Assert.Equal("MediaMissing", report["slices"]![0]!["findings"]![0]!["kind"]!.GetValue<string>());
    }

    private static string Command(string remedy) => remedy.Split('\'')[1];

    /// <summary>A slice of these media, and all of it in the remote, of a machine that has them all in one folder.</summary>
    private void Publish(params string[] links)
    {
        Initialize(links, [.. links.Select(static link => link[..(link.LastIndexOfAny(['/', '=']) + 1)]).Distinct()]);
        foreach (string link in links)
        {
            string name = Uri.UnescapeDataString(link[(link.LastIndexOfAny(['/', '=']) + 1)..]);
            _here.Write($"raw/{name}", $"bytes of {name}");
        }

        _here.Run("new", "v1", "--media", "-q").Exits(0);
        _here.Run("push", "--media", "-q").Exits(0);
    }

    private void Initialize(string[] links, string[] beginnings, string folder = "raw")
    {
        _here.Run("init", "-q").Exits(0);
        _here.Write("export.json", Export(links).ToJsonString());
        Set(_here, beginnings, folder);
        _here.Run("add", "export.json", "-q").Exits(0);
    }

    /// <summary>Another machine, whose media are below a folder of its own.</summary>
    private ScratchFolder Clone(string root)
    {
        var clone = new ScratchFolder();
        clone.Write("harvest.json", File.ReadAllText(_here["harvest.json"]));
        Set(clone, [Beginning], root);
        foreach (string file in new[] { "slice.json", "definition.json" })
        {
            clone.Write($"slices/v1/{file}", File.ReadAllText(_here[$"slices/v1/{file}"]));
        }

        return clone;
    }

    private void Set(ScratchFolder repository, string[] beginnings, string folder)
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(repository["harvest.json"]))!;
        settings["media"] = new JsonObject(beginnings.Select(beginning => KeyValuePair.Create(beginning, (JsonNode?)folder)));
        settings["remotes"] = new JsonObject { ["origin"] = _share.Path };
        File.WriteAllText(repository["harvest.json"], settings.ToJsonString());
    }

    private static JsonArray Export(string[] links) =>
    [
        .. links.Select(static (link, i) => new JsonObject
        {
            ["id"] = i + 1,
            ["project"] = 9,
            ["data"] = new JsonObject { ["image"] = link, ["task_subdir"] = "pour", ["episode"] = "ep0", ["frame"] = i },
            ["created_at"] = "2026-05-01T10:00:00Z",
            ["updated_at"] = "2026-05-01T10:00:00Z",
            ["drafts"] = new JsonArray(),
            ["predictions"] = new JsonArray(),
            ["annotations"] = new JsonArray(new JsonObject
            {
                ["id"] = (i + 1) * 10,
                ["completed_by"] = 1,
                ["was_cancelled"] = false,
                ["ground_truth"] = false,
                ["created_at"] = "2026-05-01T10:00:00Z",
                ["updated_at"] = "2026-05-01T10:00:00Z",
                ["result"] = new JsonArray(new JsonObject
                {
                    ["id"] = $"r{i}",
                    ["type"] = "keypointlabels",
                    ["from_name"] = "kp",
                    ["to_name"] = "image",
                    ["origin"] = "manual",
                    ["original_width"] = 640,
                    ["original_height"] = 480,
                    ["value"] = new JsonObject { ["x"] = 10, ["y"] = 20, ["width"] = 0.5, ["keypointlabels"] = new JsonArray("wrist") },
                }),
            }),
        }),
    ];
}
