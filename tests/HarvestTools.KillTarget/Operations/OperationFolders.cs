using HarvestTools.Manifests;
using HarvestTools.Repositories;

namespace HarvestTools.KillTarget.Operations;

/// <summary>A repository, the folder that is its remote, and another machine's clone, all in one folder.</summary>
internal static class OperationFolders
{
    /// <summary>The remote's folder.</summary>
    public static string RemoteOf(string folder) => Path.Combine(folder, "share");

    /// <summary>A clone's folder.</summary>
    /// <param name="folder">The repository.</param>
    /// <param name="name">Tells it from other clones: no two processes are on one machine's clone at once.</param>
    public static string CloneOf(string folder, string name) => Path.Combine(folder, $"clone-{name}");

    /// <summary>Makes the repository, with the samples' files in it, and the remote's folder.</summary>
    public static void Make(string folder, OperationSamples samples)
    {
        Directory.CreateDirectory(RemoteOf(folder));
        Repository.Initialize(folder, HarvestSettings.Default with { Remotes = [new RemoteSettings { Name = "origin", Url = RemoteOf(folder) }] });
        samples.WriteTo(folder);
    }

    /// <summary>Brings a clone what git would: the settings and the slices as they are now.</summary>
    /// <returns>The clone.</returns>
    public static Repository Update(string folder, string clone)
    {
        string slices = Path.Combine(clone, "slices");
        if (Directory.Exists(slices))
        {
            Folders.Delete(slices);
        }

        Directory.CreateDirectory(slices);
        File.Copy(Path.Combine(folder, HarvestSettings.FileName), Path.Combine(clone, HarvestSettings.FileName), overwrite: true);
        foreach (string version in Repository.Find(folder).Slices.Versions())
        {
            try
            {
                string from = Path.Combine(folder, "slices", version);
                string[] files = [.. Directory.EnumerateFiles(from).Where(static file => file.EndsWith(".json", StringComparison.Ordinal))];
                var contents = files.Select(File.ReadAllBytes).ToList();

                // This process may be killed at any time, and half a file would be no fault of what is tested.
                string half = Path.Combine(slices, $".{version}");
                Directory.CreateDirectory(half);
                foreach ((string file, byte[] bytes) in files.Zip(contents))
                {
                    File.WriteAllBytes(Path.Combine(half, Path.GetFileName(file)), bytes);
                }

                Directory.Move(half, Path.Combine(slices, version));
            }
            catch (IOException)
            {
                // Another process has just removed it.
            }
        }

        return Repository.Find(clone);
    }
}
