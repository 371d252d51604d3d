using HarvestTools.Files;
using HarvestTools.Packs;
using HarvestTools.Manifests;
using HarvestTools.Work;

namespace HarvestTools.Archive;

/// <summary>
/// Reads every archived object and compares it with its hash, and holds records, slices and the cache against what they say of
/// themselves; finds what is damaged, missing, unreferenced or stale, and puts it right if asked. Findings come as they are found, in an order that does not depend on threads.
/// </summary>
public sealed partial class ArchiveCheck
{
    private readonly ArchiveScope _scope;
    private long _objectsDone;
    private long _bytesDone;
    private HarvestException? _unasked;

    /// <param name="scope">What is checked; see <c>CheckArchive.Of</c>.</param>
    public ArchiveCheck(ArchiveScope scope)
    {
        _scope = scope;
    }

    /// <summary>Also repair: quarantine and restore, take the write permission away, remove old temporary files.</summary>
    public bool Repair { get; init; }

    /// <summary>How many objects are read at once; findings do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told from several threads, about every megabyte.</summary>
    public IProgress<ArchiveProgress>? Progress { get; init; }

    /// <summary>How the front end writes the commands of remedies.</summary>
    public ICommandSpelling Commands { get; init; } = NeutralSpelling.Instance;

    /// <summary>How many objects there are; known once <see cref="Run"/> has begun.</summary>
    public long Objects { get; private set; }

    /// <summary>True where there was no archive when <see cref="Run"/> began, as in a clone: git does not keep it.</summary>
    public bool Absent { get; private set; }

    /// <summary>How many bytes they have.</summary>
    public long Bytes { get; private set; }

    /// <summary>True once <see cref="Run"/> has come to its end without a fault that stands.</summary>
    public bool Whole { get; private set; }

    /// <summary>Checks everything, as the caller asks for the findings.</summary>
    /// <exception cref="HarvestException">The archive's folder cannot be listed; harvest.json is at fault.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<ArchiveFinding> Run(CancellationToken cancellation = default)
    {
        Whole = false;
        bool faults = false;
        bool repaired = false;
        foreach (ArchiveFinding finding in Findings(cancellation))
        {
            faults |= finding.IsFault;
            repaired |= finding.Repaired;
            yield return finding with { Commands = Commands };
        }

        if (repaired)
        {
            // What there is now was brought by the repair itself, and verified as it was copied, or was here before.
            ArchiveInventory made = ArchiveInventory.Take(_scope.Archive, cancellation);
            Objects = made.Objects.Count;
            Bytes = made.Objects.Sum(static stored => stored.Bytes);
        }

        Whole = !faults;
    }

