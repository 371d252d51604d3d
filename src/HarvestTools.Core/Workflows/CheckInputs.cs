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

/// <summary>The file at an export's recorded path, where it is not that export any more.</summary>
/// <param name="Labels">How its labels differ; null where that is not known.</param>
/// <param name="Fault">What it is instead of an export, or why it cannot be read as one; null where it is one.</param>
internal sealed record FileNow(LabelChanges? Labels, HarvestException? Fault)
{
    /// <summary>Other bytes, and nothing else is known.</summary>
    public static FileNow Unknown { get; } = new(null, null);

    /// <summary>The ids in Label Studio of the projects that its tasks are of; empty where they are not known.</summary>
    public IReadOnlyList<long> ProjectIds { get; init; } = [];
}

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
    private readonly ConcurrentDictionary<string, (string TaskSubdir, string Episode)[]> _episodes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<PartOutcome>> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Export, string Path), Lazy<FileNow>> _labels = new();

    /// <summary>Progress and cancellation.</summary>
    public WorkContext Context => context;

    /// <summary>What the remote has, where objects that are not here are looked for there without being brought; null brings them.</summary>
    public RemoteStates? Remote { get; init; }

    /// <summary>Whether the names of episodes are kept of what is derived, for <see cref="EpisodesOf"/>.</summary>
    public bool KeepEpisodes { get; init; }

    /// <summary>The episodes of an export that was derived in this run; null where it was not.</summary>
    public IEnumerable<(string TaskSubdir, string Episode)>? EpisodesOf(SliceExport export, HarvestDefinition definition) =>
        _episodes.GetValueOrDefault(KeyOf(export, definition));

    /// <summary>SHA-256 of a file as it is now; null where there is none.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="what">What progress says is hashed.</param>
    public string? HashOf(string path, string what) => HashOf(path, () => FileHash.Compute(path, Progress(path, what), context.Cancellation));

    /// <summary>SHA-256 of the export in a file as it is now, which may be the JSON in a gzip or zip; null where there is no file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="what">What progress says is hashed.</param>
    public string? ExportHashOf(string path, string what) => HashOf(path, () => ExportContent.HashOf(path, Progress(path, what), context.Cancellation));

    /// <summary>
    /// Where the export can be read from: the archive whatever its bytes are now, else its path if the hash agrees; null where
    /// neither has it.
    /// </summary>
    public IObjectSource? SourceOf(string version, SliceExport export)
    {
        IObjectSource source = SliceInputs.SourceOf(repository, export, path => ExportHashOf(path, What(version, export)));
        return source.Contains(export.Sha256, context.Cancellation) ? source : null;
    }

    /// <summary>Derives the export; null where its bytes are not available.</summary>
    public PartOutcome? Derive(string version, SliceExport export, HarvestDefinition definition)
    {
        IObjectSource? source = SourceOf(version, export);

        // Keyed by the exact bytes: the check derives what it verifies, and never takes one export for another.
        string key = KeyOf(export, definition);
        return source is null ? null : Once(_parts, key, () => Derive(version, export, definition, source, static _ => Stream.Null));
    }

    /// <summary>SHA-256 of the archived bytes; null where the archive lacks the export. A derivation has hashed them already.</summary>
    public string? ArchivedHash(string version, SliceExport export, PartOutcome? derived)
    {
        IObjectSource archive = repository.Readable;
        if (derived?.Part is { } part && archive.Contains(export.Sha256, context.Cancellation))
        {
            return part.Export.Sha256;
        }

        // What an earlier run hashed is known by its file alone.
        return (archive.LocalPath(export.Sha256) is { } path ? HashOf(path, What(version, export)) : null) ?? ObjectHash(export.Sha256);
    }

    /// <summary>SHA-256 of the archived bytes of an object, by what the remote says where it is not here; null where it is nowhere.</summary>
    public string? ObjectHash(string sha256) => Once(_hashes, sha256, () => Remote is { } remote && !repository.Archive.Local.Holds(sha256)
        ? remote.HashOf(sha256)
        : repository.Archive.Objects.HashNow(sha256, cancellation: context.Cancellation));

    /// <summary>What the file at an export's recorded path is now, and how its labels differ from the archived ones.</summary>
    public FileNow LookAt(string version, SliceExport export, string path) => Once(_labels, (export.Sha256, path), () =>
    {
        try
        {
            // First, since what the file is counts also where there is nothing to compare it with.
            using var content = ExportContent.Of(ExportFile.OpenRead(path), export.Path!, repository.FileOf);
            ExportFingerprint now = Fingerprint(version, export, content.Stream, content.FileBytes, content.Name, content.Track);
            if (now.LacksAllLabels)
            {
                return new FileNow(null, ExportErrors.ExportLabelsMissing(export.Path!, now.Tasks ?? 0, now.LabelsMissing ?? 0));
            }

            FileNow alone = FileNow.Unknown with { ProjectIds = now.ProjectIds ?? [] };
            using ObjectContent? archived = repository.Readable.TryOpen(export.Sha256, context.Cancellation);
            if (archived is null)
            {
                // The slice has the hash of the labels; what differs where they do cannot be told from it.
                return export.ComparableLabels is { } labels && labels == now.LabelSha256
                    ? alone with { Labels = new LabelChanges(0, 0, 0, now.Tasks ?? 0) }
                    : alone;
            }

            ExportFingerprint before = Fingerprint(version, export, archived.Stream, archived.Bytes, repository.Archive.Objects.Name, static progress => progress);
            return before.Sha256 == export.Sha256 ? alone with { Labels = before.ChangesTo(now) } : alone;
        }
        catch (HarvestException fault)
        {
            return fault.Fault == HarvestFault.InvalidData ? new FileNow(null, fault) : FileNow.Unknown;
        }
    });

    /// <summary>The ids in Label Studio that the file at an export's recorded path has; empty where they cannot be known.</summary>
    public IReadOnlyList<long> ProjectIdsAt(string version, SliceExport export, string path) => LookAt(version, export, path).ProjectIds;

    /// <summary>Derives once more, with the tables going where the caller wants them.</summary>
    public PartOutcome Derive(
        string version, SliceExport export, HarvestDefinition definition, IObjectSource source, Func<TableDescriptor, Stream> openTable)
    {
        try
        {
            using ObjectContent content = source.Open(export.Sha256, context.Cancellation);
            PartRequest request = new PartSource(repository, context).Request(version, export, definition) with { RowBudget = rowBudget };
            DerivedPart part = PartDerivation.Run(
                request, content.Stream, openTable, context.Bytes("Checking", What(version, export), content.Bytes), context.Cancellation);

            if (KeepEpisodes)
            {
                _episodes[KeyOf(export, definition)] = [.. part.Episodes.SelectMany(static table => table).Select(static facts => (facts.TaskSubdir, facts.Episode)).Distinct()];
            }

            // Kept for the whole run, so only what is compared: episodes alone are thousands of texts an export.
            return new PartOutcome(part with { Tally = new Tally(), Episodes = [] }, null);
        }
        catch (HarvestException fault) when (fault.Fault is not HarvestFault.FileSystem)
        {
            // A full disk says nothing of the rows: it ends the check, and is no drift.
            return new PartOutcome(null, fault);
        }
    }

    private static string KeyOf(SliceExport export, HarvestDefinition definition) =>
        PartKey.Compute(export.Project, null, export.Sha256, definition, export.SupersededBy, export.LabelConfigSha256);

    private string? HashOf(string path, Func<string> hash) => Once(_hashes, path, () =>
    {
        try
        {
            return !File.Exists(path) ? null
                : statCache is null ? hash()
                : statCache.Get(path, DateTimeOffset.UtcNow, hash);
        }
        catch (HarvestException gone) when (FileErrors.IsGone(gone))
        {
            // Deleted between the two looks.
            return null;
        }
    });

    // One look for both: the file may be deleted meanwhile.
    private IProgress<long>? Progress(string path, string what) =>
        context.Bytes("Hashing", what, new FileInfo(path) is { Exists: true } file ? file.Length : 0);

    private static string What(string version, SliceExport export) => $"{version} {export.FileStem}";

    // Lazy<T> can also call T's constructor, so whoever leaves out unused code wants to know that it may be kept.
    private static TValue Once<TKey, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TValue>(
        ConcurrentDictionary<TKey, Lazy<TValue>> all, TKey key, Func<TValue> make)
        where TKey : notnull => all.GetOrAdd(key, _ => new Lazy<TValue>(make)).Value;

    private ExportFingerprint Fingerprint(
        string version, SliceExport export, Stream stream, long bytes, string name, Func<IProgress<long>?, IProgress<long>?> track) =>
        ExportFingerprint.Compute(
            stream,
            name,
            copyTo: null,
            withLabels: true,
            context.Threads,
            track(context.Bytes("Comparing labels", What(version, export), bytes)),
            context.Cancellation);
}
