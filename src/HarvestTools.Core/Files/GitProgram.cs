using System.Diagnostics;

namespace HarvestTools.Files;

/// <summary>
/// Starts the git that is installed. Left to the runtime or to Windows, a program named <c>git</c> in the current folder comes before
/// those of PATH: a repository that has such a file would have it run.
/// </summary>
internal static class GitProgram
{
    /// <summary>A call of git that runs nothing of the repository's settings and waits for nobody; null where git is not installed.</summary>
    /// <param name="folder">Full path of the folder it runs in.</param>
    public static ProcessStartInfo? In(string folder)
    {
        if (Find(Environment.GetEnvironmentVariable("PATH")) is not { } program)
        {
            return null;
        }

        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            CreateNoWindow = true,
            ArgumentList = { "-c", "core.fsmonitor=false", Option("no-pager") },
        };
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        return start;
    }

    /// <summary>An option of git's, not of this program: commands of ours are words of the front ends alone.</summary>
    public static string Option(string name) => $"--{name}";

    /// <summary>See <see cref="ProgramPath.Find"/>.</summary>
    internal static string? Find(string? path) => ProgramPath.Find("git", path);
}