    private IEnumerable<ArchiveFinding> Findings(CancellationToken cancellation)
    {
        ExportArchive archive = _scope.Archive;
        archive.DistrustRecords();

        Absent = archive.IsAbsent();

        // Records before all else: what they refer to is known once they are right.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        if (Repair)
        {
            foreach (ExportRecordEntry entry in archive.Records().Where(static entry => entry.Error is not null).ToList())
            {
                seen.Add(entry.Path);
                yield return ArchiveRepair.Record(archive, ArchiveReferences.UnreadableRecord(entry), cancellation);
            }
        }

        // The references first: what is archived meanwhile is then at worst called unreferenced, never missing.
        ArchiveReferences references = ArchiveReferences.Collect(archive, _scope.Slices, cancellation, Repair);
        ArchiveInventory inventory = ArchiveInventory.Take(archive, cancellation);
        var repair = new ArchiveRepair(archive, references, _scope.Resolve, _scope.KnownBytes, _scope.BesideSlices);
        Objects = inventory.Objects.Count;
        Bytes = inventory.Objects.Sum(static stored => stored.Bytes);
        _objectsDone = 0;
        _bytesDone = 0;

        foreach (ArchiveFinding finding in references.Unreadable.Where(finding => !seen.Contains(finding.Path)))
        {
            yield return finding;
        }

        foreach (ManifestFault fault in references.Faults)
        {
            yield return new ArchiveFinding(
                ArchiveFindingKind.RecordDamaged, FindingSeverity.Error, fault.Version, _scope.Slices.PathOf(fault.Version),
                fault.Message, fault.Remedy(_scope.SlicesFolder));
        }

        foreach ((string version, string path, string parent) in references.Orphans)
        {
            yield return new ArchiveFinding(
                ArchiveFindingKind.ParentMissing, FindingSeverity.Warning, parent, path,
                $"Slice {version} follows slice {parent}, which is not here: its history ends there.",
                $"Restore it, for example with {new RemedyAction.RestoreFromGit($"{_scope.SlicesFolder}/{parent}")}, or from the commit before the one that removed it.");
        }

        foreach (StoredObject stray in inventory.Misplaced)
        {
            var finding = new ArchiveFinding(
                ArchiveFindingKind.Misplaced, FindingSeverity.Warning, stray.Sha256, stray.Path,
                $"'{stray.Path}' is named like an object but is not in the folder where that object belongs.", $"Run {new RemedyAction.RepairArchive()}.");
            yield return Repair ? repair.Misplaced(finding) : finding;
        }

        foreach (string file in inventory.Foreign)
        {
            yield return new ArchiveFinding(
                ArchiveFindingKind.Foreign, FindingSeverity.Warning, file, file,
                $"'{file}' is not a file of the archive.", "Move it elsewhere; it is never removed by a repair.");
        }

        foreach (StoredObject obstacle in inventory.Obstacles)
        {
            ArchiveFinding finding = SpecialFiles.InPlaceOf(obstacle, references);
            yield return Repair ? repair.Obstacle(finding) : finding;
        }

        foreach (string path in SpecialFiles.Find(archive, inventory, _scope.Folders, cancellation))
        {
            ArchiveFinding finding = SpecialFiles.Of(archive, path);
            yield return Repair && finding.Severity == FindingSeverity.Error ? repair.Aside(finding) : finding;
        }

        // Patches last: what they are patches against may be put right before.
        ILookup<bool, StoredObject> patches = inventory.Objects.ToLookup(static stored => stored.Packed && PackFolder.TryLayout(new StoredPack(stored.Sha256, stored.Bytes, stored.Path))?.Anchor is not null);
        IEnumerable<List<ArchiveFinding>> examined = ((bool[])[false, true]).SelectMany(patch => OrderedWork.Run(
            patches[patch], stored => Examine(stored, references, cancellation), Threads, cancellation));
        foreach (ArchiveFinding finding in examined.SelectMany(static list => list))
        {
            yield return !Repair ? finding : finding.Kind switch
            {
                ArchiveFindingKind.Damaged when archive.Local.Packs.ObjectOf(finding.Path) is not null => repair.DamagedPack(finding),
                ArchiveFindingKind.Damaged => repair.Damaged(finding),
                ArchiveFindingKind.Writable => ArchiveRepair.Writable(finding),
                _ => finding,
            };
        }

        foreach (ArchiveFinding finding in Absent ? OfAbsent(references, inventory, repair, cancellation) : Missing(references, inventory, cancellation))
        {
            yield return Repair && !Absent ? repair.Missing(finding) : finding;
        }

        foreach (ArchiveFinding finding in OfRemote().Concat(OfRemovals(cancellation)))
        {
            yield return finding;
        }

        foreach (ArchiveFinding finding in Repair && !Absent ? new RecordsOfSlices(archive, references).Write(cancellation) : [])
        {
            yield return finding;
        }

        foreach (ArchiveFinding finding in _scope.OtherRecords())
        {
            yield return finding;
        }

        foreach (ArchiveFinding finding in _scope.Cache(Repair, cancellation))
        {
            yield return finding;
        }

        foreach (string file in FindStaleFiles())
        {
            var finding = new ArchiveFinding(
                ArchiveFindingKind.Stale, FindingSeverity.Information, file, file,
                $"'{file}' is a temporary file, still being written, or left behind by a process that was stopped.", $"Run {new RemedyAction.RepairArchive()} to remove old ones.");
            yield return Repair ? ArchiveRepair.Stale(finding) : finding;
        }
    }

