using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace HarvestTools.Benchmarks.WholeProcess;

/// <summary>A repository whose one slice names objects of random bytes: a transfer looks into none of them.</summary>
/// <param name="harvest">Path of the program.</param>
/// <param name="folder">Full path.</param>
internal sealed class TransferRepository(string harvest, string folder)
{
    /// <summary>Full path of the folder.</summary>
    public string Folder => folder;

    /// <summary>Full path of the archived objects.</summary>
    public string Objects => Path.Combine(folder, ".harvest", "archive", "sha256");

    /// <summary>Runs the program there to its end.</summary>
    public ProcessRun Harvest(params string[] arguments) => ProcessRun.Of(folder, harvest, arguments);

    /// <summary>Makes it, in the place of what is there.</summary>
    public static TransferRepository Make(string harvest, string folder, int count, int bytes)
    {
        var made = new TransferRepository(harvest, folder);
        Clear(folder);
        made.Harvest("init", "-q");
        var exports = new JsonArray();
        int i = 0;
        foreach (byte[] content in Contents(count, bytes))
        {
            string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            string at = Path.Combine(made.Objects, sha256[..2]);
            Directory.CreateDirectory(at);
            File.WriteAllBytes(Path.Combine(at, sha256), content);
            exports.Add((JsonNode)new JsonObject { ["project"] = "p", ["sha256"] = sha256, ["path"] = string.Create(CultureInfo.InvariantCulture, $"exports/{i++}.json") });
        }

        var slice = new JsonObject { ["slice_version"] = "v1", ["exports"] = exports, ["harvest_version"] = "harvest@v1.0.0" };
        Directory.CreateDirectory(Path.Combine(folder, "slices", "v1"));
        File.WriteAllText(Path.Combine(folder, "slices", "v1", "slice.json"), slice.ToJsonString());
        return made;
    }

    /// <summary>Random bytes, the same at each call.</summary>
    public static IEnumerable<byte[]> Contents(int count, int bytes)
    {
        var random = new Random(count);
        for (int i = 0; i < count; i++)
        {
            var content = new byte[bytes];
            random.NextBytes(content);
            yield return content;
        }
    }

    /// <summary>What git would bring to another machine, in the place of what is there.</summary>
    public TransferRepository CloneTo(string to)
    {
        Clear(to);
        File.Copy(Path.Combine(folder, "harvest.json"), Path.Combine(to, "harvest.json"));
        Directory.CreateDirectory(Path.Combine(to, "slices", "v1"));
        File.Copy(Path.Combine(folder, "slices", "v1", "slice.json"), Path.Combine(to, "slices", "v1", "slice.json"));
        return new TransferRepository(harvest, to);
    }

    /// <summary>Sets the address of the one remote.</summary>
    public void SetRemote(JsonNode remote)
    {
        string path = Path.Combine(folder, "harvest.json");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(path))!;
        settings["remotes"] = new JsonObject { ["origin"] = remote };
        File.WriteAllText(path, settings.ToJsonString());
    }

    /// <summary>Makes a folder empty.</summary>
    public static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }
}
