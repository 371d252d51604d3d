using HarvestTools.Drift;
using HarvestTools.LabelStudio.Labels;
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
                _ = SliceInputs.Read(repository, export, "Reading annotators", context, (stream, progress) =>
                    (index, index.Read(stream, export.FileStem, context.Threads, progress, context.Cancellation)));
            }

            indexes.Add(project, index);
        }

        return (project, annotation) => indexes.GetValueOrDefault(project)?.Of(annotation);
    }
}
