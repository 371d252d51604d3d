using System.Collections.Concurrent;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>Checks the inputs of a slice: archived exports and labeling configurations, and the files at recorded paths.</summary>
internal sealed class ExportCheck(Repository repository, WorkContext context, CheckInputs inputs, Lazy<SliceUses> uses)
{
    private readonly ExportSuccession _succession = new(repository, uses);
    private readonly ConcurrentDictionary<string, List<SliceExport>> _absent = new(StringComparer.Ordinal);
    private readonly Lazy<bool> _storeAbsent = new(() => repository.Archive.IsAbsent() && repository.FetchRemote is null);

    /// <summary>The slice with its projects under the names that they have now, for what is said of them and compared by name.</summary>
    public static SliceManifest UnderCurrentNames(Repository repository, SliceManifest slice) =>
        slice.Exports.All(export => repository.Archive.CurrentName(export.Project) == export.Project) ? slice
            : slice with { Exports = [.. slice.Exports.Select(export => Current(repository, export))] };

    private static SliceExport Current(Repository repository, SliceExport export) => export with { Project = repository.Archive.CurrentName(export.Project) };

    /// <summary>False where the export's bytes are not available.</summary>
    public bool CheckArchived(SliceManifest slice, SliceExport export, PartOutcome? outcome, List<DriftFinding> findings)
    {
        export = Current(repository, export);
        string? actual = inputs.ArchivedHash(slice.Version, export, outcome);
        if (actual == RemoteStates.OtherBytes)
        {
            findings.Add(uses.Value.OfExport(export.Sha256).Complete(StoreFindings.RemoteDamaged(export, inputs.Remote!.Name)));
            return false;
        }

        if (actual is not null && actual != export.Sha256)
        {
            findings.Add(uses.Value.OfExport(export.Sha256).Complete(DriftFindings.ExportDamaged(export, actual)));
            return false;
        }

        if (actual is null && repository.Archive.RemovedAt(export.Sha256) is { } removed)
        {
            findings.Add(uses.Value.OfExport(export.Sha256).Complete(DriftFindings.ExportErased(slice.Version, export, removed)));
            return false;
        }

        if (actual is null && inputs.SourceOf(slice.Version, export) is null && repository.Archive.RemovedByRetention(export.Sha256) is { } gone)
        {
            findings.Add(uses.Value.OfExport(export.Sha256).Complete(DriftFindings.RemovedByRetention(slice.Version, export, gone.RemovedAt)));
            return false;
        }

        if (actual is null && inputs.SourceOf(slice.Version, export) is null)
        {
            AddMissing(findings, slice.Version, export, () =>
                uses.Value.OfExport(export.Sha256).Complete(DriftFindings.ExportMissing(slice.Version, export, repository.FetchRemote?.Files.Name)));
            return false;
        }

        return true;
    }

    /// <summary>False where the labeling configuration that the export was derived under is gone or damaged.</summary>
    public bool CheckLabelConfig(string version, SliceExport export, List<DriftFinding> findings)
    {
        if (export.LabelConfigSha256 is not { } recorded || inputs.ObjectHash(recorded) is var actual && actual == recorded)
        {
            return true;
        }

        if (actual is null)
        {
            AddMissing(findings, version, export, () =>
                uses.Value.OfLabelConfig(recorded).Complete(DriftFindings.LabelConfigMissing(version, export)));
        }
        else
        {
            findings.Add(uses.Value.OfLabelConfig(recorded).Complete(DriftFindings.LabelConfigDamaged(export, actual)));
        }

        return false;
    }

    /// <summary>Tells a file that was exported over from one whose labels moved.</summary>
    public void CheckRecordedPath(
        SliceManifest slice, SliceExport export, HarvestDefinition? definition, DerivedPart? derived, List<DriftFinding> findings)
    {
        string? path = SliceInputs.RecordedPath(repository, export);
        export = Current(repository, export);
        if (path is null || inputs.ExportHashOf(path, export.Path!) is not { } actual || actual == export.Sha256)
        {
            return;
        }

        FileAtPath file = _succession.Of(slice, export, actual);
        if (file.Standing == FileStanding.Later)
        {
            findings.Add(StoreFindings.ExportSucceeded(export, actual, _succession.Scope(export, actual), archive: !_storeAbsent.Value));
            return;
        }

        FileNow now = inputs.LookAt(slice.Version, export, path);
        file = _succession.Of(export, file, now.ProjectIds);

        // A quick check derives nothing, and so cannot know of rows.
        DataChange? data = now.Labels is { Added: 0, Removed: 0, Relabelled: > 0 }
            ? new DataOnlyChange(repository, context).Find(slice.Version, export, definition, derived, path)
            : null;
        DriftFinding finding = now.Fault is null
            ? DriftFindings.ExportRewritten(export, file, now.Labels, RestoreOf(export), data)
            : DriftFindings.ExportReplaced(export, actual, now.Fault);
        findings.Add(uses.Value.OfExport(export.Sha256).Complete(finding));
    }

    /// <summary>How the archived file is put back at the path that the slice recorded; null where it is not archived.</summary>
    private RemedyAction.RestoreExport? RestoreOf(SliceExport export)
    {
        if (!repository.Archive.Contains(export.Sha256))
        {
            return null;
        }

        // Another path may be recorded in the archive, for a file that was added from several places.
        bool recorded = repository.Archive.TryRecord(export.Project, export.Sha256) is { } record && record.Path == export.Path;
        return new RemedyAction.RestoreExport(export.FileStem, recorded ? null : export.Path, Force: true);
    }

    /// <summary>Where there is no archive at all, one finding says so for all that is not here.</summary>
    private void AddMissing(List<DriftFinding> findings, string version, SliceExport export, Func<DriftFinding> missing)
    {
        if (!_storeAbsent.Value)
        {
            findings.Add(missing());
        }
        else
        {
            // One finding names all of them.
            List<SliceExport> all = _absent.GetOrAdd(version, static _ => []);
            if (all.TrueForAll(other => other.Sha256 != export.Sha256))
            {
                all.Add(export);
            }

            string folder = repository.Archive.Folder;
            findings.RemoveAll(static finding => finding.Kind == DriftKind.StoreAbsent);
            findings.Add(StoreFindings.StoreAbsent(version, all, repository.MakeRelative(folder) ?? folder));
        }
    }
}
