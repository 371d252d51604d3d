using System.Text.Json.Nodes;

namespace HarvestTools.Tests.Harness;

/// <summary>Two machines and a folder that both see: one has the archive, the other what git brings of it.</summary>
internal sealed class SharedRemote : IDisposable
{
    private readonly ScratchFolder _share = new();

    /// <summary>The machine that has the archive and slice v1.</summary>
    public ScratchFolder Here { get; } = new ScratchFolder().WithSlice();

    public SharedRemote()
    {
        SetRemotes(Here, new JsonObject { ["origin"] = _share.Path });
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder => _share.Path;

    /// <summary>Writes the remotes into harvest.json.</summary>
    public static void SetRemotes(ScratchFolder repository, JsonObject remotes)
    {
        JsonNode settings = JsonNode.Parse(File.ReadAllText(repository["harvest.json"]))!;
        settings["remotes"] = remotes;
        File.WriteAllText(repository["harvest.json"], settings.ToJsonString());
    }

    /// <summary>What git would bring to another machine: the settings and the slices.</summary>
    public ScratchFolder Clone()
    {
        var clone = new ScratchFolder();
        clone.Write("harvest.json", File.ReadAllText(Here["harvest.json"]));
        foreach (string file in Directory.EnumerateFiles(Here["slices"], "*", SearchOption.AllDirectories))
        {
            clone.Write($"slices/{Path.GetRelativePath(Here["slices"], file).Replace('\\', '/')}", File.ReadAllText(file));
        }

        return clone;
    }

    /// <summary>The objects in the folder, by hash.</summary>
    public SortedDictionary<string, string> Objects() => ObjectsOf(Path.Combine(Folder, "sha256"));

    /// <summary>The objects of an archive's or a remote's folder: hash by name, and full path.</summary>
    public static SortedDictionary<string, string> ObjectsOf(string folder)
    {
        var objects = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(folder))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(static file => Path.GetFileName(file).Length == 64))
            {
                objects.Add(Path.GetFileName(file), file);
            }
        }

        return objects;
    }

    /// <summary>Changes one byte of a file, read-only or not.</summary>
    public static void Flip(string path, int at = 100)
    {
        ScratchFolder.Unlock(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[Math.Min(at, bytes.Length - 1)] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    public void Dispose()
    {
        Here.Dispose();
        _share.Dispose();
    }
}
