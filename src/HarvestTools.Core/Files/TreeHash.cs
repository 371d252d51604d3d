using System.Security.Cryptography;
using System.Text;

namespace HarvestTools.Files;

/// <summary>One hash for a file or a whole folder, which does not depend on where it is or what it is called.</summary>
internal static class TreeHash
{
    private const int TextSample = 8000;
    private const long LargestText = 256 * 1024 * 1024;

    private static readonly string[] s_fileManagers = [".DS_Store", "Thumbs.db", "ehthumbs.db", "desktop.ini", ".directory", ".localized", "Icon\r", "__MACOSX"];

    /// <returns>
    /// For a file its SHA-256. For a folder the SHA-256 over a line <c>hash␣␣path</c> for every file in it but those that file
    /// managers leave, paths relative with <c>/</c>, in ordinal order, as <c>sha256sum</c> would list them. Null where nothing is there.
    /// </returns>
    /// <exception cref="HarvestException">LinkNotFollowed, NotARegularFile; a file cannot be read.</exception>
    public static string? TryCompute(string path, CancellationToken cancellation = default) =>
        TryCompute(path, file => FileHash.Compute(file, cancellation: cancellation));

    /// <summary>Whether something has a recorded hash, or had it with the line ends of another system in its text files.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="recorded">The hash.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static bool IsSameText(string path, string recorded, CancellationToken cancellation = default) =>
        new[] { "\n", "\r\n" }.Any(lineEnd => TryCompute(path, file => TextHash(file, lineEnd, cancellation)) == recorded);

    private static string? TryCompute(string path, Func<string, string> hash)
    {
        if (File.Exists(path))
        {
            return hash(path);
        }

        if (!Directory.Exists(path))
        {
            return null;
        }

        string root = Path.GetFullPath(path);
        IEnumerable<string> lines = FilesOf(root)
            .Select(file => (File: file, Name: Path.GetRelativePath(root, file).Replace('\\', '/')))
            .OrderBy(static entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => $"{hash(entry.File)}  {entry.Name}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private static string TextHash(string path, string lineEnd, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        if (file.Length > LargestText)
        {
            return StreamHash.Compute(file, path, progress: null, cancellation);
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        if (bytes.AsSpan(0, Math.Min(bytes.Length, TextSample)).Contains((byte)0))
        {
            return Convert.ToHexStringLower(SHA256.HashData(bytes));
        }

        // Byte for byte, so that an encoding does not matter.
        string text = Encoding.Latin1.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(text.Replace("\n", lineEnd, StringComparison.Ordinal))));
    }

    // Written by file managers that somebody looks into the folder with.
    private static bool IsOfFileManager(string name) =>
        name.StartsWith("._", StringComparison.Ordinal)
        || s_fileManagers.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Full paths of the files of a folder, without those that file managers leave. A link counts as the file that it leads to, where that is in the folder too: what is
    /// elsewhere may change without the folder, and may be the whole system.
    /// </summary>
    /// <param name="root">Full path; it may be a link itself.</param>
    /// <exception cref="HarvestException">LinkNotFollowed, NotARegularFile; the folder cannot be listed.</exception>
    public static IEnumerable<string> FilesOf(string root)
    {
        string real = RealPath.Of(root) ?? root;
        foreach (FoundName found in StoreWalk.Of(real, recurse: true))
        {
            if (Path.GetRelativePath(real, found.Path).Split(Path.DirectorySeparatorChar).Any(IsOfFileManager))
            {
                continue;
            }

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
