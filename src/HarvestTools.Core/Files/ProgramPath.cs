namespace HarvestTools.Files;

/// <summary>
/// Finds programs by PATH alone. Left to the runtime or to Windows, a program in the current folder comes first: a repository that has
/// a file of that name would have it run.
/// </summary>
internal static class ProgramPath
{
    /// <summary>The first of a name in the folders of a PATH that are named in full; an entry such as <c>.</c> means whatever folder is current.</summary>
    /// <param name="name">Without the extension that programs have on Windows.</param>
    /// <param name="path">The value of PATH; null for none.</param>
    public static string? Find(string name, string? path)
    {
        string file = OperatingSystem.IsWindows() ? $"{name}.exe" : name;
        return (path ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static folder => folder.Trim('"'))
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(IsProgram);
    }

    private static bool IsProgram(string path)
    {
        try
        {
            return File.Exists(path)
                && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            return false;
        }
    }
}
