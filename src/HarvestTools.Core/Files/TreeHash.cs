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
        IEnumerable<string> lines = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Select(file => (File: file, Name: Path.GetRelativePath(root, file).Replace('\\', '/')))
            .OrderBy(static entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => $"{FileHash.Compute(entry.File, cancellation: cancellation)}  {entry.Name}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}
