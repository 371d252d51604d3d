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

    /// <summary>Links, folders, pipes and the like where an object belongs.</summary>
    public List<StoredObject> Obstacles { get; } = [];

    /// <summary>Full paths of links, pipes, sockets and devices elsewhere.</summary>
    public List<string> Special { get; } = [];

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
                case StoredKind.Obstacle:
                    inventory.Obstacles.Add(stored);
                    break;
                case StoredKind.Special:
                    inventory.Special.Add(stored.Path);
                    break;
                default:
                    inventory.Foreign.Add(stored.Path);
                    break;
            }
        }

        if (FileKinds.Of(archive.RecordsFolder) is not (FileKind.Folder or FileKind.None))
        {
            inventory.Special.Add(archive.RecordsFolder);
        }

        foreach (FoundName found in StoreWalk.Of(archive.RecordsFolder, recurse: true))
        {
            cancellation.ThrowIfCancellationRequested();
            bool isRecord = Path.GetExtension(found.Name) == ".json"
                && ExportArchive.IsRecordName(Path.GetFileNameWithoutExtension(found.Name))
                && Path.GetDirectoryName(found.Path) == archive.RecordsFolder;
            if (found.Kind == FileKind.Regular && !isRecord && !PendingFile.IsOwn(found.Name))
            {
                inventory.Foreign.Add(found.Path);
            }
            else if (found.Kind is not (FileKind.Regular or FileKind.Folder or FileKind.None))
            {
                inventory.Special.Add(found.Path);
            }
        }

        inventory.Objects.Sort(static (a, b) => string.CompareOrdinal(a.Sha256, b.Sha256));
        inventory.Misplaced.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        inventory.Foreign.Sort(StringComparer.Ordinal);
        inventory.Obstacles.Sort(static (a, b) => string.CompareOrdinal(a.Sha256, b.Sha256));
        return inventory;
    }
}
