using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HarvestTools.Files;

/// <summary>Temporary files that a killed process left behind. They take space and do no other harm.</summary>
internal static class StaleFiles
{
    private static readonly TimeSpan s_oldAge = TimeSpan.FromHours(1);

    // Longer than any command runs: nobody is there to judge what a writer removes on its way.
    private static readonly TimeSpan s_veryOldAge = TimeSpan.FromDays(1);

    // File times are coarse on some systems, and a file made in a process's first moment is that process's own.
    private static readonly TimeSpan s_clockGrain = TimeSpan.FromSeconds(3);

    // A command writes thousands of files into a folder, and a session runs many commands.
    private const long SweepPauseMilliseconds = 2_000;

    /// <summary>
    /// Marks this machine's temporary files in a shared folder, beside others': the number of a process says nothing of theirs. Containers
    /// of one host name count their processes by themselves, and are machines of their own.
    /// </summary>
    public static string Machine { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Environment.MachineName + ProcessSpace())))[..8];

    private static readonly ConcurrentDictionary<string, long> s_swept = new(StringComparer.Ordinal);

    /// <summary>
    /// Removes what killed processes left in a folder: called before a file is written there, so that what is left does not add
    /// up. What cannot be removed stays for <c>fsck</c>. A folder is looked into every two seconds at most.
    /// </summary>
    public static void Sweep(string folder)
    {
        long now = Environment.TickCount64;
        if (s_swept.TryGetValue(folder, out long last) && now - last < SweepPauseMilliseconds)
        {
            return;
        }

        s_swept[folder] = now;
        try
        {
            foreach (string path in Find(folder, recurse: false))
            {
                _ = TryRemove(path, s_veryOldAge);
            }
        }
        catch (HarvestException)
        {
            // A folder that cannot be listed may still be written to; writing reports what is wrong.
        }
    }

    /// <summary>Temporary files and folders in the folder and, if asked, in all below it, sorted; linked folders are not entered.</summary>
    public static IReadOnlyList<string> Find(string folder, bool recurse)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var options = new EnumerationOptions
        {
            RecurseSubdirectories = recurse,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        try
        {
            string[] found =
            [
                .. Directory.GetFileSystemEntries(folder, $"{PendingFile.TemporaryPrefix}*", options)
                    .Where(static path => FileKinds.Of(path) is FileKind.Regular or FileKind.Folder),
            ];
            Array.Sort(found, StringComparer.Ordinal);
            return found;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, folder, "list");
        }
    }

    /// <summary>
    /// Deletes a temporary file that nobody writes any more: its process is gone, or it has not been touched for an hour
    /// (process ids are used again, and another machine's are unknown here), and no one holds it open.
    /// </summary>
    public static bool TryRemove(string path) => TryRemove(path, s_oldAge);

    private static bool TryRemove(string path, TimeSpan oldAge)
    {
        try
        {
            DateTime written = File.GetLastWriteTimeUtc(path);
            bool stale = !IsAlive(ProcessOf(path), written) || DateTime.UtcNow - written > oldAge;
            if (!stale)
            {
                return false;
            }

            switch (FileKinds.Of(path))
            {
                case FileKind.Folder:
                    return SetAsideFolder.TryDelete(path);
                case FileKind.Regular:
                    break;
                default:
                    // No process of ours leaves a link or a pipe; opening a pipe would wait for its writer.
                    return false;
            }

            // Opened without sharing to see whether a writer on this or another machine holds its lock.
            using (FileFaults.Open(path, FileMode.Open, FileAccess.Read, FileShare.None, 1))
            {
            }

            FileAccessBits.ClearForReplacement(path);
            FileFaults.Before(FileCall.Delete, path);
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return false;
        }
    }

    /// <summary>The process of this machine that wrote the file, by its name; null where the name does not say.</summary>
    internal static int? ProcessOf(string path)
    {
        string[] parts = Path.GetFileName(path).Split('-');
        return (parts.Length == 3 || (parts.Length == 4 && parts[3] == Machine)) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    /// <summary>The space in which numbers of processes count, where it is not that of the whole machine; else empty.</summary>
    private static string ProcessSpace()
    {
        // PROC_PID_INIT_INO of the kernel.
        const string OfTheMachine = "pid:[4026531836]";
        try
        {
            return OperatingSystem.IsLinux() && new FileInfo("/proc/self/ns/pid").LinkTarget is { } space && space != OfTheMachine ? space : "";
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return "";
        }
    }

    /// <summary>Whether the process may still be there. One that began after the file was written has only got the same number.</summary>
    private static bool IsAlive(int? id, DateTime written)
    {
        if (id is null)
        {
            return true;
        }

        try
        {
            using Process process = Process.GetProcessById(id.Value);
            return !process.HasExited && process.StartTime.ToUniversalTime() <= written + s_clockGrain;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception exception) when (exception is InvalidOperationException or NotSupportedException or System.ComponentModel.Win32Exception)
        {
            // It exists, but belongs to someone else.
            return true;
        }
    }
}
