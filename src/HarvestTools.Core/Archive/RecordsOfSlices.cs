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
    /// <summary>Writes each record that is missing; a finding for each, repaired where it was written.</summary>
    public IEnumerable<ArchiveFinding> Write(CancellationToken cancellation)
    {
        foreach (var named in references.Named.GroupBy(one => (Project: archive.CurrentName(one.Export.Project), one.Export.Sha256)).ToList())
        {
            (string project, string sha256) = named.Key;

            // A record that cannot be read has its own finding.
            if (archive.RecordFilesOf(sha256).Any(file => archive.ProjectOf(file) == project) || !archive.Contains(sha256))
            {
                continue;
            }

            var finding = new ArchiveFinding(
                ArchiveFindingKind.Missing, FindingSeverity.Error, sha256, archive.Local.PathOf(sha256),
                $"The export {Figures.ShortHash(sha256)} of project {project} is archived and has no record, though {references.Describe(sha256)}.",
                $"Archive the file again with {new RemedyAction.AddExport(Project: project)}; it records what is archived already.");
            yield return ArchiveRepair.Try(finding, () => ArchiveRepair.ReadExport(archive, sha256, cancellation) is { } export
                ? Written(finding, Of(project, export, [.. named]))
                : finding);
        }
    }

    private ArchiveFinding Written(ArchiveFinding finding, ExportRecord record)
    {
        _ = archive.Record(record);
        return finding with { Message = $"{finding.Message} It was recorded again.", Repaired = true };
    }

    private ExportRecord Of(string project, ExportFingerprint export, IReadOnlyList<(SliceExport Export, Timestamp? CreatedAt)> named)
    {
        // An export was added before the first slice that names it was made; without such a time the object's own is the nearest.
        Timestamp added = named.Select(static one => one.CreatedAt).OfType<Timestamp>().OrderBy(static time => time.Instant).Cast<Timestamp?>().FirstOrDefault()
            ?? Timestamp.From(File.GetLastWriteTimeUtc(archive.Local.PathOf(export.Sha256)));
        string? path = named.Select(static one => one.Export.Path).FirstOrDefault(static path => path is not null);
        return new ExportRecord
        {
            Project = project,
            Sha256 = export.Sha256,
            Bytes = export.Bytes,
            Path = path,
            Name = path is null ? named.Select(static one => one.Export.Name).FirstOrDefault(static name => name is not null) : null,
            AddedAt = added,
            LabelConfigSha256 = named.Select(static one => one.Export.LabelConfigSha256).LastOrDefault(config => config is not null && archive.Contains(config)),
        }.With(export);
    }
}
