using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HarvestTools.Files;

namespace HarvestTools.Dvc;

/// <summary>A file whose MD5 was verified.</summary>
/// <param name="Path">What it is relative to the repository.</param>
/// <param name="File">Full path of where it was found: in its place, or in the cache.</param>
/// <param name="Md5">As dvc.lock has it, or the list of a folder.</param>
internal sealed record DvcFile(string Path, string File, string Md5);

/// <summary>Finds what DVC tracked, in its place or in DVC's cache, and believes nothing that has another MD5.</summary>
/// <param name="root">Full path of the repository.</param>
/// <param name="cache">Full path of the cache; null where there is none.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class DvcCache(string root, string? cache, CancellationToken cancellation)
{
    private const string OwnFolder = ".dvc";

    /// <summary>The cache of the DVC repository that a folder is in.</summary>
    public static DvcCache Around(string root, string folder, CancellationToken cancellation)
    {
        for (string? at = DvcPaths.Full(root, folder); at is not null; at = Path.GetDirectoryName(at))
        {
            string own = Path.Combine(at, OwnFolder);
            if (Directory.Exists(own))
            {
                string setting = Setting(Path.Combine(own, "config.local")) ?? Setting(Path.Combine(own, "config")) ?? "cache";
                return new DvcCache(root, Path.GetFullPath(setting, own), cancellation);
            }
        }

        return new DvcCache(root, null, cancellation);
    }

    /// <summary>The files of an entry: one, or each of a folder.</summary>
    /// <exception cref="HarvestException">DvcDataMissing, DvcDataDamaged, DvcFileInvalid; a file cannot be read.</exception>
    public IReadOnlyList<DvcFile> Find(DvcEntry entry) => entry.IsFolder
        ? [.. FolderFiles(entry).Select(file => FindFile(new DvcEntry($"{entry.Path}/{file.Path}", file.Md5, IsFolder: false, entry.OfText)))]
        : [FindFile(entry)];

    /// <summary>Whether what is in its place now is what the entry names; null where nothing is.</summary>
    public bool? IsInPlace(DvcEntry entry)
    {
        string path = DvcPaths.Full(root, entry.Path);
        if (!entry.IsFolder)
        {
            return File.Exists(path) ? DvcHash.OfFile(path, entry.OfText, cancellation) == entry.Md5 : null;
        }

        return Directory.Exists(path)
            ? DvcHash.OfFolder(InPlace(path, entry, compiled: false)) == entry.Md5 || DvcHash.OfFolder(InPlace(path, entry, compiled: true)) == entry.Md5
            : null;
    }

    private IEnumerable<(string Path, string Md5)> InPlace(string folder, DvcEntry entry, bool compiled) =>
        from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')
        where compiled || !path.Split('/').Contains("__pycache__")
        select (path, DvcHash.OfFile(file, entry.OfText, cancellation));

    private DvcFile FindFile(DvcEntry entry)
    {
        string? actual = null;
        // A link into a cache elsewhere is followed: what is behind it has the MD5, or is not taken.
        string place = DvcPaths.Full(root, entry.Path);
        foreach (string path in InCache(entry.Md5).Prepend(place).Where(File.Exists))
        {
            string md5 = DvcHash.OfFile(path, entry.OfText, cancellation);
            if (md5 == entry.Md5)
            {
                return new DvcFile(entry.Path, path, md5);
            }

            // Another version in its place is no damage; under its own hash in the cache it is.
            actual = path == place ? actual : md5;
        }

        throw actual is null ? DvcErrors.DvcDataMissing(entry.Path, entry.Md5) : DvcErrors.DvcDataDamaged(entry.Path, entry.Md5, actual);
    }

    /// <summary>Where the cache has an object: DVC 3's folders, then DVC 2's.</summary>
    private IEnumerable<string> InCache(string md5, string ending = "") => cache is null
        ? []
        : [Path.Combine(cache, "files", "md5", md5[..2], md5[2..] + ending), Path.Combine(cache, md5[..2], md5[2..] + ending)];

    private IEnumerable<(string Path, string Md5)> FolderFiles(DvcEntry entry)
    {
        string? list = InCache(entry.Md5, ".dir").FirstOrDefault(File.Exists);
        if (list is null)
        {
            // What is not in the cache may be in its place, whole.
            string folder = DvcPaths.Full(root, entry.Path);
            return IsInPlace(entry) == true ? InPlace(folder, entry, compiled: false) : throw DvcErrors.DvcDataMissing(entry.Path, entry.Md5 + ".dir");
        }

        string md5 = DvcHash.OfFile(list, ofText: false, cancellation);
        if (md5 != entry.Md5)
        {
            throw DvcErrors.DvcDataDamaged(entry.Path, entry.Md5 + ".dir", md5);
        }

        JsonArray? files;
        try
        {
            files = JsonNode.Parse(AtomicFile.ReadAllBytes(list)) as JsonArray;
        }
        catch (JsonException)
        {
            files = null;
        }

        return files is null ? throw DvcErrors.DvcFileInvalid(list, "line 1", "it is no list of files") : [.. files.Select(item => Listed(entry, item))];
    }

    private static (string Path, string Md5) Listed(DvcEntry entry, JsonNode? item)
    {
        string path = DvcTemplate.TextOf((item as JsonObject)?["relpath"]) ?? "";
        string md5 = DvcTemplate.TextOf((item as JsonObject)?["md5"]) ?? "";

        // A list that somebody made could name files elsewhere.
        return path.Length > 0 && DvcPaths.TryJoin("", path) == path && md5.Length == entry.Md5.Length && md5.All(char.IsAsciiHexDigitLower)
            ? (path, md5)
            : throw DvcErrors.DvcFileInvalid(entry.Path, "its list of files", $"'{path}' is no path within the folder, or '{md5}' no MD5");
    }

    /// <summary><c>dir</c> of <c>[cache]</c> in one of DVC's settings files; null where it says nothing.</summary>
    private static string? Setting(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        string section = "";
        foreach (string line in Encoding.UTF8.GetString(AtomicFile.ReadAllBytes(file)).Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('['))
            {
                section = line.Trim('[', ']');
            }
            else if (section == "cache" && line.Split('=', 2) is [var name, var value] && name.Trim() == "dir")
            {
                return value.Trim();
            }
        }

        return null;
    }
}
