using System.Collections.Concurrent;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Exports;
using HarvestTools.Files;
using HarvestTools.Filtering;
using HarvestTools.Manifests;

namespace HarvestTools.Workflows;

/// <summary>
/// Checks slices against what they recorded. One instance serves one run over any number of slices: an export that
/// several slices share is hashed once, a part that they share is derived once.
/// </summary>
public sealed class CheckSlice(Repository repository, WorkContext context)
{
    private readonly ConcurrentDictionary<string, string?> _archivedHashes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DerivedPart> _derived = new(StringComparer.Ordinal);

    /// <param name="slice">The slice.</param>
    /// <param name="quick">Hash inputs and cached files and compare definitions, without deriving.</param>
    /// <exception cref="HarvestException">The settings or the manifest cannot be read; drift is a finding, not an error.</exception>
    public DriftReport Run(SliceManifest slice, bool quick)
    {
        var findings = new List<DriftFinding>();
        int compared = 0;
        CheckDefinition(slice, findings);
        foreach (SliceExport export in slice.Exports)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            CheckArchived(slice, export, findings);
            CheckRecordedPath(export, findings);
        }

        if (slice.FormatVersion is { } format && !FormatVersion.IsSupported(format))
        {
            findings.Add(DriftFindings.FormatUnsupported(slice.Version, format));
        }
        else if (slice.Outputs.Count == 0)
        {
            findings.Add(DriftFindings.NothingRecorded(slice.Version));
        }
        else if (quick)
        {
            compared = CheckCachedOnly(slice, findings);
        }
        else if (TryDefinition(slice, findings) is { } definition)
        {
            foreach (SliceExport export in slice.Exports)
            {
                compared += CheckDerivation(slice, export, definition, findings);
            }
        }

