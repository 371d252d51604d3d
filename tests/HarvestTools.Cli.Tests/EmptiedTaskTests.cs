using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Labels that were deleted are a correction while their task is in the export, and say nothing where it is not.</summary>
public sealed class EmptiedTaskTests
{
    private const int Changed = 4;

    [Theory]
    [InlineData("annotations deleted", Changed)]
    [InlineData("annotations deleted and drafts left", Changed)]
    [InlineData("only cancelled annotations left", Changed)]
    [InlineData("accepted labels deleted", Changed)]
    [InlineData("tasks deleted", 0)]
    [InlineData("a frame that is no number in a task without labels", 0)]
    [InlineData("labelled in a folder of another name, and the old tasks emptied", 0)]
    [InlineData("emptied in another project, deleted in its own", 0)]
    public void An_episode_is_corrected_whose_tasks_are_there_without_a_label(string change, int corrected)
    {
        JsonArray tasks = CorrectedExport.Make([3, 3, 3]);
        if (change == "accepted labels deleted")
        {
            Each(tasks, static task => task["annotations"]![0]!["result"] = CorrectedExport.Accepted(task["annotations"]![0]!.AsObject()));
        }

        using ScratchFolder scratch = Trained(tasks, "a second project" + (change.StartsWith("emptied", StringComparison.Ordinal) ? " with the same episodes, unlabelled" : string.Empty));
        JsonArray later = tasks.DeepClone().AsArray();
        Change(later, change);
        Add(scratch, "p", later, "later.json");

        JsonElement state = State(scratch);
        Assert.Equal((corrected, 0, 60 + 1), (state.GetProperty("corrected_episodes").GetInt32(), state.GetProperty("new_episodes").GetInt32(), state.GetProperty("corpus").GetInt32()));
        Assert.Equal(0, state.GetProperty("candidate_warnings").GetArrayLength());
    }

    /// <summary>
    /// Exports that differ in tasks without annotations alone have one label hash and share their rows in the cache: what one of them
    /// has deleted is not asked of the other.
    /// </summary>
    [Fact]
    public void Exports_that_share_their_rows_have_emptied_tasks_of_their_own()
    {
        JsonArray tasks = CorrectedExport.Make([3, 3, 3]);
        using ScratchFolder scratch = Trained(tasks, "a second project");
        JsonArray without = tasks.DeepClone().AsArray();
        Change(without, "tasks deleted");
        Add(scratch, "p", without, "without.json");
        Assert.Equal(0, Corrected(scratch));

        JsonArray emptied = tasks.DeepClone().AsArray();
        Change(emptied, "annotations deleted");
        Add(scratch, "p", emptied, "emptied.json");
        Assert.Equal(Changed, Corrected(scratch));

        without[0]!["updated_at"] = "2026-03-02T00:00:00Z";
        Add(scratch, "p", without, "again.json");
        Assert.Equal(0, Corrected(scratch));
    }

    /// <summary>With the next training the deletion is learnt, and no correction any more.</summary>
    [Fact]
    public void What_was_trained_without_is_corrected_no_more()
    {
        JsonArray tasks = CorrectedExport.Make([3, 3, 3]);
        using ScratchFolder scratch = Trained(tasks, "a second project");
        Change(tasks, "annotations deleted");
        Add(scratch, "p", tasks, "emptied.json");
        scratch.Run("new", "v2", "--trained-at", "2026-01-30", "-q").Exits(0);
        Assert.Equal(0, Corrected(scratch));
    }

    [Fact]
    public void Where_the_export_is_not_here_the_decision_says_what_it_cannot_know()
    {
        JsonArray tasks = CorrectedExport.Make([3, 3, 3]);
        using ScratchFolder scratch = Trained(tasks, "a second project");
        Change(tasks, "annotations deleted");
        Add(scratch, "p", tasks, "emptied.json");
        Assert.Equal(Changed, Corrected(scratch));
        foreach (string file in (string[])["emptied.json", .. Directory.EnumerateFiles(scratch[".harvest/archive/sha256"], "*", SearchOption.AllDirectories)])
        {
            // Its rows are in the cache still.
            File.SetAttributes(Path.Combine(scratch.Path, file), FileAttributes.Normal);
            File.Delete(Path.Combine(scratch.Path, file));
        }

        JsonElement state = State(scratch);
        Assert.Equal(0, state.GetProperty("corrected_episodes").GetInt32());
        Assert.Contains("Whether the labels of 4 episodes of project p were deleted is not known", state.GetProperty("candidate_warnings")[0].GetString(), StringComparison.Ordinal);
    }

