using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Repositories;
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
    RegionTypeCounts? RegionTypes = null)
{
    /// <summary>The name of the JSON in a gzip or zip, whose hash and size these are; null for a plain file.</summary>
    public string? Entry { get; init; }

    /// <summary>What the file is if no export, or what is odd about it; null where nothing is.</summary>
    public ExportNotice? Notice { get; init; }
}

/// <summary>Hashes an export without storing anything.</summary>
public static class HashExport
{
    /// <param name="path">The export.</param>
    /// <param name="labels">
    /// Also read it: label hash and counts. Without, any file can be hashed; one that is known to be something else than an
    /// export has a notice.
    /// </param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">The file cannot be read or, with labels, is not an export.</exception>
    public static ExportHash Run(string path, bool labels, WorkContext context)
    {
        path = Path.GetFullPath(path);
        IProgress<long>? Progress(long total) => context.Bytes("Hashing", Path.GetFileName(path), total);
        try
        {
            using var content = ExportContent.Of(AtomicFile.OpenRead(path, bufferBytes: 0), path, Repository.FileOfAround(path, context.Offline));
            ExportFingerprint print = ExportFingerprint.Compute(
                content.Stream, content.Name, copyTo: null, labels, context.Threads, content.Track(Progress(content.FileBytes)), context.Cancellation);
            if (content.Entry is not null && print.Foreign is { } inside)
            {
                throw inside;
            }

            return new ExportHash(
                path,
                print.Sha256,
                print.Bytes,
                print.LabelSha256,
                print.Tasks,
                print.Annotations,
                print.Cancelled,
                print.Drafts,
                RegionTypeCounts.From(print.RegionTypes))
            {
                Entry = content.Entry,
                Notice = Known(print.Foreign) ?? ExportNotice.Of(print, path),
            };
        }
        catch (HarvestException fault) when (!labels && fault.Fault == HarvestFault.InvalidData)
        {
            if (LfsPointer.TryRead(path) is { Oid: { } oid } pointer)
            {
                // The file that it names is not here, but what that has is written in it.
                return new ExportHash(path, oid, pointer.Bytes ?? 0) { Notice = ExportNotice.Of(fault) };
            }

            // A gzip or zip without an export in it that can be read: then its own bytes are what can be hashed.
            using FileStream file = AtomicFile.OpenRead(path, bufferBytes: 0);
            string sha256 = StreamHash.Compute(file, path, Progress(file.Length), context.Cancellation);
            return new ExportHash(path, sha256, file.Length) { Notice = ExportNotice.Of(fault) };
        }
    }

    /// <summary>A file of a kind that is not known may be anything, and is hashed without a word.</summary>
    private static ExportNotice? Known(HarvestException? foreign) =>
        foreign is null || foreign.ErrorId == nameof(ExportErrors.ExportNotAnArray) ? null : ExportNotice.Of(foreign);
}
