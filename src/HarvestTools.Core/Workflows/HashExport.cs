using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>The hashes of one export file.</summary>
/// <param name="Path">The file, absolute.</param>
/// <param name="Sha256">SHA-256 of its exact bytes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LabelSha256">The label hash; null unless labels were asked for, like everything below.</param>
/// <param name="Tasks">Number of tasks.</param>
/// <param name="Annotations">Number of annotations.</param>
/// <param name="Cancelled">Annotations that were skipped.</param>
/// <param name="Drafts">Drafts, which are no labels.</param>
/// <param name="RegionTypes">How many regions of which type.</param>
public sealed record ExportHash(
    string Path,
    string Sha256,
    long Bytes,
    string? LabelSha256 = null,
    long? Tasks = null,
    long? Annotations = null,
    long? Cancelled = null,
    long? Drafts = null,
    RegionTypeCounts? RegionTypes = null);

/// <summary>Hashes an export without storing anything.</summary>
public static class HashExport
{
    /// <param name="path">The export.</param>
    /// <param name="labels">Also read it: label hash and counts. Without, any file can be hashed.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">The file cannot be read or, with labels, is not an export.</exception>
    public static ExportHash Run(string path, bool labels, WorkContext context)
    {
        path = Path.GetFullPath(path);
        using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
        ExportFingerprint print = ExportFingerprint.Compute(
            file, path, copyTo: null, labels, context.Threads, context.Bytes("Hashing", Path.GetFileName(path), file.Length), context.Cancellation);
        return new ExportHash(
            path,
            print.Sha256,
            print.Bytes,
            print.LabelSha256,
            print.Tasks,
            print.Annotations,
            print.Cancelled,
            print.Drafts,
            RegionTypeCounts.From(print.RegionTypes));
    }
}
