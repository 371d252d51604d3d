using System.Text;
using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Derivation;

/// <summary>What a task shows: the links in its data, and how regions name the media.</summary>
/// <param name="Data">Of the task with this number.</param>
/// <param name="Media">Three, of which some may be the same.</param>
internal sealed record RandomLayout(Func<int, JsonObject> Data, (string ToName, int? ItemIndex)[] Media)
{
    /// <summary>
    /// One image; a list under one tag; numbered tags over a list; two videos by their tags' names; two images that nothing
    /// tells apart; an image beside a caption; links that are signed anew at each export; links that are resolved.
    /// </summary>
    public static RandomLayout[] All { get; } =
    [
        new(static task => new JsonObject { ["image"] = Image(task), ["frames_count"] = 40 }, [("image", null), ("image", null), ("image", null)]),
        new(
            static task => new JsonObject
            {
                ["image"] = new JsonArray(Image(task), Image(task, "b"), Image(task, "c")),
                ["frame"] = new JsonArray(5, 6, long.MaxValue - task),
                ["frames_count"] = 40,
            },
            [("image", null), ("image", 1), ("image", 2)]),
        new(
            static task => new JsonObject
            {
                ["pages"] = new JsonArray(
                    new JsonObject { ["page"] = Image(task), ["number"] = 1 },
                    new JsonObject { ["page"] = Image(task, "b"), ["number"] = 2 },
                    new JsonObject { ["page"] = "data:image/png;base64,AA==", ["number"] = 3 }),

                // Beyond 2^53, where doubles lose the last digit.
                ["episode"] = 9_007_199_254_740_992 + task,
                ["frames_count"] = 40,
            },
            [("page_0", null), ("page_1", null), ("page_2", null)]),
        new(
            static task => new JsonObject { ["left"] = $"gs://b/s/e{task % 2}/left.mp4", ["right"] = $"gs://b/s/e{task % 2}/right.MP4" },
            [("left", null), ("right", null), ("left", null)]),
        new(
            static task => new JsonObject { ["front_image"] = Image(task, "f"), ["side_image"] = Image(task, "s"), ["frames_count"] = 40 },
            [("img-a", null), ("img-b", null), ("img-b", 1)]),
        new(
            static task => new JsonObject { ["text"] = "a caption", ["image"] = $"/data/upload/4/cfaad94d-{task:000}.png", ["episode"] = task * 1.5 },
            [("img", null), ("text", null), ("img", null)]),
        new(
            static task => new JsonObject
            {
                ["left"] = $"https://b.s3.amazonaws.com/s/e{task % 2}/{task:000}l.jpg?X-Amz-Algorithm=AWS4&versionId=7&X-Amz-Signature={task}ab",
                ["right"] = $"https://a.blob.core.windows.net/s/e1/{task:000}r.jpg?sv=2&id=5&se=3&sp=r&sig={task}",
                ["top"] = $"https://d1.cloudfront.net/s/e1/{task:000}t.jpg?Expires={task}&Signature={task}x&Key-Pair-Id=K",
                ["frames_count"] = 40,
            },
            [("left", null), ("right", null), ("top", null)]),
        new(
            static task => new JsonObject
            {
                ["images"] = new JsonArray(Resolved($"s3://b/s/e{task % 2}/{task:000}.jpg"), $"/data/local-files/?d=s%2Fe1%2F{task}.jpg", null),
                ["task_subdir"] = "mapped",
            },
            [("view1", 0), ("view1", 1), ("view1", 2)]),
    ];

    private static string Image(int task, string suffix = "") => $"s/e{task % 2}/{suffix}{task:000}.jpg";

    private static string Resolved(string link) => $"/tasks/5/resolve/?fileuri={Convert.ToBase64String(Encoding.UTF8.GetBytes(link)).TrimEnd('=')}";
}
