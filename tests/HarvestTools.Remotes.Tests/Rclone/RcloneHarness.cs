using HarvestTools.Remotes;
using HarvestTools.Remotes.Rclone;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.Remotes;

namespace HarvestTools.Tests.Rclone;

/// <summary>A folder of this machine, through the rclone that is installed.</summary>
internal sealed class RcloneHarness : RemoteHarness
{
    private const string RemoteName = "harvesttest";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<RcloneFiles> _files;

    public RcloneHarness()
    {
        Environment.SetEnvironmentVariable($"RCLONE_CONFIG_{RemoteName.ToUpperInvariant()}_TYPE", "local");
        _files = new(() => (RcloneFiles)OpenAgain());
    }

    /// <summary>Why the tests cannot run here; null where they can.</summary>
    public static string? Refusal { get; } = FindRefusal();

    public override IRemoteFiles Files => _files.Value;

    public override IRemoteFiles OpenAgain() => new RcloneFiles(RclonePlace.Of($"rclone:{RemoteName}:{_folder.Path}"));

    public override IReadOnlyDictionary<string, byte[]> Everything() => Directory
        .GetFiles(_folder.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .ToDictionary(file => Path.GetRelativePath(_folder.Path, file).Replace(Path.DirectorySeparatorChar, '/'), File.ReadAllBytes, StringComparer.Ordinal);

    public override string? PathOf(string path) => _folder[path];

    public override void Put(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllBytes(_folder[path], bytes);
    }

    public override void Dispose()
    {
        if (_files.IsValueCreated)
        {
            _files.Value.Dispose();
        }

        _folder.Dispose();
    }

    private static string? FindRefusal()
    {
        try
        {
            RcloneProgram.Start("rclone").Dispose();
            return null;
        }
        catch (HarvestException error)
        {
            return $"rclone is not installed: {error.ErrorId}";
        }
    }
}
