using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;

namespace HarvestTools.Repositories;

/// <summary>
/// What a step of a program wrote into its folder of the cache, by which it is known to be whole: no slice need have recorded it. Its
/// name begins with a dot, which no table's does.
/// </summary>
internal static class StepRecord
{
    private const string Name = ".step.json";

    /// <summary>After the tables, so that a folder which has it was filled to the end.</summary>
    public static void Write(string folder, IReadOnlyList<ProgramTable> tables) => AtomicFile.WriteAllText(
        Path.Combine(folder, Name),
        new JsonArray([.. tables.Select(static table => new JsonObject { ["path"] = table.Path, ["sha256"] = table.Sha256 })]).ToJsonString());

    /// <summary>Path and hash of each table; null where there is no record, or none that can be read.</summary>
    public static IReadOnlyList<(string Path, string Sha256)>? TryRead(string folder)
    {
        string path = Path.Combine(folder, Name);
        try
        {
            return FileKinds.Of(path) != FileKind.Regular ? null
                : [.. JsonNode.Parse(AtomicFile.ReadAllBytes(path))!.AsArray().Select(static table => (RepositoryPath.Normalize(table!["path"]!.GetValue<string>()), table["sha256"]!.GetValue<string>()))];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NullReferenceException or HarvestException)
        {
            // Damaged, it is as good as none: the step is run again.
            return null;
        }
    }
}
