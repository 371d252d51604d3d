using System.Diagnostics;
using System.Globalization;

namespace HarvestTools.Files;

/// <summary>Temporary files that a killed process left behind. They take space and do no other harm.</summary>
internal static class StaleFiles
{
    private static readonly TimeSpan s_oldAge = TimeSpan.FromHours(1);

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
    public static bool TryRemove(string path)
    {
        try
        {
            bool stale = !IsAlive(ProcessOf(path)) || DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > s_oldAge;
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
            using (new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, 1))
            {
            }

            FileAccessBits.ClearForReplacement(path);
            File.Delete(path);
            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return false;
        }
    }

    /// <summary>The process that wrote the file, by its name; null where the name does not say.</summary>
    internal static int? ProcessOf(string path)
    {
        string[] parts = Path.GetFileName(path).Split('-');
        return parts.Length == 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : null;
    }

    private static bool IsAlive(int? id)
    {
        if (id is null)
        {
            return true;
        }

        try
        {
            using Process process = Process.GetProcessById(id.Value);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It exists, but belongs to someone else.
            return true;
        }
    }
}
