using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
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
/// <param name="statCache">Hashes of earlier runs; null hashes every file.</param>
internal sealed class CheckInputs(Repository repository, WorkContext context, long rowBudget, StatCache? statCache = null)
{
    private readonly ConcurrentDictionary<string, Lazy<string?>> _hashes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<PartOutcome>> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Export, string Path), Lazy<LabelChanges?>> _labels = new();

    /// <summary>SHA-256 of a file as it is now; null where there is none.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="what">What progress says is hashed.</param>
    public string? HashOf(string path, string what) => Once(_hashes, path, () =>
        !File.Exists(path) ? null
            : statCache is null ? Hash(path, what)
            : statCache.Get(path, DateTimeOffset.UtcNow, () => Hash(path, what)));

    /// <summary>
    /// Where the export can be read from: the archive whatever its bytes are now, else its path if the hash agrees; null where
    /// neither has it.
    /// </summary>
    public IObjectSource? SourceOf(string version, SliceExport export)
    {
        IObjectSource source = SliceInputs.SourceOf(repository, export, path => HashOf(path, What(version, export)));
        return source.Contains(export.Sha256, context.Cancellation) ? source : null;
    }

    /// <summary>Derives the export; null where its bytes are not available.</summary>
    public PartOutcome? Derive(string version, SliceExport export, HarvestDefinition definition)
    {
        IObjectSource? source = SourceOf(version, export);

        // Keyed by the exact bytes: the check derives what it verifies, and never takes one export for another.
        string key = PartKey.Compute(export.Project, null, export.Sha256, definition, export.SupersededBy);
        return source is null ? null : Once(_parts, key, () => Derive(version, export, definition, source, static _ => Stream.Null));
    }

    /// <summary>SHA-256 of the archived bytes; null where the archive lacks the export. A derivation has hashed them already.</summary>
    public string? ArchivedHash(string version, SliceExport export, PartOutcome? derived)
    {
        IObjectSource archive = repository.Archive.Objects;
        if (derived?.Part is { } part && archive.Contains(export.Sha256, context.Cancellation))
        {
            return part.Export.Sha256;
        }

        // What an earlier run hashed is known by its file alone.
        return archive.LocalPath(export.Sha256) is { } path
            ? HashOf(path, What(version, export))
            : Once(_hashes, export.Sha256, () => archive.HashNow(export.Sha256, cancellation: context.Cancellation));
    }

    /// <summary>How the labels at the path differ from the archived ones; null where either cannot be read as an export.</summary>
    public LabelChanges? LabelChange(string version, SliceExport export, string path) => Once(_labels, (export.Sha256, path), () =>
    {
        try
        {
            using ObjectContent? archived = repository.Archive.Objects.TryOpen(export.Sha256, context.Cancellation);
            if (archived is null)
            {
                return null;
            }

            ExportFingerprint before = Fingerprint(version, export, archived.Stream, archived.Bytes, repository.Archive.Objects.Name);
            using FileStream now = ExportFile.OpenRead(path);
            return before.Sha256 == export.Sha256 ? before.ChangesTo(Fingerprint(version, export, now, now.Length, path)) : null;
        }
        catch (HarvestException)
        {
            // What stands at the path now is no export at all; the finding then says only that the bytes differ.
            return null;
        }
    });

    /// <summary>Derives once more, with the tables going where the caller wants them.</summary>
    public PartOutcome Derive(
        string version, SliceExport export, HarvestDefinition definition, IObjectSource source, Func<TableDescriptor, Stream> openTable)
    {
        try
        {
            using ObjectContent content = source.Open(export.Sha256, context.Cancellation);
            PartRequest request = new PartSource(repository, context).Request(export, definition) with { RowBudget = rowBudget };
            DerivedPart part = PartDerivation.Run(
                request, content.Stream, openTable, context.Bytes("Checking", What(version, export), content.Bytes), context.Cancellation);

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

    private ExportFingerprint Fingerprint(string version, SliceExport export, Stream stream, long bytes, string name) =>
        ExportFingerprint.Compute(
            stream,
            name,
            copyTo: null,
            withLabels: true,
            context.Threads,
            context.Bytes("Comparing labels", What(version, export), bytes),
            context.Cancellation);
}
