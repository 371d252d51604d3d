using HarvestTools.Files;
using HarvestTools.Json;

namespace HarvestTools.Archive;

/// <summary>
/// Findings of what is in the store and is no file of it: links, pipes, sockets, devices. None is opened or followed: a link may
/// lead into another archive or into the system, and a pipe waits for a writer.
/// </summary>
internal static class SpecialFiles
{
    private const int ShardDigits = 2;

    /// <summary>Full paths of all that are in the folders of the store, sorted, each once; those where an object belongs are apart.</summary>
    /// <param name="archive">The archive; what was set aside in its quarantine is left out.</param>
    /// <param name="inventory">What is in the archive's folders.</param>
    /// <param name="folders">The folders of the store, and whether all below them are.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="HarvestException">A folder cannot be listed.</exception>
    public static IReadOnlyList<string> Find(
        ExportArchive archive, ArchiveInventory inventory, IReadOnlyList<(string Folder, bool Recurse)> folders, CancellationToken cancellation)
    {
        var found = new SortedSet<string>(inventory.Special, StringComparer.Ordinal);
        HashSet<string> apart = [.. inventory.Obstacles.Select(static stored => stored.Path)];
        foreach ((string folder, _) in folders.Where(static place => place.Recurse))
        {
            foreach (FoundName name in StoreWalk.Of(folder, recurse: true, path => path != archive.Local.QuarantineFolder && !apart.Contains(path)))
            {
                cancellation.ThrowIfCancellationRequested();
                if (name.Kind is not (FileKind.Regular or FileKind.Folder or FileKind.None) && !apart.Contains(name.Path))
                {
                    found.Add(name.Path);
                }
            }
        }

        return [.. found];
    }

    /// <summary>The finding of something where an object belongs.</summary>
    /// <param name="obstacle">What is there.</param>
    /// <param name="references">Who refers to the object.</param>
    public static ArchiveFinding InPlaceOf(StoredObject obstacle, ArchiveReferences references)
    {
        string what = FileKinds.Describe(FileKinds.Of(obstacle.Path), obstacle.Path);
        bool needed = references.Contains(obstacle.Sha256);
        return new ArchiveFinding(
            ArchiveFindingKind.NotAFile, needed ? FindingSeverity.Error : FindingSeverity.Warning, obstacle.Sha256, obstacle.Path,
            $"'{obstacle.Path}' is {what}, where an object belongs; {references.Describe(obstacle.Sha256)}.",
            needed ? references.AddAgain(obstacle.Sha256, atRecordedPath: true) : $"Run {new RemedyAction.RepairArchive()}, which sets it aside.");
    }

    /// <summary>The finding of one elsewhere: an error where it is in the place of a folder of objects, which are then out of reach.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="path">What was found.</param>
    public static ArchiveFinding Of(ExportArchive archive, string path)
    {
        string what = FileKinds.Describe(FileKinds.Of(path), path);
        return IsPlaceOfFolder(archive, path)
            ? new ArchiveFinding(
                ArchiveFindingKind.NotAFile, FindingSeverity.Error, path, path,
                $"'{path}' is {what}, where a folder of objects belongs. It was not followed.",
                $"Run {new RemedyAction.RepairArchive()}, which sets it aside and restores the objects that are still at their recorded paths.")
            : new ArchiveFinding(
                ArchiveFindingKind.NotAFile, FindingSeverity.Warning, path, path,
                $"'{path}' is {what} and not a file of the store. It was not followed.", "Move it elsewhere; it is never removed by a repair.");
    }

    private static bool IsPlaceOfFolder(ExportArchive archive, string path) =>
        path == archive.Local.ObjectsFolder
        || (Path.GetDirectoryName(path) == archive.Local.ObjectsFolder && Path.GetFileName(path) is { Length: ShardDigits } name && Sha256Text.IsHex(name));
}
