namespace HarvestTools.Cli;

/// <summary>
/// How this program is started from the user's shell: by its name where the path finds one, else by its file. Most who run
/// the demonstration have not installed anything yet.
/// </summary>
internal static class OwnCommand
{
    private const string Name = "harvest";

    public static string Text => Find(Environment.ProcessPath, typeof(OwnCommand).Assembly.Location, Environment.GetEnvironmentVariable("PATH"));

    /// <param name="process">The file of the running process: the program, or dotnet with the program as its argument.</param>
    /// <param name="assembly">The program's assembly; empty where it is part of the process's file.</param>
    /// <param name="path">The folders of the path, as the environment has them.</param>
    internal static string Find(string? process, string assembly, string? path)
    {
        string file = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
        if (process is null || (path ?? string.Empty).Split(Path.PathSeparator).Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, file))))
        {
            return Name;
        }

        bool hosted = Path.GetFileNameWithoutExtension(process).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return hosted ? $"dotnet {ShellQuoting.Quote(assembly)}" : ShellQuoting.Quote(process);
    }
}
