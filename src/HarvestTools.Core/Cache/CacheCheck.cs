using HarvestTools.Archive;
using HarvestTools.Files;

namespace HarvestTools.Cache;

/// <summary>
/// Holds what the cache has against the hashes it was written with. Nothing of it is lost where it is damaged: it counts as absent
/// and is derived again where it is needed. A repair removes it.
/// </summary>
/// <param name="folder">Full path of the cache.</param>
/// <param name="statCache">Hashes that were taken in this run alone.</param>
internal sealed class CacheCheck(string folder, Lazy<StatCache> statCache)
{
    public IEnumerable<ArchiveFinding> Run(bool repair, CancellationToken cancellation)
    {
        var parts = new PartStore(folder, statCache);
        foreach (string record in parts.Records())
        {
            cancellation.ThrowIfCancellationRequested();
            string part = Path.GetDirectoryName(record)!;
            if (parts.TryLoad(Path.GetFileName(part), episodes: true) is null && File.Exists(record))
            {
                yield return Damaged(
                    record, "the cached part of which this is the record is not as it was derived, since the record or one of its tables has other bytes", repair);
            }

            string people = Path.Combine(part, PartStore.PeopleName);
            if (parts.TryLoadPeople(Path.GetFileName(part), identity: null) is null && File.Exists(people))
            {
                yield return Damaged(people, "the cached list of who made a part's annotations is not as it was written", repair);
            }
        }

        var lists = new TaskLists(folder);
        foreach (string list in lists.Files())
        {
            cancellation.ThrowIfCancellationRequested();
            if (lists.TryLoad(Path.GetFileName(list)) is null && File.Exists(list))
            {
                yield return Damaged(list, "the cached list of an export's tasks is not as it was written", repair);
            }
        }
    }

    private static ArchiveFinding Damaged(string path, string what, bool repair)
    {
        var finding = new ArchiveFinding(
            ArchiveFindingKind.CacheDamaged, FindingSeverity.Warning, path, path,
            $"'{path}': {what}. It counts as absent and is derived again where it is needed.",
            $"Nothing need be done; {new RemedyAction.RepairArchive()} removes it.");
        return repair ? Remove(finding) : finding;
    }

    /// <summary>Removes the file that a finding is about.</summary>
    public static ArchiveFinding Remove(ArchiveFinding finding)
    {
        string path = finding.Path;
        try
        {
            FileAccessBits.ClearForReplacement(path);
            FileFaults.Before(FileCall.Delete, path);
            File.Delete(path);
            return finding with { Message = $"{finding.Message} It was removed.", Repaired = true };
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            HarvestException error = FileErrors.From(exception, path, "remove");
            return finding with { Message = $"{finding.Message} The repair failed: {error.Message}", Fix = error.Remedy };
        }
    }
}
