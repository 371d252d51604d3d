using System.Globalization;
using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>An object that was moved out of the archive's reach since nothing needed it.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Since">The day on which it was moved.</param>
/// <param name="Path">Full path of the file.</param>
internal sealed record SetAsideObject(string Sha256, long Bytes, DateOnly Since, string Path);

/// <summary>
/// Objects that nothing reached, below <c>unreachable/</c> in the archive's folder, one folder a day: <c>unreachable/2026-03-01/abcd…</c>.
/// Moving one there and back is one rename, so that a killed process leaves it in one of the two places and never in none.
/// </summary>
/// <remarks>
/// The day is the folder's name and no time of a file: copies and backups change those. It is apart from the quarantine of damaged
/// objects, which are evidence and are not removed by themselves.
/// </remarks>
/// <param name="folder">Full path of the archive.</param>
internal sealed class UnreachableObjects(string folder)
{
    public const string FolderName = "unreachable";
    private const string DayForm = "yyyy-MM-dd";

    /// <summary>Full path of the folder; it need not exist.</summary>
    public string Folder { get; } = Path.Combine(folder, FolderName);

    /// <summary>Moves an object here.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="sha256">Its hash.</param>
    /// <param name="day">The present day.</param>
    /// <exception cref="HarvestException">The file system refuses; the object is where it was.</exception>
    public void Put(string path, string sha256, DateOnly day)
    {
        string target = Path.Combine(Folder, day.ToString(DayForm, CultureInfo.InvariantCulture));
        FileKinds.RequireStoredFolder(Folder, "move to");
        FileKinds.RequireStoredFolder(target, "move to");
        DurableFolder.Ensure(target);
        try
        {
            PendingFile.Replace(path, Path.Combine(target, sha256));
            DurableFolder.Flush(target);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "set aside");
        }
    }

    /// <summary>Where the object is here, the last day's first; null where it is not.</summary>
    public string? Find(string sha256)
    {
        // One look where there is no such folder, as in nearly every archive: it is asked of each object that is not at its place.
        if (FileKinds.Of(Folder) != FileKind.Folder)
        {
            return null;
        }

        foreach (string day in Days())
        {
            string path = Path.Combine(day, sha256);
            if (FileKinds.Of(path) == FileKind.Regular)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Everything that is here. The same object may be here from several days.</summary>
    /// <exception cref="HarvestException">The folder cannot be listed.</exception>
    public IEnumerable<SetAsideObject> List()
    {
        foreach (string day in Days())
        {
            var since = DateOnly.ParseExact(Path.GetFileName(day), DayForm, CultureInfo.InvariantCulture);
            foreach (FoundName found in StoreWalk.Of(day, recurse: false))
            {
                if (found.Kind == FileKind.Regular && Sha256Text.IsNormal(found.Name))
                {
                    yield return new SetAsideObject(found.Name, BytesOf(found.Path), since, found.Path);
                }
            }
        }
    }

    /// <summary>Removes one for good; false where another process took it back or removed it meanwhile.</summary>
    /// <exception cref="HarvestException">The file system refuses.</exception>
    public static bool Remove(SetAsideObject one)
    {
        try
        {
            FileKinds.RequireStored(one.Path, "remove");
            if (!File.Exists(one.Path))
            {
                return false;
            }

            FileAccessBits.ClearForReplacement(one.Path);
            FileFaults.Before(FileCall.Delete, one.Path);
            File.Delete(one.Path);
            return true;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, one.Path, "remove");
        }
    }

    /// <summary>Removes the folders of days from which everything went.</summary>
    public void RemoveEmptyDays()
    {
        foreach (string day in Days())
        {
            try
            {
                if (!Directory.EnumerateFileSystemEntries(day).Any())
                {
                    FileFaults.Before(FileCall.Delete, day);
                    Directory.Delete(day);
                }
            }
            catch (Exception exception) when (FileErrors.IsFileFault(exception))
            {
                // Empty or in use: the next run finds it again.
            }
        }
    }

    /// <summary>The last one first; what has no day for a name was put there by somebody else.</summary>
    private List<string> Days() => StoreWalk.Of(Folder, recurse: false)
        .Where(static found => found.Kind == FileKind.Folder && DateOnly.TryParseExact(found.Name, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        .Select(static found => found.Path)
        .OrderDescending(StringComparer.Ordinal)
        .ToList();

    private static long BytesOf(string path)
    {
        try
        {
            return new FileInfo(path).Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "list");
        }
    }
}
