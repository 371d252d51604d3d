using HarvestTools.Json;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Strings;

namespace HarvestTools.Archive;

/// <summary>
/// Writes the records of exports that are archived and have none, as in a clone whose objects were restored. Where and when an
/// export was added is what slices recorded; the rest is read from the export.
/// </summary>
/// <param name="archive">The archive.</param>
/// <param name="references">What slices name.</param>
internal sealed class RecordsOfSlices(ExportArchive archive, ArchiveReferences references)
{
    private readonly List<string> _newer = [];

    /// <summary>Which exports were recorded as newer than others though not by their dates, and why: sentences.</summary>
    public IReadOnlyList<string> Newer => _newer;

    /// <summary>Writes each record that is missing; a finding for each, repaired where it was written.</summary>
    public IEnumerable<ArchiveFinding> Write(CancellationToken cancellation)
    {
        // All are read before the first is written, since which one is the newest follows from all of a project.
        var missing = new List<(ArchiveFinding Finding, ExportRecord? Record)>();
        foreach (var named in references.Named.GroupBy(one => (Project: archive.CurrentName(one.Export.Project), one.Export.Sha256)))
        {
            (string project, string sha256) = named.Key;

            // A record that cannot be read has its own finding.
            if (archive.RecordFilesOf(sha256).Any(file => archive.ProjectOf(file) == project) || archive.ContainsAsFarAsKnown([sha256], out _, cancellation).Count == 0)
            {
                continue;
            }

            ExportRecord? record = null;
            var finding = new ArchiveFinding(
                ArchiveFindingKind.Missing, FindingSeverity.Error, sha256, archive.Local.PathOf(sha256),
                $"The export {Figures.ShortHash(sha256)} of project {project} is archived and has no record, though {references.Describe(sha256)}.",
                $"Archive the file again with {new RemedyAction.AddExport(Project: project)}; it records what is archived already.");
            finding = ArchiveRepair.Try(finding, () =>
            {
                record = ArchiveRepair.ReadExport(archive, sha256, cancellation) is { } export ? Of(project, export, [.. named]) : null;
                return finding;
            });
            missing.Add((finding, record));
        }

        var found = missing.Select(static one => one.Record).OfType<ExportRecord>().ToDictionary(static record => (record.Project, record.Sha256));
        foreach ((ArchiveFinding finding, ExportRecord? record) in missing)
        {
            yield return record is null ? finding : ArchiveRepair.Try(finding, () => Written(finding, record, found));
        }
    }

    private ArchiveFinding Written(ArchiveFinding finding, ExportRecord record, IReadOnlyDictionary<(string Project, string Sha256), ExportRecord> found)
    {
        (IReadOnlyList<string> before, string slice) = NewerThan(record, found);
        _ = archive.Record(record with { NewerThan = before });
        string message = $"{finding.Message} It was recorded again.";
        if (before.Count > 0)
        {
            string newer = $"The export {Figures.ShortHash(record.Sha256)} of project {record.Project} counts as newer than {Figures.List([.. before.Select(Figures.ShortHash)])}, since the project's last slice, {slice}, is made of it.";
            _newer.Add(newer);
            message = $"{message} {newer}";
        }

        return finding with { Message = message, Repaired = true };
    }

    /// <summary>
    /// Slices do not say which export was said to be newer than its dates. What the project's last slice is made of is newer than
    /// what only slices before it are made of.
    /// </summary>
    private (IReadOnlyList<string> Before, string Slice) NewerThan(
        ExportRecord record, IReadOnlyDictionary<(string Project, string Sha256), ExportRecord> found)
    {
        List<NamedExport> named = [.. references.Named.Where(one => archive.CurrentName(one.Export.Project) == record.Project).OrderBy(static one => one.Made)];
        string last = named[^1].Version;
        HashSet<string> newest = [.. named.Where(one => one.Version == last).Select(static one => one.Export.Sha256)];
        return !newest.Contains(record.Sha256) ? ([], last) :
        (
            [
                .. named
                    .Where(one => !newest.Contains(one.Export.Sha256))
                    .GroupBy(static one => one.Export.Sha256, StringComparer.Ordinal)
                    .Select(slices => found.GetValueOrDefault((record.Project, slices.Key)) ?? Known(record.Project, [.. slices]))
                    .Where(other => ExportOrder.IsNewer(other, record) && !other.NewerThan.Contains(record.Sha256, StringComparer.Ordinal))
                    .Select(static other => other.Sha256)
                    .Order(StringComparer.Ordinal),
            ],
            last);
    }

    /// <summary>An export that has a record, or that is not here: then as slices have it.</summary>
    private ExportRecord Known(string project, IReadOnlyList<NamedExport> named)
    {
        SliceExport export = named[0].Export;
        try
        {
            if (archive.TryRecord(project, export.Sha256) is { } record)
            {
                return record;
            }
        }
        catch (HarvestException)
        {
            // A record that cannot be read has its own finding.
        }

        return new ExportRecord
        {
            Project = project,
            Sha256 = export.Sha256,
            Bytes = 0,
            AddedAt = FirstUse(named) ?? Timestamp.From(DateTimeOffset.MinValue),
            LabelsThrough = named.Select(static one => one.Export.LabelsThrough).FirstOrDefault(static through => through is not null),
        };
    }

    private ExportRecord Of(string project, ExportFingerprint export, IReadOnlyList<NamedExport> named)
    {
        string? path = named.Select(static one => one.Export.Path).FirstOrDefault(static path => path is not null);
        return new ExportRecord
        {
            Project = project,
            Sha256 = export.Sha256,
            Bytes = export.Bytes,
            Path = path,
            Name = path is null ? named.Select(static one => one.Export.Name).FirstOrDefault(static name => name is not null) : null,

            // Without a slice that says when it was made the object's own time is the nearest.
            AddedAt = FirstUse(named) ?? TimeOf(export.Sha256),
            LabelConfigSha256 = named.Select(static one => one.Export.LabelConfigSha256).LastOrDefault(config => config is not null && archive.Contains(config)),
        }.With(export);
    }

    /// <summary>The time of the file that has the object: a pack has that of the bytes that were packed.</summary>
    private Timestamp TimeOf(string sha256)
    {
        LocalObjectStore local = archive.Local;
        return Timestamp.From(File.GetLastWriteTimeUtc(local.LocalPath(sha256) ?? local.Packs.Find(sha256) ?? local.PathOf(sha256)));
    }

    /// <summary>When the first slice was made that names the export, which was added before that.</summary>
    private static Timestamp? FirstUse(IReadOnlyList<NamedExport> named) =>
        named.Select(static one => one.CreatedAt).OfType<Timestamp>().OrderBy(static time => time.Instant).Cast<Timestamp?>().FirstOrDefault();
}
