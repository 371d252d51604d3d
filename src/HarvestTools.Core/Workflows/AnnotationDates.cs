using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>When annotations were changed last; rows do not say it, so that the export is read.</summary>
internal static class AnnotationDates
{
    /// <returns>By annotation; empty where the export is not on this machine.</returns>
    public static IReadOnlyDictionary<long, DateTime> Of(Repository repository, SliceExport export, HashSet<long> wanted, WorkContext context) =>
        wanted.Count == 0
            ? new Dictionary<long, DateTime>()
            : SliceInputs.Read(repository, export, "Reading dates", context, (stream, progress) =>
                AnnotationTimes.Read(stream, export.FileStem, wanted, context.Threads, progress, context.Cancellation))?.Read ?? new Dictionary<long, DateTime>();
}
