using System.Diagnostics;
using HarvestTools.Files;

namespace HarvestTools.Programs;

/// <summary>Removes folders of runs, also those that a killed process left.</summary>
internal static class StaleRuns
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // Between the folder's making and its lock's another process may look at it.
    private static readonly TimeSpan s_lockGrace = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    public static void Sweep()
    {
        try
        {
            foreach (string folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{RunFolder.Prefix}*"))
            {
                if (IsStale(folder))
                {
                    TryDelete(folder);
                }
            }
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // What is left takes space and does no other harm.
        }
    }

    private static bool IsStale(string folder)
    {
        string path = Path.Combine(folder, RunFolder.LockName);
        try
        {
            if (FileKinds.Of(folder) != FileKind.Folder)
            {
                return false;
            }

            if (!File.Exists(path))
            {
                return DateTime.UtcNow - Directory.GetCreationTimeUtc(folder) > s_lockGrace;
            }

            using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            {
                return true;
            }
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault))
        {
            // In use, or another user's.
            return false;
        }
    }

    public static void TryDelete(string root)
    {
        FileKind kind = FileKinds.Of(root);
        if (kind == FileKind.None)
        {
            // The program moved it away; under a name of ours it goes with a later sweep.
            return;
        }

        try
        {
            if (kind != FileKind.Folder)
            {
                // What a link leads to is none of the run's: neither its rights nor its files are touched.
                Unlink(root);
                return;
            }

            Unlock(new DirectoryInfo(root));
            Directory.Delete(root, recursive: true);
        }
        catch (Exception fault) when (FileErrors.IsFileFault(fault) || fault is ArgumentException)
        {
            // A name that is no UTF-8 can be named by no text; the system's own program takes it. Else the next run tries again.
            RemoveByProgram(root);
        }
    }

    private static void Unlink(string path)
    {
        if (OperatingSystem.IsWindows() && File.GetAttributes(path).HasFlag(FileAttributes.Directory))
        {
            Directory.Delete(path);
        }
        else
        {
            File.Delete(path);
        }
    }

    /// <summary>On Windows every name is text, and what was left there is in use.</summary>
    private static void RemoveByProgram(string root)
    {
        if (OperatingSystem.IsWindows() || FileKinds.Of(root) != FileKind.Folder)
        {
            return;
        }

        // Neither follows a link below the folder.
        foreach (string[] words in new[] { new[] { "chmod", "-R", "u+rwX", root }, ["rm", "-rf", root] })
        {
            if (ProgramPath.Find(words[0], Environment.GetEnvironmentVariable("PATH")) is { } program)
            {
                var start = new ProcessStartInfo(program, words.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
                _ = ProgramCall.Run(start, s_patience);
            }
        }
    }

    /// <summary>A program can take its own folders' rights away, and the exports' folder has none to begin with; links are not followed.</summary>
    private static void Unlock(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= OwnerAlone;
        }

        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                Unlock(below);
            }
            else if (OperatingSystem.IsWindows() && entry.Attributes.HasFlag(FileAttributes.ReadOnly))
            {
                entry.Attributes &= ~FileAttributes.ReadOnly;
            }
        }
    }
}
