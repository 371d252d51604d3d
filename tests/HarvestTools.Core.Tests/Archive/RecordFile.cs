using System.Text.Json.Nodes;
using HarvestTools.Archive;

namespace HarvestTools.Tests.Archive;

/// <summary>Records as other builds write them.</summary>
internal static class RecordFile
{
    /// <summary>Changes a record and takes its digest away, as if it had never had one.</summary>
    public static void Rewrite(string path, Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json.Remove("record_sha256");
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    /// <summary>Gives a record members that this build does not know, as a later one writes them: with their digest.</summary>
    public static void Extend(string path, Action<JsonObject> change)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, RecordSeal.Seal(json).ToJsonString());
    }
}
