namespace HarvestTools.Dvc;

/// <summary>Paths of dvc.yaml and dvc.lock, which are relative to the folder that a stage runs in.</summary>
internal static class DvcPaths
{
    /// <summary>The path relative to the repository, with <c>/</c>, empty for the repository itself; null where it is outside, absolute or an address.</summary>
    /// <param name="folder">The folder that it is relative to, itself relative to the repository.</param>
    /// <param name="path">As DVC's file has it.</param>
    public static string? TryJoin(string folder, string path)
    {
        // A drive's colon is the second character; that of an address has two slashes behind it.
        if (path.Contains("://", StringComparison.Ordinal) || path.StartsWith('/') || path.Contains('\\') || (path.Length > 1 && path[1] == ':'))
        {
            return null;
        }

        List<string> parts = folder.Length == 0 ? [] : [.. folder.Split('/')];
        foreach (string part in path.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case "..":
                    if (parts.Count == 0)
                    {
                        return null;
                    }

                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>The full path of one relative to the repository.</summary>
    public static string Full(string root, string path) => path.Length == 0 ? root : Path.Combine(root, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>The folder of a path; empty where that is the repository.</summary>
    public static string FolderOf(string path) => path.LastIndexOf('/') is >= 0 and var slash ? path[..slash] : "";

    /// <summary>The last part of a path.</summary>
    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}