        return DriftReport.From(slice.Version, findings, quick, compared);
    }

    private void CheckDefinition(SliceManifest slice, List<DriftFinding> findings)
    {
        HarvestDefinition current = repository.Settings.Harvest;
        if (slice.HarvestSha256 is { } recorded && current.FullVersion == slice.HarvestVersion && current.Sha256 != recorded)
        {
            findings.Add(DriftFindings.HarvestRedefined(slice.Version, slice.HarvestVersion, recorded, current.Sha256));
        }
    }

    private void CheckArchived(SliceManifest slice, SliceExport export, List<DriftFinding> findings)
    {
        string? actual = ArchivedHash(export.Sha256);
        if (actual is not null && actual != export.Sha256)
        {
            findings.Add(DriftFindings.ExportDamaged(export, actual));
        }
        else if (actual is null && SliceInputs.PathOf(repository, export) is null)
        {
            findings.Add(DriftFindings.ExportMissing(slice.Version, export));
        }
    }

    /// <summary>Tells a file that was exported over from one whose labels moved.</summary>
    private void CheckRecordedPath(SliceExport export, List<DriftFinding> findings)
    {
        string? path = SliceInputs.RecordedPath(repository, export);
        if (path is null || !File.Exists(path))
        {
            return;
        }

        string actual = FileHash.Compute(path, cancellation: context.Cancellation);
        if (actual != export.Sha256)
        {
            findings.Add(DriftFindings.ExportRewritten(export, actual, LabelChange(export, path)));
        }
    }

    private LabelChanges? LabelChange(SliceExport export, string path)
    {
        string archived = repository.Archive.PathOf(export.Sha256);
        if (!File.Exists(archived) || ArchivedHash(export.Sha256) != export.Sha256)
        {
            return null;
        }

        try
        {
            return Print(archived).ChangesTo(Print(path));
        }
        catch (HarvestException)
        {
            // What stands at the path now is no export at all; the finding then says only that the bytes differ.
            return null;
        }
    }

    private ExportFingerprint Print(string path) =>
        ExportFingerprint.Compute(path, withLabels: true, context.Threads, progress: null, context.Cancellation);

    private HarvestDefinition? TryDefinition(SliceManifest slice, List<DriftFinding> findings)
    {
        try
        {
            return SliceInputs.Definition(repository, slice);
        }
        catch (HarvestException unknown)
        {
            findings.Add(DriftFindings.DefinitionMissing(slice.HarvestVersion, slice.HarvestSha256, unknown));
            return null;
        }
    }

    private int CheckDerivation(SliceManifest slice, SliceExport export, HarvestDefinition definition, List<DriftFinding> findings)
    {
        // An export that is missing or damaged has its finding already, and nothing can be derived from it.
        string? source = SliceInputs.PathOf(repository, export);
        if (source is null || (source == repository.Archive.PathOf(export.Sha256) && ArchivedHash(export.Sha256) != export.Sha256))
        {
            return 0;
        }

        DerivedPart part = Derive(export, definition, source);
        string stem = SliceInputs.StemOf(export);
        string folder = Path.Combine(repository.CacheFolder, SliceInputs.KeyOf(repository, slice));
        int compared = 0;
        foreach (PartTable derived in part.Tables)
        {
            SliceOutput? recorded = SliceInputs.OutputOf(slice, export, derived.Table);
            if (recorded is null)
            {
                continue;
            }

            compared++;
            string cached = BuildSlice.PathOf(folder, derived.Table, export);
            if (recorded.RowsSha256 is not null && recorded.RowsSha256 != derived.RowsSha256)
            {
                findings.Add(DriftFindings.DerivationChanged(slice, stem, recorded, derived, cached));
            }
            else if (recorded.Sha256 != derived.Sha256)
            {
                findings.Add(recorded.RowsSha256 is null
                    ? DriftFindings.DerivationChanged(slice, stem, recorded, derived, cached)
                    : DriftFindings.EncodingChanged(stem, recorded, derived));
            }
            else if (File.Exists(cached) && FileHash.Compute(cached, cancellation: context.Cancellation) is { } actual && actual != recorded.Sha256)
            {
                findings.Add(DriftFindings.CacheDamaged(slice.Version, stem, recorded, actual));
            }
        }

        return compared;
    }

    private int CheckCachedOnly(SliceManifest slice, List<DriftFinding> findings)
    {
        string folder = Path.Combine(repository.CacheFolder, SliceInputs.KeyOf(repository, slice));
        int compared = 0;
        foreach (SliceExport export in slice.Exports)
        {
            string stem = SliceInputs.StemOf(export);
            foreach (SliceOutput recorded in slice.Outputs.Where(output => output.Export == export.Sha256))
            {
                string cached = BuildSlice.PathOf(folder, recorded.Table, export);
                if (!File.Exists(cached))
                {
                    continue;
                }

                compared++;
                string actual = FileHash.Compute(cached, cancellation: context.Cancellation);
                if (actual != recorded.Sha256)
                {
                    findings.Add(DriftFindings.CacheDamaged(slice.Version, stem, recorded, actual));
                }
            }
        }

        return compared;
    }

    private DerivedPart Derive(SliceExport export, HarvestDefinition definition, string source)
    {
        string key = PartKey.Compute(export.Project, null, export.Sha256, definition);
        return _derived.GetOrAdd(key, _ =>
        {
            using FileStream bytes = AtomicFile.OpenRead(source, bufferBytes: 0);
            PartRequest request = new PartSource(repository, context).Request(export, definition);
            return PartDerivation.Run(
                request,
                bytes,
                static _ => Stream.Null,
                context.Bytes("Checking", SliceInputs.StemOf(export), bytes.Length),
                context.Cancellation);
        });
    }

    private string? ArchivedHash(string sha256) => _archivedHashes.GetOrAdd(sha256, hash =>
    {
        string path = repository.Archive.PathOf(hash);
        return File.Exists(path)
            ? FileHash.Compute(path, context.Bytes("Hashing", hash[..12], new FileInfo(path).Length), context.Cancellation)
            : null;
    });
}
