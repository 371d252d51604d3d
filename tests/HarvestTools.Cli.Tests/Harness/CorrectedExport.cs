using System.Globalization;
using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Harness;

/// <summary>
/// Exports in which people corrected what model versions predicted, with known counts: one box is moved for each correction, and
/// the others are accepted.
/// </summary>
internal static class CorrectedExport
{
    private const int Predicted = 10;
    private static readonly DateTime s_first = new(2026, 1, 5, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>One cycle a week, each of one model version.</summary>
    /// <param name="corrections">For each cycle how many of ten boxes people move in every episode, one more and one less in turn.</param>
    /// <param name="version">The name of a cycle's model version.</param>
    /// <param name="project">Label Studio's project.</param>
    /// <param name="annotator">Who labels an episode of a cycle.</param>
    /// <param name="episodes">Episodes a cycle.</param>
    public static JsonArray Make(
        IReadOnlyList<int> corrections, Func<int, string>? version = null, int project = 1, Func<int, int, int>? annotator = null, int episodes = 20)
    {
        var tasks = new JsonArray();
        for (int cycle = 0; cycle < corrections.Count; cycle++)
        {
            for (int episode = 0; episode < episodes; episode++)
            {
                int id = (project * 100_000) + (cycle * 1000) + episode + 1;
                string at = s_first.AddDays(7 * cycle).AddMinutes(episode).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
                int moved = corrections[cycle] + ((episode % 3) - 1);
                tasks.Add(Task(id, project, $"/data/t{episode % 3}/p{project}_c{cycle}_e{episode}/frame_1.jpg", at, version?.Invoke(cycle) ?? $"v{cycle + 1}", moved, annotator?.Invoke(cycle, episode) ?? 1 + (episode % 2)));
            }
        }

        return tasks;
    }

    /// <summary>Every annotation of the first tasks.</summary>
    public static IEnumerable<JsonObject> Annotations(JsonArray tasks, int most) => tasks.Take(most).Select(static task => task!["annotations"]![0]!.AsObject());

    /// <summary>Adds a second annotation to each of the first tasks.</summary>
    public static void AddSecond(JsonArray tasks, int most, Action<JsonObject> change)
    {
        foreach (JsonNode? task in tasks.Take(most))
        {
            JsonObject second = task!["annotations"]![0]!.DeepClone().AsObject();
            second["id"] = (int)second["id"]! + 1;
            second["completed_by"] = 9;
            change(second);
            task["annotations"]!.AsArray().Add((JsonNode)second);
        }
    }

    /// <summary>The boxes as the model predicted them.</summary>
    public static JsonArray Accepted(JsonObject annotation)
    {
        JsonArray result = annotation["prediction"]!["result"]!.DeepClone().AsArray();
        foreach (JsonNode? box in result)
        {
            box!["origin"] = "prediction";
        }

        return result;
    }

    private static JsonObject Task(int id, int project, string image, string at, string version, int moved, int annotator)
    {
        var predicted = new JsonArray();
        var result = new JsonArray();
        for (int box = 0; box < Predicted; box++)
        {
            predicted.Add((JsonNode)Box(id, box, 2));
            JsonObject kept = Box(id, box, box < moved ? 3 + (0.0001 * (id % 9973)) : 2);
            kept["origin"] = box < moved ? "prediction-changed" : "prediction";
            result.Add((JsonNode)kept);
        }

        return new JsonObject
        {
            ["id"] = id,
            ["project"] = project,
            ["data"] = new JsonObject { ["image"] = image },
            ["created_at"] = at,
            ["updated_at"] = at,
            ["annotations"] = new JsonArray(new JsonObject
            {
                ["id"] = id * 10,
                ["completed_by"] = annotator,
                ["was_cancelled"] = false,
                ["ground_truth"] = false,
                ["created_at"] = at,
                ["updated_at"] = at,
                ["parent_prediction"] = id * 7,
                ["result"] = result,
                ["prediction"] = new JsonObject { ["id"] = id * 7, ["model_version"] = version, ["result"] = predicted },
            }),
        };
    }

    private static JsonObject Box(int id, int box, double y) => new()
    {
        ["id"] = $"p{id}_{box}",
        ["type"] = "rectanglelabels",
        ["from_name"] = "label",
        ["to_name"] = "image",
        ["original_width"] = 100,
        ["original_height"] = 100,
        ["value"] = new JsonObject
        {
            ["x"] = 1 + box,
            ["y"] = y,
            ["width"] = 5,
            ["height"] = 5,
            ["rotation"] = 0,
            ["rectanglelabels"] = new JsonArray("cup"),
        },
    };
}
