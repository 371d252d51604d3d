using System.Globalization;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Packs;

namespace HarvestTools.Archive;

/// <summary>An object that was moved out of the archive's reach since nothing needed it.</summary>
/// <param name="Sha256">Its hash.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Since">The day on which it was moved.</param>
/// <param name="Path">Full path of the file.</param>
internal sealed record SetAsideObject(string Sha256, long Bytes, DateOnly Since, string Path)
{
    /// <summary>Whether the file is the object's pack and not its plain bytes.</summary>
    public bool Packed { get; init; }

    /// <summary>Whether it went since a slice that names it was let go, and not since nothing named it.</summary>
    public bool Released { get; init; }
}

/// <summary>
/// Objects that nothing reached, below <c>unreachable/</c> in the archive's folder, one folder a day: <c>unreachable/2026-03-01/abcd…</c>
/// as plain bytes, <c>abcd….pack</c> as it was packed: unpacked it would take more of the disk here than it did before. What slices name
/// that were let go is in <c>unreachable/2026-03-01-released/</c>: that they name it takes nothing back from there.
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
    private const string ReleasedSuffix = "-released";

    /// <summary>Full path of the folder; it need not exist.</summary>
    public string Folder { get; } = Path.Combine(folder, FolderName);

    /// <summary>Moves an object here, its plain bytes or its pack, under the name that the file has.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="day">The present day.</param>
    /// <param name="released">Whether it goes though slices name it, which were let go.</param>
    /// <exception cref="HarvestException">The file system refuses; the object is where it was.</exception>
    public void Put(string path, DateOnly day, bool released = false)
    {
        string target = Path.Combine(Folder, day.ToString(DayForm, CultureInfo.InvariantCulture) + (released ? ReleasedSuffix : ""));
        FileKinds.RequireStoredFolder(Folder, "move to");
        FileKinds.RequireStoredFolder(target, "move to");
        DurableFolder.Ensure(target);
        try
        {
            PendingFile.Replace(path, Path.Combine(target, Path.GetFileName(path)));
            DurableFolder.Flush(target);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, path, "set aside");
        }
    }

    /// <summary>Where the object's plain bytes are here, the last day's first; null where they are not.</summary>
    public string? Find(string sha256) => FindFile(sha256);

    /// <summary>Where the object's pack is here, the last day's first; null where it is not.</summary>
    public string? FindPack(string sha256) => FindFile(sha256 + PackFolder.Suffix);

    /// <summary>The object that a file here is the pack of, by its name and place; null for another file.</summary>
    public string? PackedObjectOf(string path) =>
        Path.GetDirectoryName(Path.GetDirectoryName(path)) == Folder && Path.GetExtension(path) == PackFolder.Suffix
            && Path.GetFileNameWithoutExtension(path) is var sha256 && Sha256Text.IsNormal(sha256) ? sha256 : null;

    /// <summary>Whether the object is here in either form.</summary>
    public bool Has(string sha256) => Find(sha256) is not null || FindPack(sha256) is not null;

    private string? FindFile(string name)
    {
        // One look where there is no such folder, as in nearly every archive: it is asked of each object that is not at its place.
        if (FileKinds.Of(Folder) != FileKind.Folder)
        {
            return null;
        }

        foreach (string day in Days())
        {
            string path = Path.Combine(day, name);
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
            (DateOnly since, bool released) = DayOf(Path.GetFileName(day))!.Value;
            foreach (FoundName found in StoreWalk.Of(day, recurse: false))
            {
                bool packed = found.Name.EndsWith(PackFolder.Suffix, StringComparison.Ordinal);
                string sha256 = packed ? found.Name[..^PackFolder.Suffix.Length] : found.Name;
                if (found.Kind == FileKind.Regular && Sha256Text.IsNormal(sha256))
                {
                    yield return new SetAsideObject(sha256, BytesOf(found.Path), since, found.Path) { Packed = packed, Released = released };
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
        .Where(static found => found.Kind == FileKind.Folder && DayOf(found.Name) is not null)
        .Select(static found => found.Path)
        .OrderDescending(StringComparer.Ordinal)
        .ToList();

    private static (DateOnly Since, bool Released)? DayOf(string name)
    {
        bool released = name.EndsWith(ReleasedSuffix, StringComparison.Ordinal);
        return DateOnly.TryParseExact(released ? name[..^ReleasedSuffix.Length] : name, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly since) ? (since, released) : null;
    }

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
