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

    /// <summary>
    /// The folders on any branch, here or fetched, in which a file of a name was ever added, by their names; each with a ref that
    /// leads there, null where git does not say.
    /// </summary>
    /// <param name="folder">Full path of the folder that holds them.</param>
    /// <param name="file">The file's name.</param>
    public static IReadOnlyList<(string Folder, string? Ref)> FoldersWith(string folder, string file)
    {
        return Ask(
            folder,
            "-c", "core.quotePath=false", "log", Option("all"), Option("no-show-signature"), Option("no-ext-diff"), Option("format=%x00%S"), Option("name-only"),
            Option("diff-filter=A"), Option(""), $":(glob){Path.GetFileName(folder)}/*/{file}") is { } log ? Parse(log) : [];
    }

    /// <summary>
    /// The refs that have a file now, those of branches here first: a branch may have had it and removed it, and the file is then
    /// in git's history alone.
    /// </summary>
    /// <param name="folder">Full path of the folder that holds the file's folder.</param>
    /// <param name="path">Of the file, from that folder on, with <c>/</c>.</param>
    /// <param name="first">The ref to try before all others; null for none.</param>
    public static string? RefWith(string folder, string path, string? first)
    {
        string parent = Path.GetDirectoryName(folder)!;
        using var files = new GitFiles(parent);
        string inParent = $"{Path.GetFileName(folder)}/{path}";
        if (first is not null && files.TryRead(first, inParent) is not null)
        {
            return first;
        }

        string[] refs = (Ask(folder, "for-each-ref", Option("format=%(refname)"), "refs/heads", "refs/remotes", "refs/tags") ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return refs.FirstOrDefault(name => name != first && files.TryRead(name, inParent) is not null);
    }

    /// <summary>What git prints; null where it is not installed, fails or takes too long.</summary>
    private static string? Ask(string folder, params string[] arguments)
    {
        if (Path.GetDirectoryName(folder) is not { } parent || !Directory.Exists(parent) || GitHead.FindShared(parent) is null || GitProgram.In(parent) is not { } start)
        {
            return null;
        }

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
                return null;
            }

            return git.ExitCode != 0 ? null : paths.Result;
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException or AggregateException)
        {
            // Not installed, or ended meanwhile.
            return null;
        }
    }

    /// <summary>A line of a ref, then the paths of its commit.</summary>
    private static List<(string Folder, string? Ref)> Parse(string log)
    {
        var found = new List<(string Folder, string? Ref)>();
        string? from = null;
        foreach (string line in log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line[0] == '\0')
            {
                from = line[1..].StartsWith("refs/", StringComparison.Ordinal) ? line[1..] : null;
            }
            else if (line.Split('/') is [.., var folder, _])
            {
                found.Add((folder, from));
            }
        }

        return found;
    }

    private static string Option(string name) => GitProgram.Option(name);
}