    private List<ArchiveFinding> Examine(StoredObject stored, ArchiveReferences references, CancellationToken cancellation)
    {
        var findings = new List<ArchiveFinding>();
        try
        {
            var advance = new Advance(this);
            // Packed or unpacked since it was listed, it is read in the form that it has now.
            string actual = (stored.Packed ? _scope.Archive.Local.PackedHashNow(stored.Sha256, advance, cancellation) : null)
                ?? _scope.Archive.Objects.HashNow(stored.Sha256, advance, cancellation)
                ?? throw ArchiveErrors.ObjectNotFound(stored.Sha256);
            if (actual != stored.Sha256)
            {
                findings.Add(new ArchiveFinding(
                    ArchiveFindingKind.Damaged, FindingSeverity.Error, stored.Sha256, stored.Path,
                    $"'{stored.Path}' no longer has the hash it is named by: it is {actual}, and {references.Describe(stored.Sha256)}.",
                    references.AddAgain(stored.Sha256, atRecordedPath: false)));
            }
            else if (!references.Contains(stored.Sha256))
            {
                findings.Add(new ArchiveFinding(
                    ArchiveFindingKind.Unreferenced, FindingSeverity.Information, stored.Sha256, stored.Path,
                    $"No record and no slice refers to the object {stored.Sha256}.", Remedy.None));
            }

            if (stored.LocalPath is { } file && IsWritable(file))
            {
                findings.Add(new ArchiveFinding(
                    ArchiveFindingKind.Writable, FindingSeverity.Warning, stored.Sha256, stored.Path,
                    $"'{stored.Path}' is not read-only.", $"Run {new RemedyAction.RepairArchive()}."));
            }
        }
        catch (HarvestException error) when (stored.Packed && error.Fault == HarvestFault.Damaged)
        {
            // Of a patch, what is damaged may be what it is a patch against.
            bool own = Equals(error.Subject, stored.Sha256);
            findings.Add(new ArchiveFinding(
                ArchiveFindingKind.Damaged, FindingSeverity.Error, stored.Sha256, stored.Path,
                $"{error.Message}{(own ? "" : $" '{stored.Path}' is a patch against it.")} {Sentence(references.Describe(stored.Sha256))}.",
                references.AddAgain(stored.Sha256, atRecordedPath: false)));
        }
        catch (HarvestException error)
        {
            findings.Add(new ArchiveFinding(
                ArchiveFindingKind.Unreadable, FindingSeverity.Error, stored.Sha256, stored.Path, error.Message, error.Remedy));
        }

        Report(1, 0);
        return findings;
    }

    /// <summary>False for a file that was moved since it was listed: wherever it is now, it has the permissions that it got there.</summary>
    private static bool IsWritable(string file)
    {
        try
        {
            return !FileAccessBits.IsReadOnly(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private void Report(int objects, long bytes)
    {
        long objectsDone = Interlocked.Add(ref _objectsDone, objects);
        long bytesDone = Interlocked.Add(ref _bytesDone, bytes);
        Progress?.Report(new ArchiveProgress(objectsDone, Objects, bytesDone, Bytes));
    }

    // The folders may be inside each other or anywhere in the repository: each file is named once.
    private IEnumerable<string> FindStaleFiles() =>
        _scope.Folders.SelectMany(static place => StaleFiles.Find(place.Folder, place.Recurse)).Distinct(StringComparer.Ordinal);

    /// <summary>Turns one file's bytes read so far into the check's.</summary>
    private sealed class Advance(ArchiveCheck check) : IProgress<long>
    {
        private long _before;

        public void Report(long value)
        {
            check.Report(0, value - _before);
            _before = value;
        }
    }
}
