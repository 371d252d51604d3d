using System.ComponentModel;
using System.Diagnostics;

namespace HarvestTools.Files;

/// <summary>
/// What other branches have, asked of the git program where it is installed: objects may be packed in ways that only git reads.
/// A courtesy, so whatever goes wrong is an empty answer.
/// </summary>
internal static class GitBranches
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The folders on any branch, here or fetched, in which a file of a name was ever added, by their names.</summary>
    /// <param name="folder">Full path of the folder that holds them.</param>
    /// <param name="file">The file's name.</param>
    public static IReadOnlyCollection<string> FoldersWith(string folder, string file)
    {
        if (Path.GetDirectoryName(folder) is not { } parent || !Directory.Exists(parent) || GitHead.FindShared(parent) is null)
        {
            return [];
        }

        if (GitProgram.In(parent) is not { } start)
        {
            return [];
        }

        string[] arguments =
        [
            "-c", "core.quotePath=false", "log", Option("all"), Option("no-show-signature"), Option("no-ext-diff"), Option("format="), Option("name-only"),
            Option("diff-filter=A"), Option(""), $":(glob){Path.GetFileName(folder)}/*/{file}",
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        try
        {
            using Process git = Process.Start(start)!;
            git.StandardInput.Close();
            Task<string> paths = git.StandardOutput.ReadToEndAsync();
            Task<string> errors = git.StandardError.ReadToEndAsync();
            if (!git.WaitForExit(s_patience) || !Task.WaitAll([paths, errors], s_patience))
            {
                git.Kill(entireProcessTree: true);
                return [];
            }

            return git.ExitCode != 0 ? [] :
            [
                .. from path in paths.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                   let parts = path.Split('/')
                   where parts.Length > 1
                   select parts[^2],
            ];
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException or AggregateException)
        {
            // Not installed, or ended meanwhile.
            return [];
        }
    }

    private static string Option(string name) => GitProgram.Option(name);
}
