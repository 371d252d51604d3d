using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Archive;

/// <summary>Records as a build wrote them that gave them no digest.</summary>
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
}
