using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Tests.Shared;

namespace HarvestTools.Tests.Rows;

/// <summary>
/// The shared files that hold results, each as an export. Exports are taken byte for byte; a lone task, a prediction, a
/// webhook's payload and a pre-1.0 file are put into one, since their regions are as real.
/// </summary>
internal static class SharedResults
{
    public static IEnumerable<(string Name, byte[] Export)> Read()
    {
        string root = Path.GetDirectoryName(SharedExports.Require("real"))!;
        foreach (string folder in (string[])["derived", "official", "real"])
        {
            IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(root, folder), "*.json", SearchOption.AllDirectories);
            foreach (string path in files.Order(StringComparer.Ordinal))
            {
                if (AsExport(File.ReadAllBytes(path)) is { } export)
                {
                    yield return (Path.GetRelativePath(root, path).Replace('\\', '/'), export);
                }
            }
        }
    }

    private static byte[]? AsExport(byte[] bytes)
    {
        JsonNode json = JsonNode.Parse(bytes)!;
        if (json is JsonArray list && list.All(static task => task is JsonObject json && json.ContainsKey("id") && json.ContainsKey("annotations")))
        {
            return bytes;
        }

        var tasks = new JsonArray();
        foreach (JsonNode? found in json is JsonArray many ? many : [json.DeepClone()])
        {
            if (AsTask(found!.AsObject()) is not { } task)
            {
                return null;
            }

            task["id"] = tasks.Count + 1;
            tasks.Add(task);
        }

        return Encoding.UTF8.GetBytes(tasks.ToJsonString());
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
