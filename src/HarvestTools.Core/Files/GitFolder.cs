namespace HarvestTools.Files;

/// <summary>Whether a path is git's own: <c>.git</c> of the repository or of one within it, and all that is below.</summary>
internal static class GitFolder
{
    /// <param name="path">With <c>/</c> or this system's separator between its parts; the disk is not asked.</param>
    public static bool IsIn(string path) => path.Split('/', Path.DirectorySeparatorChar).Any(IsGit);

    /// <summary>Under every name that some file system takes for it: any case, dots and spaces at the end, the short name of Windows.</summary>
    private static bool IsGit(string part)
    {
        // A name ends for Windows where a stream of the file is named.
        string name = part.Split(':')[0].TrimEnd('.', ' ');
        return name.Equals(".git", StringComparison.OrdinalIgnoreCase) || name.Equals("git~1", StringComparison.OrdinalIgnoreCase);
    }
}
