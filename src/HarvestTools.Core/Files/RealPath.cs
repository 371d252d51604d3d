namespace HarvestTools.Files;

/// <summary>Where a path leads once every link on the way is followed, as realpath(3) does; .NET resolves only the last part.</summary>
internal static class RealPath
{
    // As many links as Linux follows before it gives up (ELOOP).
    private const int MostLinks = 40;

    /// <summary>Parts that do not exist are kept as they are. Null where links run in a circle.</summary>
    public static string? Of(string path)
    {
        int links = 0;
        return Resolve(Path.GetFullPath(path), ref links);
    }

    /// <summary>True where the second path is the first one or is below it. Both are full paths without links.</summary>
    public static bool IsInside(string folder, string path)
    {
        StringComparison comparison = OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        string root = Path.TrimEndingDirectorySeparator(folder);
        if (!path.StartsWith(root, comparison))
        {
            return false;
        }

        return path.Length == root.Length
            || Path.EndsInDirectorySeparator(root)
            || path[root.Length] == Path.DirectorySeparatorChar;
    }

    private static string? Resolve(string full, ref int links)
    {
        string resolved = Path.GetPathRoot(full)!;
        string[] parts = full[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < parts.Length; i++)
        {
            string next = Path.Combine(resolved, parts[i]);
            string? target = LinkTarget(next);
            if (target is null)
            {
                resolved = next;
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            // A relative target starts at the folder that holds the link; it may hold links and '..' itself.
            string? followed = Resolve(Path.GetFullPath(target, resolved), ref links);
            if (followed is null)
            {
                return null;
            }

            resolved = followed;
        }

        return resolved;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? new DirectoryInfo(path).LinkTarget;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            // What cannot be looked at is not a link that anyone could follow; opening it reports the true cause.
            return null;
        }
    }
}
