using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Cache;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.Rules;
using HarvestTools.Samples;
using HarvestTools.Tests.Files;

namespace HarvestTools.Tests.Cache;

/// <summary>The episodes of tasks are found by their data alone: what labels of them gave before they were deleted.</summary>
public sealed class NamedTasksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(nameof(SampleKind.Hands))]
    [InlineData(nameof(SampleKind.Actions))]
    [InlineData(nameof(SampleKind.Body))]
    public void Every_episode_that_labels_gave_is_named_by_its_tasks_without_them(string kind)
    {
        using var export = new MemoryStream();
        ExportGenerator.Write(export, ExportPlan.ForTasks(Enum.Parse<SampleKind>(kind), 60));
        RequireNamed(Encoding.UTF8.GetString(export.ToArray()), FieldMapping.Default, config: null, least: 2);
    }

    [Theory]
    [InlineData("""{"front": "/a/e1/f_1.jpg", "side": "/a/e2/f_1.jpg"}""", "front:", "side:")]
    [InlineData("""{"images": ["/a/e1/f_1.jpg", "/a/e2/f_1.jpg", "/b/e1/f_1.jpg"]}""", "images:0", "images:2")]
    [InlineData("""{"pages": ["/a/e1/f_1.jpg", "/a/e2/f_1.jpg"]}""", "page_0:", "page_1:")]
    [InlineData("""{"image": "/a/e1/f_1.jpg", "episode": "mine", "task_subdir": "other"}""", "image:", "image:")]
    [InlineData("""{"images": ["/a/e1/f_1.jpg", "/a/e2/f_1.jpg"], "episode": ["first", "second"]}""", "images:0", "images:1")]
    [InlineData("""{"text": "a word"}""", "text:", "text:")]
    public void Media_of_several_episodes_are_all_named(string data, string one, string other) =>
        RequireNamed(Labelled(data, one, other), FieldMapping.Default, config: null, least: 1);

    [Fact]
    public void What_is_deeper_in_the_data_is_named_by_its_tag()
    {
        const string Data = """{"cams": {"left": {"file": "/a/e1/f_1.jpg"}, "right": {"file": "/a/e2/f_1.jpg"}}}""";
        FieldMapping mapped = FieldMapping.Default with { Objects = new Dictionary<string, string> { ["l"] = "data.cams.left.file", ["r"] = "data.cams.right.file" } };
        RequireNamed(Labelled(Data, "l:", "r:"), mapped, config: null, least: 2);

        LabelConfig config = LabelConfig.Parse("""<View><Image name="l" value="$cams.left.file"/><Image name="r" value="$cams.right.file"/></View>"""u8.ToArray(), "config.xml");
        RequireNamed(Labelled(Data, "l:", "r:"), FieldMapping.Default, config, least: 2);
    }

    [Fact]
    public void An_episode_of_no_task_is_not_found()
    {
        HashSet<(string, string)> found = Find(Labelled("""{"image": "/a/e1/f_1.jpg"}""", "image:", "image:"), new HashSet<(string, string)> { ("a", "e1"), ("a", "e2") }, FieldMapping.Default, null);
        Assert.Equal([("a", "e1")], found);
    }

    private void RequireNamed(string export, FieldMapping fields, LabelConfig? config, int least)
    {
        using var labelled = new MemoryStream(Encoding.UTF8.GetBytes(export));
        HashSet<(string, string)> episodes = [.. PartDerivation.Run(Request(fields, config), labelled, static _ => new MemoryStream(), null, CancellationToken.None)
            .Tally.People.Where(static entry => entry.Labels.All > 0).Select(static entry => (entry.TaskSubdir, entry.Episode))];
        Assert.True(episodes.Count >= least, string.Join(' ', episodes));

        JsonArray tasks = JsonNode.Parse(export)!.AsArray();
        foreach (JsonNode? task in tasks)
        {
            task!["annotations"] = new JsonArray();
        }

        Assert.Equal(episodes.Order(), Find(tasks.ToJsonString(), episodes, fields, config).Order());
    }

    private HashSet<(string, string)> Find(string export, IReadOnlySet<(string, string)> wanted, FieldMapping fields, LabelConfig? config)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(export));
        return NamedTasks.Find(Request(fields, config), stream, wanted, null, CancellationToken.None).Found;
    }

    private PartRequest Request(FieldMapping fields, LabelConfig? config) =>
        new("p", "export.json", HarvestRules.Default, fields, Threads: 2, _folder.Path) { LabelConfig = config };

    private static string Labelled(string data, params string[] regions) =>
        $$"""[{"id": 1, "project": 1, "data": {{data}}, "annotations": [{"id": 1, "completed_by": 1, "was_cancelled": false, "result": [{{string.Join(',', regions.Select(Region))}}]}]}]""";

    private static string Region(string medium, int id)
    {
        string[] tagAndIndex = medium.Split(':');
        var region = new JsonObject
        {
            ["id"] = $"r{id}",
            ["type"] = "rectanglelabels",
            ["from_name"] = "label",
            ["to_name"] = tagAndIndex[0],
            ["value"] = new JsonObject { ["x"] = 10 + id, ["y"] = 10, ["width"] = 5, ["height"] = 5, ["rotation"] = 0, ["rectanglelabels"] = new JsonArray("cup") },
        };
        if (tagAndIndex[1].Length > 0)
        {
            region["item_index"] = int.Parse(tagAndIndex[1], CultureInfo.InvariantCulture);
        }

        return region.ToJsonString();
    }
}
