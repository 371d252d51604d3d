namespace HarvestTools.Files;

/// <summary>Reads the names of a checkout's tags from git's own files, so that git need not be installed.</summary>
internal static class GitTags
{
    private const string Prefix = "refs/tags/";

    /// <returns>Names as <c>git tag</c> lists them; none outside of a git checkout.</returns>
    /// <exception cref="HarvestException">git's files cannot be read.</exception>
    public static IReadOnlyList<string> Names(string folder)
    {
        try
        {
            if (GitHead.FindShared(folder) is not { } git)
            {
                return [];
            }

            var names = new SortedSet<string>(StringComparer.Ordinal);
            string loose = Path.Combine(git, "refs", "tags");
            if (Directory.Exists(loose))
            {
                names.UnionWith(Directory.EnumerateFiles(loose, "*", SearchOption.AllDirectories)
                    .Select(file => Path.GetRelativePath(loose, file).Replace(Path.DirectorySeparatorChar, '/')));
            }

            string packed = Path.Combine(git, "packed-refs");
            if (File.Exists(packed))
            {
                names.UnionWith(GitHead.ReadText(packed).Split('\n')
                    .Select(static line => line.Split(' ', 2))
                    .Where(static parts => parts.Length == 2 && parts[1].StartsWith(Prefix, StringComparison.Ordinal))
                    .Select(static parts => parts[1][Prefix.Length..]));
            }

            return [.. names];
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "read the tags of");
        }
    }

    /// <summary>The same; none where git's files cannot be read.</summary>
    public static IReadOnlyList<string> TryNames(string folder)
    {
        try
        {
            return Names(folder);
        }
        catch (HarvestException)
        {
            return [];
        }
    }

    /// <summary>Whether a tag is of a version: its name, or what follows the last slash of it, as in <c>slices/v3</c>.</summary>
    public static bool IsOf(string tag, string version) => tag[(tag.LastIndexOf('/') + 1)..].Equals(version, StringComparison.OrdinalIgnoreCase);
}
