using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Archive;

/// <summary>
/// Puts right what a check found, and never takes away bytes that something refers to: damaged files go to quarantine. What is a
/// link is renamed and never followed, so nothing outside the archive is moved or changed.
/// </summary>
/// <param name="archive">The archive.</param>
/// <param name="references">Who refers to what, with the paths from which it may be had again.</param>
/// <param name="resolve">The full path of a recorded one.</param>
/// <param name="known">Bytes that can be had without a file, by hash: the definition that harvest.json holds.</param>
/// <param name="beside">Gives bytes that are kept beside slices, by hash; null where there are none.</param>
internal sealed class ArchiveRepair(
    ExportArchive archive,
    ArchiveReferences references,
    Func<string, string> resolve,
    IReadOnlyDictionary<string, byte[]> known,
    Func<string, byte[]?> beside)
{
    private HarvestException? _unasked;

    /// <summary>Moves a damaged object to quarantine and restores it if its bytes are found.</summary>
    public ArchiveFinding Damaged(ArchiveFinding finding) => Try(finding, () =>
    {
        // Another process may have put the right bytes there since they were read.
        return FileHash.Compute(finding.Path) == finding.Subject ? finding with { Repaired = true } : SetAsideAndRestore(finding);
    });

    /// <summary>Restores an object whose pack is damaged. The pack stays until then: the rest of it may be what others are patches against.</summary>
    public ArchiveFinding DamagedPack(ArchiveFinding finding) => Try(finding, () =>
    {
        ArchiveFinding restored = Restored(finding);
        if (restored.Repaired && archive.Local.LocalPath(finding.Subject) is not null)
        {
            restored = restored with { Message = $"{restored.Message} The pack was moved to '{archive.Local.Quarantine(finding.Path)}'." };
        }

        return restored;
    });

    public ArchiveFinding Missing(ArchiveFinding finding) => Try(finding, () => Restored(finding));

    /// <summary>Moves what is in an object's place to quarantine, as it is, and restores the object if its bytes are found.</summary>
    public ArchiveFinding Obstacle(ArchiveFinding finding) => Try(finding, () => SetAsideAndRestore(finding));

    /// <summary>Moves what is in the place of a folder of objects to quarantine, as it is.</summary>
    public ArchiveFinding Aside(ArchiveFinding finding) => Try(finding, () =>
        finding with { Message = $"{finding.Message} It was moved to '{archive.Local.Quarantine(finding.Path)}'.", Repaired = true });

    /// <summary>Puts a record that cannot be believed right, or makes it again of the archived export.</summary>
    public static ArchiveFinding Record(ExportArchive archive, ArchiveFinding finding, CancellationToken cancellation) => Try(finding, () =>
    {
        string? how = new RecordRescue(archive).Mend(finding.Path, () => ReadExport(archive, ExportArchive.Sha256Of(finding.Path), cancellation));
        return how is null ? finding : finding with { Message = $"{finding.Message} {how}", Repaired = true };
    });

    internal static ExportFingerprint? ReadExport(ExportArchive archive, string sha256, CancellationToken cancellation)
    {
        try
        {
            return Read(withLabels: true);
        }
        catch (HarvestException fault) when (fault.Fault == HarvestFault.InvalidData)
        {
            // Archived without reading its labels, which cannot be read.
            return Read(withLabels: false);
        }

        ExportFingerprint? Read(bool withLabels)
        {
            using ObjectContent? content = archive.Verified.TryOpen(sha256, cancellation);
            return content is null ? null
                : ExportFingerprint.Compute(content.Stream, archive.Verified.Name, null, withLabels, cancellation: cancellation);
        }
    }

    /// <summary>Moves an object to where it belongs, if its bytes are right and nothing is there.</summary>
    public ArchiveFinding Misplaced(ArchiveFinding finding) => Try(finding, () =>
    {
        string target = archive.Local.PathOf(finding.Subject);
        if (FileKinds.Of(target) != FileKind.None || FileHash.Compute(finding.Path) != finding.Subject)
        {
            return finding;
        }

        archive.Local.RequireFolders(target, "write");
        DurableFolder.Ensure(Path.GetDirectoryName(target)!);
        PendingFile.Replace(finding.Path, target);
        FileAccessBits.MakeReadOnly(target);
        DurableFolder.Flush(Path.GetDirectoryName(target)!);
        return finding with { Repaired = true };
    });

    public static ArchiveFinding Writable(ArchiveFinding finding) => Try(finding, () =>
    {
        if (FileKinds.Of(finding.Path) == FileKind.None)
        {
            // It was damaged too, and is in quarantine.
            return finding with { Repaired = true };
        }

        // A link has no permissions of its own: what it leads to would get them.
        FileKinds.RequireStored(finding.Path, "protect");
        FileAccessBits.MakeReadOnly(finding.Path);
        return finding with { Repaired = true };
    });

    public static ArchiveFinding Stale(ArchiveFinding finding) =>
        StaleFiles.TryRemove(finding.Path) ? finding with { Repaired = true } : finding;

    internal static ArchiveFinding Try(ArchiveFinding finding, Func<ArchiveFinding> repair)
    {
        try
        {
            return repair();
        }
        catch (HarvestException error)
        {
            return Failed(finding, error);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            return Failed(finding, FileErrors.From(exception, finding.Path, "repair"));
        }
    }

    /// <summary>The finding with the cause for which its repair failed. One that the file system has is the command's too.</summary>
    private static ArchiveFinding Failed(ArchiveFinding finding, HarvestException cause) => finding with
    {
        Message = $"{finding.Message} The repair failed: {cause.Message}",
        Fix = cause.Remedy,
        RepairFault = finding.Severity == FindingSeverity.Error && cause.Fault == HarvestFault.FileSystem ? cause : null,
    };

    private ArchiveFinding SetAsideAndRestore(ArchiveFinding finding)
    {
        string quarantined = archive.Local.Quarantine(finding.Path);
        finding = finding with { Message = $"{finding.Message} It was moved to '{quarantined}'." };
        return references.Contains(finding.Subject) || known.ContainsKey(finding.Subject)
            ? Try(finding, () => Restored(finding))
            : finding with { Repaired = finding.Kind == ArchiveFindingKind.NotAFile };
    }

    /// <summary>The finding once its object was looked for wherever its bytes may be.</summary>
    private ArchiveFinding Restored(ArchiveFinding finding)
    {
        (string? source, HarvestException? cause) = Restore(finding.Subject);
        return source is not null ? finding with { Message = $"{finding.Message} The object was restored from {source}.", Repaired = true }
            : cause is not null ? Failed(finding, cause)
            : finding;
    }

    /// <summary>Where the object was restored from; null where its bytes are not available, with what was in the way of the first source.</summary>
    private (string? Source, HarvestException? Cause) Restore(string sha256)
    {
        if (known.TryGetValue(sha256, out byte[]? bytes))
        {
            archive.Objects.AddBytes(bytes);
            return ("harvest.json", null);
        }

        if (beside(sha256) is { } kept)
        {
            archive.Objects.AddBytes(kept);
            return ("the definition beside a slice", null);
        }

        HarvestException? cause = null;
        foreach (ArchiveReference reference in references.Of(sha256).Where(static reference => reference.Path is not null).DistinctBy(static reference => reference.Path, StringComparer.Ordinal))
        {
            string path = reference.Path!;
            try
            {
                string full = resolve(path);
                if (File.Exists(full) && TryCopy(full, sha256, unpack: !reference.OfProgram))
                {
                    return ($"'{path}'", null);
                }
            }
            catch (HarvestException fault)
            {
                // The next source may do; where none does, this is why.
                cause ??= fault;
            }
        }

        if (_unasked is not null)
        {
            return (null, cause ?? _unasked);
        }

        try
        {
            // Last, since it may be far away.
            return archive.TryRestore(sha256) ? ("the remote", null) : (null, cause);
        }
        catch (HarvestException fault)
        {
            // It is not waited for again for each of the others.
            _unasked = fault.Fault == HarvestFault.Remote ? fault : null;
            return (null, cause ?? fault);
        }
    }

    private bool TryCopy(string source, string sha256, bool unpack)
    {
        using (FileStream input = AtomicFile.OpenRead(source, bufferBytes: 0))
        {
            if (archive.Objects.TryAdd(sha256, input, source) is not null)
            {
                return true;
            }
        }

        if (!unpack)
        {
            return false;
        }

        // The export may be the JSON in a gzip or zip, or what a Git LFS pointer names.
        using var content = ExportContent.Of(AtomicFile.OpenRead(source, bufferBytes: 0), source);
        return (content.Entry is not null || content.File.Name != source) && archive.Objects.TryAdd(sha256, content.Stream, content.Name) is not null;
    }
}
