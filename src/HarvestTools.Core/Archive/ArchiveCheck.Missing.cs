using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Archive;

/// <summary>What slices and records refer to and the archive does not have.</summary>
public sealed partial class ArchiveCheck
{
    private IEnumerable<ArchiveFinding> Missing(ArchiveReferences references, ArchiveInventory inventory, CancellationToken cancellation)
    {
        ExportArchive archive = _scope.Archive;

        // What has something else in its place has its finding.
        var listed = inventory.Objects.Concat(inventory.Obstacles).Select(static stored => stored.Sha256).ToHashSet(StringComparer.Ordinal);
        string[] unlisted =
        [
            // Asking for what was set aside takes it back: what records alone have stays there, since nothing needs it.
            .. references.Hashes.Where(sha256 => !listed.Contains(sha256) && (references.IsOfSlice(sha256) || !archive.Local.Unreachable.Has(sha256))),
        ];

        // Asked again: a repair of a misplaced object, or another process, may have put it there since.
        IReadOnlySet<string> present = archive.ContainsAsFarAsKnown(unlisted, out HarvestException? unasked, cancellation);
        _unasked = unasked;
        foreach (string sha256 in unlisted)
        {
            if (!present.Contains(sha256) && archive.RemovedAt(sha256) is null && archive.RemovedByRetention(sha256) is null)
            {
                yield return new ArchiveFinding(
                    ArchiveFindingKind.Missing, FindingSeverity.Error, sha256, archive.Local.PathOf(sha256),
                    $"The object {sha256} is not in the archive, though {references.Describe(sha256)}{(unasked is null ? "" : "; whether the remote has it is not known")}.",
                    references.AddAgain(sha256, atRecordedPath: true));
            }
        }
    }

    /// <summary>Why the remote did not say whether it has what is missing; nothing where it said so, or nothing is missing.</summary>
    private IEnumerable<ArchiveFinding> OfRemote() => _unasked is null ? [] :
    [
        new ArchiveFinding(
            ArchiveFindingKind.RemoteUnasked, FindingSeverity.Warning, _scope.Archive.Folder, _scope.Archive.Folder,
            $"The remote could not be asked for what is missing here: {_unasked.Message}", _unasked.Remedy),
    ];

    /// <summary>
    /// In a clone everything is missing for one reason, which is said once. A repair takes what is at recorded paths, and says
    /// once what it did not find.
    /// </summary>
    private IEnumerable<ArchiveFinding> OfAbsent(
        ArchiveReferences references, ArchiveInventory inventory, ArchiveRepair repair, CancellationToken cancellation)
    {
        var left = new List<string>();
        foreach (ArchiveFinding finding in Missing(references, inventory, cancellation))
        {
            ArchiveFinding now = Repair ? repair.Missing(finding) : finding;
            if (now.Repaired || now.RepairFault is not null)
            {
                yield return now;
            }
            else
            {
                left.Add(now.Subject);
            }
        }

        int recorded = 0;
        var records = new RecordsOfSlices(_scope.Archive, references);
        foreach (ArchiveFinding finding in Repair ? records.Write(cancellation) : [])
        {
            recorded += finding.Repaired ? 1 : 0;
            if (!finding.Repaired)
            {
                yield return finding;
            }
        }

        if (left.Count > 0)
        {
            SliceExport[] exports = [.. left.Select(sha256 => references.Exports.GetValueOrDefault(sha256)).OfType<SliceExport>()];
            ArchiveFinding absent = Repair ? StillAbsent(references, exports, left.Count - exports.Length) : StoreAbsent(references);
            yield return absent with { Message = string.Join(' ', [absent.Message, .. records.Newer]) };
        }
        else if (recorded > 0)
        {
            yield return new ArchiveFinding(
                ArchiveFindingKind.StoreAbsent, FindingSeverity.Information, _scope.Archive.Folder, _scope.Archive.Folder,
                $"The archive was made again of what slices name: {Figures.Count(recorded, "export")} {(recorded == 1 ? "is" : "are")} archived and recorded again.{string.Join("", records.Newer.Select(static newer => $" {newer}"))} Exports that no slice names are not in it.",
                Remedy.None, Repaired: true);
        }
    }

    private ArchiveFinding StoreAbsent(ArchiveReferences references)
    {
        string folder = _scope.Archive.Folder;
        return new ArchiveFinding(
            ArchiveFindingKind.StoreAbsent, FindingSeverity.Error, folder, folder,
            $"There is no archive here ('{folder}'), since git does not keep it: {Named(references)}, and nothing of {(references.Exports.Count == 1 ? "it" : "them")} can be checked.",
            $"Copy '{folder}' from a machine that has it, or run {new RemedyAction.RepairArchive()}, which archives what is still at its recorded path.");
    }

    /// <param name="references">What slices name.</param>
    /// <param name="exports">The exports that were found nowhere.</param>
    /// <param name="others">How many definitions and labeling configurations were found nowhere.</param>
    private ArchiveFinding StillAbsent(ArchiveReferences references, SliceExport[] exports, int others)
    {
        string folder = _scope.Archive.Folder;
        string what = exports.Length == 0
            ? $"{Figures.Count(others, "definition or labeling configuration", "definitions or labeling configurations")} that {Slices(references)} {(references.Slices.Count == 1 ? "needs" : "need")}"
            : $"{Figures.List([.. exports.Select(static export => $"{Figures.ShortHash(export.Sha256)} of project {export.Project} ({export.Path ?? export.Name ?? "no recorded path"})")], most: 6)}"
                + (others == 0 ? "" : $", with {Figures.Count(others, "definition or labeling configuration", "definitions or labeling configurations")}");
        return new ArchiveFinding(
            ArchiveFindingKind.StoreAbsent, FindingSeverity.Error, folder, folder,
            $"There was no archive here ('{folder}'): {Named(references)}, and no recorded path has {what}.",
            $"Copy '{folder}' from a machine that has it, or archive the files again with {new RemedyAction.AddExport()}.");
    }

    private static string Named(ArchiveReferences references) => references.Exports.Count == 0
        ? "records or slices name objects"
        : $"{Figures.Count(references.Exports.Count, "export")} {(references.Exports.Count == 1 ? "is" : "are")} named by {Slices(references)}";

    private static string Slices(ArchiveReferences references) =>
        $"{(references.Slices.Count == 1 ? "slice" : "slices")} {Figures.List(references.Slices)}";
}
