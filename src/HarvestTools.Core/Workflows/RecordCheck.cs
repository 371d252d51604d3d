using System.Text.Json.Nodes;
using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Files;
using HarvestTools.Json;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Holds what slice.json says against what it refers to: its own exports, the archive's records, the eval set, and what git has of
/// it where it is committed or tagged. Everything that no derivation shows.
/// </summary>
internal sealed class RecordCheck(Repository repository, WorkContext context, CheckInputs inputs) : IDisposable
{
    private readonly GitFiles _git = new(repository.Root);
    private readonly Lazy<IReadOnlyList<string>> _tags = new(() => GitTags.TryNames(repository.Root));
    private readonly Dictionary<string, string?> _evalSets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Project, string Sha256), ExportRecordEntry?> _read = [];

    // Names alone: a check of one slice has no use for the records of ten thousand exports.
    private readonly Lazy<ILookup<string, string>> _records = new(() => repository.Archive.RecordFiles().ToLookup(ExportArchive.Sha256Of, StringComparer.Ordinal));

    private readonly Lazy<ILookup<string, string>> _pinned = new(() => repository.Slices.LoadAll(context.Cancellation)
        .Where(static entry => entry.Manifest?.EvalSet?.Sha256 is not null)
        .ToLookup(static entry => entry.Manifest!.EvalSet!.Sha256!, static entry => entry.Version, StringComparer.Ordinal));

    public void Dispose() => _git.Dispose();

    public IEnumerable<DriftFinding> Run(SliceManifest slice, bool quick)
    {
        string folder = repository.Settings.SlicesFolder;
        foreach (ManifestFault fault in ManifestFaults.Of(slice).Concat(AgainstRecords(slice)))
        {
            yield return DriftFindings.RecordDamaged(fault, folder);
        }

        foreach (SliceExport export in slice.Exports)
        {
            if (RecordOf(export)?.Error is { } error)
            {
                yield return DriftFindings.ExportRecordDamaged(export, error);
            }
        }

        if (EvalSet(slice, quick) is { } changed)
        {
            yield return changed;
        }

        if (AgainstCommit(slice) is { } differs)
        {
            yield return differs;
        }

        foreach (string tag in _tags.Value.Where(tag => GitTags.IsOf(tag, slice.Version)))
        {
            if (AgainstTag(slice, tag) is { } shipped)
            {
                yield return shipped;
            }
        }
    }

    /// <summary>What the archive's record of an export says too. The record carries a digest of itself, the slice does not.</summary>
    private IEnumerable<ManifestFault> AgainstRecords(SliceManifest slice)
    {
        for (int i = 0; i < slice.Exports.Count; i++)
        {
            SliceExport export = slice.Exports[i];
            if (RecordOf(export)?.Record is not { } record)
            {
                continue;
            }

            string place = JsonFileText.ItemPath("exports", i);
            if (export.ComparableLabels is { } labels && record.ComparableLabels is { } known && labels != known)
            {
                yield return Fault("label_sha256", labels);
            }

            if (export.Bytes is { } bytes && bytes != record.Bytes)
            {
                yield return Fault("bytes", FormattableString.Invariant($"{bytes}"));
            }

            if (export.LabelsThrough is { } through && record.LabelsThrough is { } until && through.Instant != until.Instant)
            {
                yield return Fault("labels_through", through.Text);
            }

            if (export.ProjectIds.Count > 0 && record.ProjectIds.Count > 0 && !export.ProjectIds.SequenceEqual(record.ProjectIds))
            {
                yield return Fault("project_ids", string.Join(", ", export.ProjectIds));
            }

            ManifestFault Fault(string field, string value) =>
                new(slice.Version, $"{place}.{field}", value, "which is not what the archive's record of that export has");
        }
    }

    /// <summary>The archive's record of an export, or why it cannot be read; null where it has none.</summary>
    private ExportRecordEntry? RecordOf(SliceExport export)
    {
        (string Project, string Sha256) key = (repository.Archive.CurrentName(export.Project), export.Sha256);
        if (!_read.TryGetValue(key, out ExportRecordEntry? entry))
        {
            entry = repository.Archive.Entries(_records.Value[key.Sha256]).FirstOrDefault(found => found.Record is { } record
                ? record.Project == key.Project
                : repository.Archive.ProjectOf(found.Path) == key.Project);
            _read.Add(key, entry);
        }

        return entry;
    }

    /// <summary>An eval set that was changed since is no drift; a hash that no file and no other slice has may be a damaged one.</summary>
    private DriftFinding? EvalSet(SliceManifest slice, bool quick)
    {
        if (slice.EvalSet is not { Sha256: { } recorded } evalSet)
        {
            return null;
        }

        string path = repository.Resolve(evalSet.Path);
        if (quick && Directory.Exists(path))
        {
            // A folder may hold more than a quick check has time for.
            return null;
        }

        string? actual = HashOf(path, evalSet.Path);
        bool sameText = actual is not null && repository.Settings.Retrain.EvalLineEnds == LineEnds.Ignore && TreeHash.IsSameText(path, recorded, context.Cancellation);
        return actual == recorded || sameText || _pinned.Value[recorded].Any(version => version != slice.Version)
            ? null
            : DriftFindings.EvalSetChanged(slice.Version, evalSet, actual);
    }

    private string? HashOf(string path, string name)
    {
        if (!_evalSets.TryGetValue(path, out string? hash))
        {
            hash = File.Exists(path) ? inputs.HashOf(path, name) : TreeHash.TryCompute(path, context.Cancellation);
            _evalSets.Add(path, hash);
        }

        return hash;
    }

    private DriftFinding? AgainstCommit(SliceManifest slice)
    {
        if (Committed(slice, "HEAD") is not { } committed)
        {
            return null;
        }

        IReadOnlyList<string> fields = ManifestChange.Fields(committed, slice, IsPinned(slice));
        return fields.Count == 0 ? null : DriftFindings.DiffersFromCommit(slice.Version, fields, repository.Settings.SlicesFolder);
    }

    /// <summary>
    /// What was shipped is the slice's key and its tables: those are never other. Of the rest what was added since, as a model is
    /// registered, is no matter; what was changed is said.
    /// </summary>
    private DriftFinding? AgainstTag(SliceManifest slice, string tag)
    {
        if (Committed(slice, $"refs/tags/{tag}") is not { } shipped)
        {
            return null;
        }

        var fields = new List<string>();
        if (SliceKey.Compute(shipped) != SliceKey.Compute(slice))
        {
            fields.Add("what determines its rows");
        }

        if (!JsonNode.DeepEquals(shipped.ToJson()["media"], slice.ToJson()["media"]))
        {
            fields.Add("media");
        }

        if (!JsonNode.DeepEquals(shipped.ToJson()["outputs"], slice.ToJson()["outputs"]))
        {
            fields.Add("outputs");
        }

        if (fields.Count > 0)
        {
            return DriftFindings.TagDiffers(slice.Version, tag, fields, repository.Settings.SlicesFolder);
        }

        IReadOnlyList<string> others = ManifestChange.Fields(shipped, slice, IsPinned(slice));
        return others.Count == 0 ? null : DriftFindings.ChangedSinceTag(slice.Version, tag, others, repository.Settings.SlicesFolder);
    }

    private bool IsPinned(SliceManifest slice) => slice.EvalSet is { Sha256: { } recorded } evalSet && HashOf(repository.Resolve(evalSet.Path), evalSet.Path) == recorded;

    /// <summary>The slice as a revision of git has it; null where it has none, or one that cannot be read.</summary>
    private SliceManifest? Committed(SliceManifest slice, string revision)
    {
        string path = $"{repository.Settings.SlicesFolder}/{slice.Version}/{SliceStore.FileName}";
        if (_git.TryRead(revision, path) is not { } bytes)
        {
            return null;
        }

        try
        {
            return SliceManifest.Parse(bytes, path) is { } manifest && manifest.Version == slice.Version ? manifest : null;
        }
        catch (HarvestException)
        {
            return null;
        }
    }
}
