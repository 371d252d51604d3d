using HarvestTools.Files;

namespace HarvestTools.Archive;

/// <summary>What is in the archive's folders, without a look into any file.</summary>
internal sealed class ArchiveInventory
{
    /// <summary>By hash.</summary>
    public List<StoredObject> Objects { get; } = [];

    /// <summary>Files named like an object that are not where that object belongs.</summary>
    public List<StoredObject> Misplaced { get; } = [];

    /// <summary>Files that the archive does not know; temporary files are not among them.</summary>
    public List<string> Foreign { get; } = [];

    public static ArchiveInventory Take(ExportArchive archive, CancellationToken cancellation)
    {
        var inventory = new ArchiveInventory();
        foreach (StoredObject stored in archive.Objects.List(cancellation: cancellation))
        {
            switch (stored.Kind)
            {
                case StoredKind.Object:
                    inventory.Objects.Add(stored);
                    break;
                case StoredKind.Misplaced:
                    inventory.Misplaced.Add(stored);
                    break;
                default:
                    inventory.Foreign.Add(stored.Path);
                    break;
            }
        }

        try
        {
            foreach (FileInfo file in Files(archive.RecordsFolder))
            {
                bool isRecord = file.Extension == ".json"
                    && ExportArchive.IsRecordName(Path.GetFileNameWithoutExtension(file.Name))
                    && file.DirectoryName == archive.RecordsFolder;
                if (!isRecord && !PendingFile.IsOwn(file.Name))
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

    private static IEnumerable<FileInfo> Files(string folder) => Directory.Exists(folder)
        ? new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        : [];
}
