namespace HarvestTools.Files;

/// <summary>Reads which commit is checked out, from git's own files, so that git need not be installed.</summary>
internal static class GitHead
{
    /// <returns>The commit's hash, or null outside a git checkout or before its first commit.</returns>
    public static string? TryRead(string folder)
    {
        try
        {
            string? git = FindGitFolder(folder);
            if (git is null)
            {
                return null;
            }

            string head = ReadText(Path.Combine(git, "HEAD")).Trim();
            const string Reference = "ref: ";
            if (!head.StartsWith(Reference, StringComparison.Ordinal))
            {
                return head;
            }

            string name = head[Reference.Length..];
            string shared = SharedOf(git);
            string loose = Path.Combine(shared, name.Replace('/', Path.DirectorySeparatorChar));
            return File.Exists(loose) ? ReadText(loose).Trim() : FindPacked(shared, name);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            // Recording the commit is a courtesy; an unreadable .git must not stop a slice.
            return null;
        }
    }

    /// <summary>The folder that holds the references of all worktrees; null outside of a git checkout.</summary>
    internal static string? FindShared(string folder) => FindGitFolder(folder) is { } git ? SharedOf(git) : null;

    /// <summary>A file of git. What is a pipe or a device in its place counts as one that cannot be read.</summary>
    internal static string ReadText(string path) => FileKinds.Behind(path) is FileKind.Pipe or FileKind.Socket or FileKind.Device
        ? throw new IOException($"'{path}' is not a file.")
        : File.ReadAllText(path);

    // A linked worktree keeps its HEAD apart and shares the references of the main one.
    internal static string SharedOf(string git)
    {
        string common = Path.Combine(git, "commondir");
        return File.Exists(common) ? Path.GetFullPath(ReadText(common).Trim(), git) : git;
    }

    private static string? FindGitFolder(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            string git = Path.Combine(at.FullName, ".git");
            if (Directory.Exists(git))
            {
                return git;
            }

            if (File.Exists(git))
            {
                string[] parts = ReadText(git).Split(':', 2);
                return parts.Length == 2 ? Path.GetFullPath(parts[1].Trim(), at.FullName) : null;
            }
        }

        return null;
    }

    private static string? FindPacked(string git, string name)
    {
        string packed = Path.Combine(git, "packed-refs");
        return !File.Exists(packed)
            ? null
            : ReadText(packed).Split('\n')
                .Select(static line => line.Split(' ', 2))
                .FirstOrDefault(parts => parts.Length == 2 && parts[1] == name)?[0];
    }
}
