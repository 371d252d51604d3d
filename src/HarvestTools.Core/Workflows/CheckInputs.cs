using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Parquet.Writing;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>A derivation, or why it failed.</summary>
internal sealed record PartOutcome(DerivedPart? Part, HarvestException? Fault);

/// <summary>
/// What a check looks at: hashes of files, derivations, label changes. Each is worked out once however many slices ask
/// for it, also from several threads at once.
/// </summary>
/// <param name="repository">The repository.</param>
/// <param name="context">Its threads are those of one derivation.</param>
/// <param name="rowBudget">Bytes of rows that one derivation holds in memory.</param>
/// <param name="stamped">Hashes of earlier runs; null hashes every file.</param>
internal sealed class CheckInputs(Repository repository, WorkContext context, long rowBudget, StatCache? stamped = null)
{
    private readonly ConcurrentDictionary<string, Lazy<string?>> _hashes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<PartOutcome>> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Export, string Path), Lazy<LabelChanges?>> _labels = new();

    /// <summary>SHA-256 of a file as it is now; null where there is none.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="what">What progress says is hashed.</param>
    public string? HashOf(string path, string what) => Once(_hashes, path, () =>
        !File.Exists(path) ? null
            : stamped is null ? Hash(path, what)
            : stamped.Get(path, DateTimeOffset.UtcNow, () => Hash(path, what)));

    /// <summary>Where the export can be read from: the archive whatever its bytes are now, else its path if the hash agrees.</summary>
    public string? SourceOf(string version, SliceExport export)
    {
        string archived = repository.Archive.PathOf(export.Sha256);
        if (File.Exists(archived))
        {
            return archived;
        }

        string? recorded = SliceInputs.RecordedPath(repository, export);
        return recorded is not null && HashOf(recorded, What(version, export)) == export.Sha256 ? recorded : null;
    }

    /// <summary>Derives the export; null where its bytes are not available.</summary>
    public PartOutcome? Derive(string version, SliceExport export, HarvestDefinition definition)
    {
        string? source = SourceOf(version, export);

        // Keyed by the exact bytes: the check derives what it verifies, and never takes one export for another.
        string key = PartKey.Compute(export.Project, null, export.Sha256, definition, export.SupersededBy);
        return source is null ? null : Once(_parts, key, () => Derive(version, export, definition, source, static _ => Stream.Null));
    }

    /// <summary>SHA-256 of the archived bytes; null where the archive lacks the export. A derivation has hashed them already.</summary>
    public string? ArchivedHash(string version, SliceExport export, PartOutcome? derived)
    {
        string path = repository.Archive.PathOf(export.Sha256);
        return derived?.Part is { } part && SourceOf(version, export) == path
            ? part.Export.Sha256
            : HashOf(path, What(version, export));
    }

    /// <summary>How the labels at the path differ from the archived ones; null where either cannot be read as an export.</summary>
    public LabelChanges? LabelChange(string version, SliceExport export, string path) => Once(_labels, (export.Sha256, path), () =>
    {
        string archived = repository.Archive.PathOf(export.Sha256);
        if (!File.Exists(archived))
        {
            return null;
        }

        try
        {
            ExportFingerprint before = Fingerprint(version, export, archived);
            return before.Sha256 == export.Sha256 ? before.ChangesTo(Fingerprint(version, export, path)) : null;
        }
        catch (HarvestException)
        {
            // What stands at the path now is no export at all; the finding then says only that the bytes differ.
            return null;
        }
    });

    /// <summary>Derives once more, with the tables going where the caller wants them.</summary>
    public PartOutcome Derive(
        string version, SliceExport export, HarvestDefinition definition, string source, Func<TableDescriptor, Stream> openTable)
    {
        try
        {
            using FileStream bytes = AtomicFile.OpenRead(source, bufferBytes: 0);
            PartRequest request = new PartSource(repository, context).Request(export, definition) with { RowBudget = rowBudget };
            DerivedPart part = PartDerivation.Run(
                request, bytes, openTable, context.Bytes("Checking", What(version, export), bytes.Length), context.Cancellation);

            // Kept for the whole run, so only what is compared: episodes alone are thousands of texts an export.
            return new PartOutcome(part with { Tally = new Tally(), Episodes = [] }, null);
        }
        catch (HarvestException fault)
        {
            return new PartOutcome(null, fault);
        }
    }

    private string Hash(string path, string what) =>
        FileHash.Compute(path, context.Bytes("Hashing", what, new FileInfo(path).Length), context.Cancellation);

    private static string What(string version, SliceExport export) => $"{version} {export.FileStem}";

    // Lazy<T> can also call T's constructor, so whoever leaves out unused code wants to know that it may be kept.
    private static TValue Once<TKey, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TValue>(
        ConcurrentDictionary<TKey, Lazy<TValue>> all, TKey key, Func<TValue> make)
        where TKey : notnull => all.GetOrAdd(key, _ => new Lazy<TValue>(make)).Value;

    private ExportFingerprint Fingerprint(string version, SliceExport export, string path)
    {
        using FileStream bytes = ExportFile.OpenRead(path);
        return ExportFingerprint.Compute(
            bytes,
            path,
            copyTo: null,
            withLabels: true,
            context.Threads,
            context.Bytes("Comparing labels", What(version, export), bytes.Length),
            context.Cancellation);
    }
}
