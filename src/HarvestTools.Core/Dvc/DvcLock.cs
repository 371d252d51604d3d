using System.Text.Json.Nodes;

namespace HarvestTools.Dvc;

/// <summary>A stage as it ran last.</summary>
/// <param name="Commands">What ran.</param>
/// <param name="Dependencies">What it read; those without an MD5 are left out.</param>
/// <param name="Parameters">By file the parameters that it read.</param>
/// <param name="Outputs">What it wrote.</param>
internal sealed record DvcLockedStage(
    IReadOnlyList<string> Commands, IReadOnlyList<DvcEntry> Dependencies, IReadOnlyDictionary<string, JsonObject> Parameters, IReadOnlyList<DvcEntry> Outputs);

/// <summary>Reads dvc.lock, of schema 1.0 and 2.0, and the .dvc files beside data.</summary>
internal static class DvcLock
{
    public const string FileName = "dvc.lock";
    private const string FolderMark = ".dir";
    private const int DigestLength = 32;

    /// <summary>The stage in the dvc.lock beside its dvc.yaml; null where it is in none.</summary>
    /// <param name="root">Full path of the repository.</param>
    /// <param name="pipeline">The dvc.yaml, relative to it.</param>
    /// <param name="stage">The stage.</param>
    /// <exception cref="HarvestException">DvcFileInvalid, YamlMalformed; the file cannot be read.</exception>
    public static DvcLockedStage? TryRead(string root, string pipeline, DvcStage stage)
    {
        string file = DvcPaths.TryJoin(DvcPaths.FolderOf(pipeline), FileName)!;
        if (!File.Exists(DvcPaths.Full(root, file)))
        {
            return null;
        }

        JsonObject all = DvcPipeline.ReadYaml(root, file);
        string? schema = DvcTemplate.TextOf(all["schema"]);
        if (schema is not (null or "1.0" or "2.0"))
        {
            throw DvcErrors.DvcFileInvalid(file, "schema", $"'{schema}' is not read here, but 1.0 and 2.0 are");
        }

        // Schema 1.0 has the stages themselves at the top.
        JsonObject? stages = schema is null && all["stages"] is not JsonObject ? all : all["stages"] as JsonObject;
        if (stages?[stage.Name] is not JsonObject locked)
        {
            return null;
        }

        string place = $"stages.{stage.Name}";
        var parameters = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? values) in locked["params"] as JsonObject ?? [])
        {
            if (DvcPaths.TryJoin(stage.Folder, name) is { } path && values is JsonObject read)
            {
                parameters[path] = read;
            }
        }

        string[] commands = [.. (locked["cmd"] as JsonArray ?? [locked["cmd"]?.DeepClone()]).Select(static command => (DvcTemplate.TextOf(command) ?? "").Trim())];
        return new DvcLockedStage(commands, Entries(file, $"{place}.deps", stage.Folder, locked["deps"]), parameters, Entries(file, $"{place}.outs", stage.Folder, locked["outs"]));
    }

    /// <summary>What the .dvc file beside data says of it; null where there is none.</summary>
    /// <param name="root">Full path of the repository.</param>
    /// <param name="path">The data, relative to it.</param>
    /// <exception cref="HarvestException">DvcFileInvalid, YamlMalformed; the file cannot be read.</exception>
    public static DvcEntry? TryReadTracked(string root, string path)
    {
        string file = $"{path}.dvc";
        return File.Exists(DvcPaths.Full(root, file))
            ? Entries(file, "outs", DvcPaths.FolderOf(path), DvcPipeline.ReadYaml(root, file)["outs"]).FirstOrDefault(entry => entry.Path == path)
            : null;
    }

    private static List<DvcEntry> Entries(string file, string place, string folder, JsonNode? list)
    {
        var entries = new List<DvcEntry>();
        foreach (JsonNode? item in list as JsonArray ?? [])
        {
            // What is not on this file system has an etag or a checksum in its place.
            if (item is not JsonObject entry || DvcTemplate.TextOf(entry["md5"]) is not { } md5 || DvcTemplate.TextOf(entry["path"]) is not { } name || DvcPaths.TryJoin(folder, name) is not { } path)
            {
                continue;
            }

            bool isFolder = md5.EndsWith(FolderMark, StringComparison.Ordinal);
            string digest = isFolder ? md5[..^FolderMark.Length] : md5;
            if (digest.Length != DigestLength || !digest.All(char.IsAsciiHexDigitLower))
            {
                // It becomes a path in the cache, so that nothing else may be in it.
                throw DvcErrors.DvcFileInvalid(file, $"{place} '{name}'", $"'{md5}' is no MD5");
            }

            entries.Add(new DvcEntry(path, digest, isFolder, OfText: entry["hash"] is null));
        }

        return entries;
    }
}
