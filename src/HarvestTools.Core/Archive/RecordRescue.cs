using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;

namespace HarvestTools.Archive;

/// <summary>
/// Puts right a record that cannot be believed. Where one flipped bit explains the damage the record becomes what it was; else it
/// is made again of the export, which has all that counts, and of what the damaged record says of where and when it was added.
/// </summary>
/// <param name="archive">The archive.</param>
internal sealed class RecordRescue(ExportArchive archive)
{
    // Every bit is tried, which for a record of this size takes a second.
    private const int LargestTried = 16 * 1024;

    /// <summary>Rewrites what cannot be read of one export's records, from what was read of the export.</summary>
    /// <exception cref="HarvestException">A record cannot be written.</exception>
    public void Mend(ExportFingerprint export)
    {
        foreach (string path in archive.RecordFilesOf(export.Sha256))
        {
            _ = Mend(path, () => export);
        }
    }

    /// <summary>Rewrites a record that cannot be read.</summary>
    /// <param name="path">One of the archive's records.</param>
    /// <param name="read">Reads the export that it is of; null where that is not archived.</param>
    /// <returns>What was done; null where the record is whole, or the export is not at hand.</returns>
    /// <exception cref="HarvestException">The record cannot be written, or the export not be read.</exception>
    public string? Mend(string path, Func<ExportFingerprint?> read)
    {
        if (!IsDamaged(path))
        {
            return null;
        }

        using FileLock exclusive = archive.LockRecords();

        // What is behind a link is not the archive's, damaged or not; it has an error of its own.
        bool isOwn = FileKinds.Of(archive.RecordsFolder) == FileKind.Folder && FileKinds.Of(path) == FileKind.Regular;
        if (!isOwn || !IsDamaged(path))
        {
            // Another process has put it right meanwhile.
            return null;
        }

        byte[] bytes = AtomicFile.ReadAllBytes(path);
        if (TryUnflip(bytes))
        {
            AtomicFile.WriteAllBytes(path, bytes);
            if (!IsDamaged(path))
            {
                return "One bit of it was flipped; it is as it was written again.";
            }
        }

        if (read() is not { } export)
        {
            return null;
        }

        AtomicFile.WriteAllBytes(path, Again(path, bytes, export).ToUtf8Bytes());
        return "It was made again of the export; see whether it says rightly when and from where the export was added.";
    }

    private static bool IsDamaged(string path)
    {
        try
        {
            _ = ExportRecord.Load(path);
            return false;
        }
        catch (HarvestException fault) when (fault.Fault is HarvestFault.InvalidData or HarvestFault.Damaged)
        {
            // One that is whole and has another's name is not damaged: somebody renamed it, and is to name it.
            return fault.ErrorId != nameof(ArchiveErrors.RecordMismatch);
        }
    }

    private static bool TryUnflip(byte[] bytes)
    {
        if (bytes.Length > LargestTried)
        {
            return false;
        }

        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            if (RecordSeal.IsSealed(bytes))
            {
                return true;
            }

            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return false;
    }

    /// <summary>Of the damaged record nothing is taken that does not fit what it refers to.</summary>
    private ExportRecord Again(string path, byte[] bytes, ExportFingerprint export)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        var file = Timestamp.From(File.GetLastWriteTimeUtc(path));
        ExportRecord? said = ExportRecord.TryReadDamaged(bytes, path);
        return new ExportRecord
        {
            Project = name[..^(Sha256Text.Length + 1)],
            Sha256 = export.Sha256,
            Bytes = export.Bytes,
            Path = said?.Path,
            Name = said is { Path: null } ? said.Name : null,
            AddedAt = said is not null && said.AddedAt.Instant <= file.Instant ? said.AddedAt : file,
            LabelConfigSha256 = said?.LabelConfigSha256 is { } config && archive.Contains(config) ? config : null,
            RedactedFrom = said?.RedactedFrom,
            Redacted = said?.Redacted ?? Exclusion.None,

            // An erasure that was stopped has written its record and not removed the export yet.
            RemovedAt = said?.RemovedAt,
            NewerThan = [.. said?.NewerThan.Where(archive.Contains) ?? []],
        }.With(export);
    }
}
