using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>One object as it lies on disk.</summary>
internal sealed record StoredObject(string Sha256, string Path, long Bytes);

/// <summary>What lies in the archive's folders, without a look into any file.</summary>
internal sealed class ArchiveInventory
{
    /// <summary>By hash.</summary>
    public List<StoredObject> Objects { get; } = [];

    /// <summary>Files named like an object that do not lie where that object belongs.</summary>
    public List<StoredObject> Misplaced { get; } = [];

    /// <summary>Files that the archive does not know; temporary files are not among them.</summary>
    public List<string> Foreign { get; } = [];

    public static ArchiveInventory Take(ExportArchive archive)
    {
        var inventory = new ArchiveInventory();
        ObjectStore store = archive.Objects;
        try
        {
            foreach (FileInfo file in Files(store.ObjectsFolder, recurse: true))
            {
                inventory.Sort(store, file);
            }

            foreach (FileInfo file in Files(archive.RecordsFolder, recurse: true))
            {
                bool isRecord = file.Extension == ".json"
                    && ExportArchive.IsRecordName(Path.GetFileNameWithoutExtension(file.Name))
                    && file.DirectoryName == archive.RecordsFolder;
                if (!isRecord && !IsOwn(file.Name))
                {
                    inventory.Foreign.Add(file.FullName);
                }
            }
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, archive.Folder, "list");
        }

        inventory.Objects.Sort(static (a, b) => string.CompareOrdinal(a.Sha256, b.Sha256));
        inventory.Misplaced.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        inventory.Foreign.Sort(StringComparer.Ordinal);
        return inventory;
    }

    private static IEnumerable<FileInfo> Files(string folder, bool recurse) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = recurse, AttributesToSkip = 0, IgnoreInaccessible = false })
        : [];

    private static bool IsOwn(string name) => name.StartsWith(PendingFile.TemporaryPrefix, StringComparison.Ordinal) || name == ".lock";

    private void Sort(ObjectStore store, FileInfo file)
    {
        if (IsOwn(file.Name))
        {
            return;
        }

        if (!Sha256Text.IsNormal(file.Name))
        {
            Foreign.Add(file.FullName);
            return;
        }

        var found = new StoredObject(file.Name, file.FullName, file.Length);
        (file.FullName == store.PathOf(file.Name) ? Objects : Misplaced).Add(found);
    }
}
