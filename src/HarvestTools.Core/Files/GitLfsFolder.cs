using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace HarvestTools.Files;

/// <summary>
/// Where git-lfs keeps the files of a checkout, <c>.git/lfs</c> unless lfs.storage says otherwise: <c>objects/ab/cd/abcd…</c>, each
/// under its SHA-256. git-lfs need not be installed.
/// </summary>
internal static class GitLfsFolder
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // Thousands of pointers are looked for one by one; a session of hours sees a changed setting all the same.
    private static readonly TimeSpan s_validFor = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<string, (string Folder, long At)> s_storages = new(StringComparer.Ordinal);

    /// <summary>The folders that git-lfs may keep files in for a folder of a checkout; the usual places first. They need not exist.</summary>
    /// <param name="folder">Full path of a folder in the checkout.</param>
    public static IEnumerable<string> Of(string folder)
    {
        foreach (string git in GitFoldersOf(folder))
        {
            yield return Path.Combine(git, "lfs");
        }

        foreach (string git in GitFoldersOf(folder))
        {
            yield return StorageOf(git);
        }
    }

    /// <summary>The file of git-lfs's store that has the name of that hash; null where there is none. Its bytes are not looked at.</summary>
    /// <param name="folder">Full path of a folder in the checkout.</param>
    /// <param name="sha256">In normal form.</param>
    public static string? Find(string folder, string sha256) => Of(folder)
        .Select(storage => Path.Combine(storage, "objects", sha256[..2], sha256[2..4], sha256))
        .FirstOrDefault(static path => FileKinds.Behind(path) == FileKind.Regular);

    /// <summary>Where git-lfs expects files that are on their way, on the disk of its store, so that it can move them; null outside of a checkout.</summary>
    /// <param name="folder">Full path of a folder in the checkout.</param>
    public static string? TemporaryOf(string folder) =>
        GitFoldersOf(folder).Select(static git => Path.Combine(StorageOf(git), "tmp")).FirstOrDefault();

    /// <summary>The folder that all worktrees share: of GIT_DIR, which git sets for its hooks, and of the checkout around.</summary>
    private static IEnumerable<string> GitFoldersOf(string folder)
    {
        string?[] found = [Named(Environment.GetEnvironmentVariable("GIT_DIR")), Quietly(() => GitHead.FindShared(folder))];
        return found.OfType<string>().Distinct(StringComparer.Ordinal);
    }

    private static string? Named(string? variable) => string.IsNullOrEmpty(variable)
        ? null
        : Quietly(() => Path.GetFullPath(variable) is var git && Directory.Exists(git) ? GitHead.SharedOf(git) : null);

    private static string StorageOf(string git)
    {
        if (s_storages.TryGetValue(git, out (string Folder, long At) known) && Stopwatch.GetElapsedTime(known.At) < s_validFor)
        {
            return known.Folder;
        }

        // git-lfs takes a relative path from git's folder and expands nothing.
        string folder = Quietly(() => Path.GetFullPath(Setting(git) is { Length: > 0 } storage ? storage : "lfs", git)) ?? Path.Combine(git, "lfs");
        s_storages[git] = (folder, Stopwatch.GetTimestamp());
        return folder;
    }

    /// <summary>By git itself, since the setting may be the user's or in an included file; null where it is not set, or git not installed.</summary>
    private static string? Setting(string git)
    {
        if (GitProgram.In(git) is not { } start)
        {
            return null;
        }

        foreach (string argument in (string[])[$"{GitProgram.Option("git-dir")}={git}", "config", GitProgram.Option("get"), "lfs.storage"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            Task<string> answer = process.StandardOutput.ReadToEndAsync();
            if (!answer.Wait(s_patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            return answer.Result.TrimEnd('\r', '\n');
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException or AggregateException)
        {
            return null;
        }
    }

    /// <summary>What cannot be read of git's folder is as if it were not there: the file is looked for elsewhere.</summary>
    private static string? Quietly(Func<string?> look)
    {
        try
        {
            return look();
        }
        catch (Exception fault) when (fault is HarvestException or ArgumentException || FileErrors.IsFileFault(fault))
        {
            return null;
        }
    }
}
