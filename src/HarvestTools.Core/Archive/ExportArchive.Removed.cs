using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Strings;

namespace HarvestTools.Archive;

/// <summary>What was removed for good, and what took its place.</summary>
public sealed partial class ExportArchive
{
    /// <summary>When an export was removed to erase what it held; null for one that was not.</summary>
    internal Timestamp? RemovedAt(string sha256)
    {
        foreach (RecordFile file in _records.Of(sha256))
        {
            try
            {
                if (_records.Load(file.Path).RemovedAt is { } removed)
                {
                    return removed;
                }
            }
            catch (HarvestException)
            {
                // A damaged record still says so: what was erased must not come back for a flipped bit elsewhere in it.
                if (TryReadDamaged(file.Path) is { } removed)
                {
                    return removed;
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Whether an export was removed for good. One that is here was not, which is known without a look at its record; and only one whose record
    /// says so is looked for in quarantine, from where a question must not bring it back.
    /// </summary>
    internal bool IsRemoved(string sha256) => !_local.Has(sha256) && RemovedAt(sha256) is not null && !_local.Holds(sha256);

    /// <summary>The error of an object that is nowhere: that it was removed, and when, where that is known.</summary>
    /// <param name="sha256">Its hash.</param>
    internal HarvestException NotHere(string sha256) =>
        RemovedAt(sha256) is { } erased ? ArchiveErrors.ObjectErased(sha256, Figures.Time(erased.Instant))
        : RemovedByRetention(sha256) is { } gone ? gone.Error(sha256)
        : ArchiveErrors.ObjectNotFound(sha256);

    private static Timestamp? TryReadDamaged(string path)
    {
        try
        {
            return FileKinds.Of(path) == FileKind.Regular ? ExportRecord.TryReadDamaged(AtomicFile.ReadAllBytes(path), path)?.RemovedAt : null;
        }
        catch (HarvestException)
        {
            return null;
        }
    }

    /// <summary>
    /// The redacted export that takes the place of one that was removed, the last where that was redacted again; null where none is here.
    /// </summary>
    internal ExportRecord? RedactedOf(string project, string sha256)
    {
        ILookup<string, ExportRecord> redacted = List(project).Where(static record => record.RedactedFrom is not null).ToLookup(static record => record.RedactedFrom!, StringComparer.Ordinal);
        var met = new HashSet<string>(StringComparer.Ordinal);
        while (met.Add(sha256) && redacted[sha256].LastOrDefault() is { } next)
        {
            if (next.RemovedAt is null)
            {
                return next;
            }

            sha256 = next.Sha256;
        }

        return null;
    }
}
