using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Finds who made the annotations whose rows differ. Rows hold the annotation and not the person, so the exports are read;
/// one that is not available leaves its annotations without a name.
/// </summary>
internal sealed class SliceAnnotators(Repository repository, WorkContext context)
{
    /// <param name="tally">The differing rows.</param>
    /// <param name="exports">Where to look, in this order.</param>
    public Func<string, long, long?> Of(RowTally tally, IEnumerable<SliceExport> exports)
    {
        var indexes = new Dictionary<string, AnnotatorIndex>(StringComparer.Ordinal);
        foreach (string project in tally.Projects)
        {
            var index = new AnnotatorIndex(tally.AnnotationsOf(project).ToHashSet());
            foreach (SliceExport export in exports.Where(export => export.Project == project).DistinctBy(static export => export.Sha256))
            {
                IObjectSource source = SliceInputs.SourceOf(repository, export);
                using ObjectContent? content = source.TryOpen(export.Sha256, context.Cancellation);
                if (content is null)
                {
                    continue;
                }

                // The pass hashes what it reads; a source that verified would hash a gigabyte once more.
                string stem = export.FileStem;
                ExportPass pass = index.Read(
                    content.Stream, stem, context.Threads, context.Bytes("Reading annotators", stem, content.Bytes), context.Cancellation);
                if (pass.Sha256 != export.Sha256)
                {
                    throw ArchiveErrors.ObjectDamaged(source.Name, export.Sha256, pass.Sha256);
                }
            }

            indexes.Add(project, index);
        }

        return (project, annotation) => indexes.GetValueOrDefault(project)?.Of(annotation);
    }
}
