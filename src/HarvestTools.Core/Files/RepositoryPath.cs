using System.Diagnostics.CodeAnalysis;

namespace HarvestTools.Files;

/// <summary>
/// Paths as manifests and settings record them: relative to the repository, with <c>/</c> on every system, case and
/// unicode as they are. One that leaves the repository is refused: <c>..</c>, absolute, a drive, a share, a link outwards.
/// </summary>
internal static class RepositoryPath
{
    /// <summary>Checks the text alone, without the disk, and takes out <c>.</c> parts and doubled slashes.</summary>
    /// <exception cref="HarvestException">PathLeavesRepository, PathNotPortable.</exception>
    public static string Normalize(string path)
    {
        string? leaves = WhyItLeaves(path);
        if (leaves is not null)
        {
            throw FileErrors.PathLeavesRepository(path, leaves);
        }

        string? unportable = WhyNotPortable(path);
        if (unportable is not null)
        {
            throw FileErrors.PathNotPortable(path, unportable);
        }

        string normal = string.Join('/', path.Split('/').Where(static part => part.Length > 0 && part != "."));
        return normal.Length > 0 ? normal : throw FileErrors.PathNotPortable(path, "it names no file or folder");
    }

    /// <summary>The full path on this system of a recorded path, links checked; the file need not exist.</summary>
    /// <exception cref="HarvestException">PathLeavesRepository, PathNotPortable.</exception>
    public static string Resolve(string root, string path)
    {
        string normal = Normalize(path);
        string full = Path.GetFullPath(Path.Combine(root, normal.Replace('/', Path.DirectorySeparatorChar)));
        string? real = RealPath.Of(full);
        if (real is null)
        {
            throw FileErrors.PathLeavesRepository(path, "its links run in a circle");
        }

        string? realRoot = RealPath.Of(root);
        return realRoot is not null && RealPath.IsInside(realRoot, real)
            ? full
            : throw FileErrors.PathLeavesRepository(path, "a link on the way leads outside");
    }

    /// <summary>
    /// The recorded form of a path on this system (relative ones start at the current folder); false where it is
    /// outside the repository, leads outside through a link, or has a name that other systems cannot read.
    /// </summary>
    public static bool TryMakeRelative(string root, string path, [NotNullWhen(true)] out string? relative)
    {
        relative = null;
        string full = Path.GetFullPath(path);
        string fullRoot = Path.GetFullPath(root);
        string? real = RealPath.Of(full);
        string? realRoot = RealPath.Of(fullRoot);
        if (real is null || realRoot is null || real == realRoot || !RealPath.IsInside(realRoot, real))
        {
            return false;
        }

        // The name as the user knows it where that is inside; else the folder was reached by another name of the root.
        string text = RealPath.IsInside(fullRoot, full)
            ? Path.GetRelativePath(fullRoot, full)
            : Path.GetRelativePath(realRoot, real);
        if (OperatingSystem.IsWindows())
        {
            text = text.Replace('\\', '/');
        }

        if (WhyItLeaves(text) is not null || WhyNotPortable(text) is not null)
        {
            return false;
        }

        relative = text;
        return true;
    }

    /// <summary>Why the text of a path would be refused; null where it would not.</summary>
    public static string? WhyNotRecordable(string path) => WhyItLeaves(path) ?? WhyNotPortable(path);

    private static string? WhyItLeaves(string path)
    {
        if (path.StartsWith('/') || path.StartsWith('\\'))
        {
            return "it is absolute";
        }

        if (path.Length >= 2 && path[1] == ':' && char.IsAsciiLetter(path[0]))
        {
            return "it names a drive";
        }

        return path.Split('/', '\\').Contains("..") ? "it goes up with '..'" : null;
    }

    private static string? WhyNotPortable(string path)
    {
        if (path.Contains('\\'))
        {
            return "it has '\\', which is a separator on one system and part of a name on others";
        }

        if (path.Any(static c => c < ' '))
        {
            return "it has a control character";
        }

        // On Windows what follows the colon would name a hidden stream of the file.
        return OperatingSystem.IsWindows() && path.Contains(':') ? "it has ':'" : null;
    }
}
