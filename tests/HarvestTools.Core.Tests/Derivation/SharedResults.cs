using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Derivation;

/// <summary>
/// The shared files that hold results. Exports are taken byte for byte; lone tasks, predictions, a webhook's payload and
/// pre-1.0 files are put together into one export, since their regions are as real.
/// </summary>
internal static class SharedResults
{
    public static IEnumerable<(string Name, byte[] Export)> Read()
    {
        string root = Path.GetDirectoryName(SharedExports.Require("real"))!;
        var others = new JsonArray();
        foreach (string folder in (string[])["derived", "official", "real"])
        {
            IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(root, folder), "*.json", SearchOption.AllDirectories);
            foreach (string path in files.Order(StringComparer.Ordinal))
            {
                string name = Path.GetRelativePath(root, path).Replace('\\', '/');
                byte[] bytes = File.ReadAllBytes(path);
                JsonNode json = JsonNode.Parse(bytes)!;
                if (json is JsonArray list && list.All(static task => task is JsonObject known && known.ContainsKey("id") && known.ContainsKey("annotations")))
                {
                    yield return (name, bytes);
                    continue;
                }

                foreach (JsonObject task in (json is JsonArray many ? many : [json.DeepClone()]).Select(static n => AsTask(n!.AsObject())).OfType<JsonObject>())
                {
                    task["id"] = others.Count + 1;
                    task["source"] = name;
                    others.Add(task);
                }
            }
        }

        yield return ("results that are no exports", Encoding.UTF8.GetBytes(others.ToJsonString()));
    }

    private static JsonObject? AsTask(JsonObject found)
    {
        var task = (JsonObject)found.DeepClone();
        if (found["result"] is JsonArray result)
        {
            task = new JsonObject { ["annotations"] = new JsonArray(new JsonObject { ["result"] = result.DeepClone() }) };
        }
        else if (found["annotation"] is JsonObject submitted)
        {
            task = (JsonObject)found["task"]!.DeepClone();
            task["annotations"] = new JsonArray(submitted.DeepClone());
        }
        else if (found["completions"] is JsonArray completions)
        {
            task["annotations"] = completions.DeepClone();
            task.Remove("completions");
        }

        if (task["annotations"] is not JsonArray annotations || annotations.Any(static annotation => annotation!["result"] is not JsonArray))
        {
            return null;
        }

        // The editor's own examples number annotations in texts, which no export does.
        foreach (JsonNode? annotation in annotations)
        {
            if (annotation!["id"] is JsonValue id && id.GetValueKind() == JsonValueKind.String)
            {
                annotation["id"] = long.Parse(id.GetValue<string>(), CultureInfo.InvariantCulture);
            }
        }

        return task;
    }
}