    private static void Change(JsonArray tasks, string change)
    {
        switch (change)
        {
            case "annotations deleted":
            case "accepted labels deleted":
                Each(tasks, static task => task["annotations"] = new JsonArray());
                break;
            case "annotations deleted and drafts left":
                Each(tasks, static task =>
                {
                    task["drafts"] = new JsonArray(new JsonObject { ["id"] = 1, ["result"] = task["annotations"]![0]!["result"]!.DeepClone() });
                    task["annotations"] = new JsonArray();
                });
                break;
            case "only cancelled annotations left":
                Each(tasks, static task => task["annotations"]![0]!["was_cancelled"] = true);
                break;
            case "a frame that is no number in a task without labels":
                Change(tasks, "tasks deleted");
                tasks.Add((JsonNode)new JsonObject
                {
                    ["id"] = 99, ["project"] = 1, ["annotations"] = new JsonArray(),
                    ["data"] = new JsonObject { ["image"] = "/data/t0/never_labelled/frame_1.jpg", ["frame"] = "first" },
                });
                break;
            case "labelled in a folder of another name, and the old tasks emptied":
                foreach (JsonNode? moved in tasks.Take(Changed).Select(static task => task!.DeepClone()).ToArray())
                {
                    moved!["id"] = (int)moved["id"]! + 5_000_000;
                    moved["annotations"]![0]!["id"] = (int)moved["id"]! * 10;
                    moved["data"]!["image"] = ((string)moved["data"]!["image"]!).Replace("/data/", "/data/moved_", StringComparison.Ordinal);
                    tasks.Add(moved);
                }

                Change(tasks, "annotations deleted");
                break;
            default:
                foreach (JsonNode? task in tasks.Take(Changed).ToArray())
                {
                    tasks.Remove(task);
                }

                break;
        }

        foreach (JsonNode? task in tasks)
        {
            task!["updated_at"] = "2026-03-01T00:00:00Z";
        }
    }

    private static void Each(JsonArray tasks, Action<JsonObject> change)
    {
        foreach (JsonNode? task in tasks.Take(Changed))
        {
            change(task!.AsObject());
        }
    }

    private static ScratchFolder Trained(JsonArray tasks, string second)
    {
        var scratch = new ScratchFolder();
        scratch.Run("init", "-q").Exits(0);
        Add(scratch, "p", tasks);
        JsonArray other = CorrectedExport.Make([3], project: 8, episodes: 1);
        if (second.EndsWith("unlabelled", StringComparison.Ordinal))
        {
            foreach (JsonNode? task in tasks.Take(Changed))
            {
                JsonObject same = task!.DeepClone().AsObject();
                same["id"] = (int)same["id"]! + 3_000_000;
                same["project"] = 8;
                same["annotations"] = new JsonArray();
                other.Add((JsonNode)same);
            }
        }

        Add(scratch, "q", other);
        scratch.Run("new", "v1", "--trained-at", "2026-01-29", "-q").Exits(0);
        return scratch;
    }

    private static void Add(ScratchFolder scratch, string project, JsonArray export, string? name = null)
    {
        scratch.Write(name ?? $"{project}.json", export.ToJsonString());
        scratch.Run("add", name ?? $"{project}.json", "--project", project, "-q").Exits(0);
    }

    private static JsonElement State(ScratchFolder scratch) => scratch.Run("decide", "--json").Exits(0).Document().GetProperty("state");

    private static int Corrected(ScratchFolder scratch) => State(scratch).GetProperty("corrected_episodes").GetInt32();
}
