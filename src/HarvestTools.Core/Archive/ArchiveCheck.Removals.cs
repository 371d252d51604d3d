namespace HarvestTools.Archive;

/// <summary>What was removed, and what waits for it.</summary>
public sealed partial class ArchiveCheck
{
    private IEnumerable<ArchiveFinding> OfRemovals(CancellationToken cancellation)
    {
        foreach (ArchiveFinding finding in DamagedSetAside(cancellation))
        {
            yield return finding;
        }

        (string path, IReadOnlyList<int> lines) = (RemovalLog.FileName, []);
        ArchiveFinding? unread = null;
        try
        {
            (path, lines) = _scope.Archive.Removals.Damaged();
        }
        catch (HarvestException fault)
        {
            // The rest of the check goes on: no object depends on it.
            unread = new ArchiveFinding(ArchiveFindingKind.Unreadable, FindingSeverity.Warning, RemovalLog.FileName, fault.Subject as string ?? path, fault.Message, fault.Remedy);
        }

        if (unread is not null)
        {
            yield return unread;
        }

        foreach (int line in lines)
        {
            yield return new ArchiveFinding(
                ArchiveFindingKind.Unreadable, FindingSeverity.Warning, RemovalLog.FileName, path,
                $"Line {line} of '{path}' is not as it was written. Which object was removed is not known from it: one that a slice names counts as missing.",
                "Remove the line. What it hid can be seen in a copy of the file from before, if there is one.");
        }
    }

    /// <summary>
    /// What nothing needs is read too while it waits to be removed: until then it may be needed again, and may be the last copy. A repair
    /// leaves it: taken away it would count as lost, and its removal is remembered.
    /// </summary>
    private IEnumerable<ArchiveFinding> DamagedSetAside(CancellationToken cancellation)
    {
        foreach (SetAsideObject one in _scope.Archive.Local.Unreachable.List().OrderBy(static one => one.Path, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            if (_scope.Archive.Local.WhyNotWhole(one, cancellation) is { } why)
            {
                yield return new ArchiveFinding(
                    ArchiveFindingKind.Damaged, FindingSeverity.Warning, one.Sha256, one.Path,
                    $"'{one.Path}', which waits to be removed since nothing needs it, {why}: it cannot come back.",
                    "Nothing need be done unless it is needed again; then add the file with that hash again.");
            }
        }
    }
}
