using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Manifests;

/// <summary>
/// harvest.local.json: what holds on this machine alone, so that a clone can have its archive on another disk or share one with
/// others. It never goes into git.
/// </summary>
public sealed record LocalSettings
{
    /// <summary>Name of the file, beside harvest.json.</summary>
    public const string FileName = "harvest.local.json";

    /// <summary>Nothing is different here.</summary>
    public static LocalSettings None { get; } = new();

    /// <summary>Full path of the archive; null for that of harvest.json.</summary>
    public string? ArchiveFolder { get; init; }

    /// <summary>Full path of the cache; null for that of harvest.json.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The remote that is meant where none is named.</summary>
    public string? Remote { get; init; }

    /// <summary>Where media are on this machine, by the beginnings of their links; full paths. They hold over those of harvest.json.</summary>
    public IReadOnlyList<MediaRoot> Media { get; init; } = MediaRoot.None;

    /// <summary>Reads the file of a repository; what it says is <see cref="None"/> where there is none.</summary>
    /// <param name="root">The repository's folder.</param>
    /// <exception cref="HarvestException">It cannot be read, or its content is at fault.</exception>
    public static LocalSettings Load(string root)
    {
        string path = Path.Combine(root, FileName);
        return File.Exists(path) ? Read(JsonFileText.Load(path), root) : None;
    }

    private static LocalSettings Read(JsonFileText file, string root)
    {
        var reader = new ObjectReader(file, file.ParseObject());
        var settings = new LocalSettings
        {
            ArchiveFolder = Folder(reader, "archive", root),
            CacheFolder = Folder(reader, "cache", root),
            Remote = reader.Text("remote"),
            Media = reader.Object("media") is { } media ? [.. (media.Rest()?.Select(static pair => pair.Key).ToArray() ?? []).Select(link => new MediaRoot(link, RequiredFolder(media, link, root)))] : MediaRoot.None,
        };
        reader.RefuseRest("archive", "cache", "remote", "media");
        return settings;
    }

    private static string RequiredFolder(ObjectReader reader, string name, string root) =>
        Folder(reader, name, root) ?? throw reader.Invalid(name, "is null", $"Give \"{name}\" a folder, or take the line out.");

    private static string? Folder(ObjectReader reader, string name, string root)
    {
        if (reader.Text(name) is not { } text)
        {
            return null;
        }

        return text.Length == 0 ? throw reader.Invalid(name, "is empty", $"Give \"{name}\" a folder, or take the line out.")
            : FolderText.IsAddress(text) ? throw reader.Invalid(name, $"is the address {text}, not a folder", "Set the address in harvest.json, as one of \"remotes\"; what is missing here is fetched from there.")
            : FolderText.TryResolve(text, root, out string? folder, out string? missing) ? folder
            : throw reader.Invalid(name, $"names the environment variable {missing}, which is not set", "Set it, or write the folder itself.");
    }
}
