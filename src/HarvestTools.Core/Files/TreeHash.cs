using System.Security.Cryptography;
using System.Text;

namespace HarvestTools.Files;

/// <summary>One hash for a file or a whole folder, which does not depend on where it is or what it is called.</summary>
internal static class TreeHash
{
    /// <returns>
    /// For a file its SHA-256. For a folder the SHA-256 over a line <c>hash␣␣path</c> for every file in it, paths
    /// relative with <c>/</c>, in ordinal order, as <c>sha256sum</c> would list them. Null where nothing is there.
    /// </returns>
    /// <exception cref="HarvestException">LinkNotFollowed, NotARegularFile; a file cannot be read.</exception>
    public static string? TryCompute(string path, CancellationToken cancellation = default)
    {
        if (File.Exists(path))
        {
            return FileHash.Compute(path, cancellation: cancellation);
        }

        if (!Directory.Exists(path))
        {
            return null;
        }

        string root = Path.GetFullPath(path);
        IEnumerable<string> lines = FilesOf(root)
            .Select(file => (File: file, Name: Path.GetRelativePath(root, file).Replace('\\', '/')))
            .OrderBy(static entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => $"{FileHash.Compute(entry.File, cancellation: cancellation)}  {entry.Name}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    /// <summary>
    /// Full paths of the files of a folder. A link counts as the file that it leads to, where that is in the folder too: what is
    /// elsewhere may change without the folder, and may be the whole system.
    /// </summary>
    /// <param name="root">Full path; it may be a link itself.</param>
    /// <exception cref="HarvestException">LinkNotFollowed, NotARegularFile; the folder cannot be listed.</exception>
    public static IEnumerable<string> FilesOf(string root)
    {
        string real = RealPath.Of(root) ?? root;
        foreach (FoundName found in StoreWalk.Of(real, recurse: true))
        {
            string path = Path.Combine(root, Path.GetRelativePath(real, found.Path));
            switch (found.Kind)
            {
                case FileKind.Regular:
                    yield return path;
                    break;
                case FileKind.Folder or FileKind.None:
                    break;
                case FileKind.Link when FileKinds.Behind(found.Path) == FileKind.Regular && RealPath.Of(found.Path) is { } target && RealPath.IsInside(real, target):
                    yield return path;
                    break;
                case FileKind.Link:
                    throw FileErrors.LinkNotFollowed(path, FileKinds.Describe(found.Kind, found.Path), root);
                default:
                    throw FileErrors.NotARegularFile(path, "read", FileKinds.Describe(found.Kind, found.Path));
            }
        }
    }
}
