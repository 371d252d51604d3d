using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Archive;

/// <summary>Puts right what a check found, and never takes away bytes that something refers to: damaged files go to quarantine.</summary>
/// <param name="archive">The archive.</param>
/// <param name="references">Who refers to what, with the paths from which it may be had again.</param>
/// <param name="resolve">The full path of a recorded one.</param>
/// <param name="known">Bytes that can be had without a file, by hash: the definition that harvest.json holds.</param>
internal sealed class ArchiveRepair(
    ExportArchive archive, ArchiveReferences references, Func<string, string> resolve, IReadOnlyDictionary<string, byte[]> known)
{
    /// <summary>Moves a damaged object to quarantine and restores it if its bytes are to be had.</summary>
    public ArchiveFinding Damaged(ArchiveFinding finding) => Try(finding, () =>
    {
        // Another process may have put the right bytes there since they were read.
        if (FileHash.Compute(finding.Path) == finding.Subject)
        {
            return finding with { Repaired = true };
        }

        string quarantined = archive.Local.Quarantine(finding.Path);
        string? source = Restore(finding.Subject);
        return source is null
            ? finding with { Message = $"{finding.Message} It was moved to '{quarantined}'." }
            : finding with { Message = $"{finding.Message} It was moved to '{quarantined}' and restored from {source}.", Repaired = true };
    });

    public ArchiveFinding Missing(ArchiveFinding finding) => Try(finding, () =>
    {
        string? source = Restore(finding.Subject);
        return source is null ? finding : finding with { Message = $"{finding.Message} It was restored from {source}.", Repaired = true };
    });

    /// <summary>Puts a record that cannot be believed right, or makes it again of the archived export.</summary>
    public static ArchiveFinding Record(ExportArchive archive, ArchiveFinding finding, CancellationToken cancellation) => Try(finding, () =>
    {
        string? how = new RecordRescue(archive).Mend(finding.Path, () => ReadExport(archive, ExportArchive.Sha256Of(finding.Path), cancellation));
        return how is null ? finding : finding with { Message = $"{finding.Message} {how}", Repaired = true };
    });

    private static ExportFingerprint? ReadExport(ExportArchive archive, string sha256, CancellationToken cancellation)
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
        if (File.Exists(target) || FileHash.Compute(finding.Path) != finding.Subject)
        {
            return finding;
        }

        DurableFolder.Ensure(Path.GetDirectoryName(target)!);
        PendingFile.Replace(finding.Path, target);
        FileAccessBits.MakeReadOnly(target);
        DurableFolder.Flush(Path.GetDirectoryName(target)!);
        return finding with { Repaired = true };
    });

    public static ArchiveFinding Writable(ArchiveFinding finding) => Try(finding, () =>
    {
        FileAccessBits.MakeReadOnly(finding.Path);
        return finding with { Repaired = true };
    });

    public static ArchiveFinding Stale(ArchiveFinding finding) =>
        StaleFiles.TryRemove(finding.Path) ? finding with { Repaired = true } : finding;

    private static ArchiveFinding Try(ArchiveFinding finding, Func<ArchiveFinding> repair)
    {
        try
        {
            return repair();
        }
        catch (HarvestException error)
        {
            return finding with { Message = $"{finding.Message} The repair failed: {error.Message}", Fix = error.Remedy };
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            HarvestException error = FileErrors.From(exception, finding.Path, "repair");
            return finding with { Message = $"{finding.Message} The repair failed: {error.Message}", Fix = error.Remedy };
        }
    }

    /// <summary>Where the object was restored from; null where its bytes are not available.</summary>
    private string? Restore(string sha256)
    {
        if (known.TryGetValue(sha256, out byte[]? bytes))
        {
            archive.Objects.AddBytes(bytes);
            return "harvest.json";
        }

        foreach (string path in references.Of(sha256).Select(static reference => reference.Path).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            try
            {
                string full = resolve(path);
                if (File.Exists(full) && TryCopy(full, sha256))
                {
                    return $"'{path}'";
                }
            }
            catch (HarvestException)
            {
                // A file that cannot be read is no source; the next one may be.
            }
        }

        return null;
    }

    private bool TryCopy(string source, string sha256)
    {
        using (FileStream input = AtomicFile.OpenRead(source, bufferBytes: 0))
        {
            if (archive.Objects.TryAdd(sha256, input, source) is not null)
            {
                return true;
            }
        }

        // The export may be the JSON in a gzip or zip.
        using var content = ExportContent.Of(AtomicFile.OpenRead(source, bufferBytes: 0), source);
        return content.Entry is not null && archive.Objects.TryAdd(sha256, content.Stream, content.Name) is not null;
    }
}
