using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>Who made which annotation, read from exports; rows know only the annotation.</summary>
internal sealed class AnnotatorIndex(IReadOnlySet<long> wanted)
{
    private readonly Dictionary<long, long> _annotators = [];

    /// <summary>Null where no export that was read holds the annotation, or it names nobody.</summary>
    public long? Of(long annotation) => _annotators.TryGetValue(annotation, out long annotator) ? annotator : null;

    /// <summary>Reads an export once, for the annotations that are wanted; the first export that has one counts.</summary>
    /// <returns>The pass, with the SHA-256 of what was read.</returns>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public ExportPass Read(Stream export, string fileName, int threads, IProgress<long>? progress, CancellationToken cancellation)
    {
        (ExportPass pass, List<Worker> workers) = ExportPipeline.Run(export, fileName, threads, () => new Worker(wanted), progress, cancellation);

        // Of an annotation that one file holds twice the lesser annotator counts, whichever worker saw it.
        var found = new Dictionary<long, long>();
        foreach ((long annotation, long annotator) in workers.SelectMany(static worker => worker.Found))
        {
            found[annotation] = found.TryGetValue(annotation, out long other) ? Math.Min(other, annotator) : annotator;
        }

        foreach ((long annotation, long annotator) in found)
        {
            _annotators.TryAdd(annotation, annotator);
        }

        return pass;
    }

    private sealed class Worker(IReadOnlySet<long> wanted) : ITaskWorker
    {
        private readonly ExportTask _task = new();

        public List<(long Annotation, long Annotator)> Found { get; } = [];

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task, TaskParts.Annotations);
            foreach (Annotation annotation in _task.Labels.Annotations)
            {
                if (annotation.Id is { } id && annotation.AnnotatorId is { } annotator && wanted.Contains(id))
                {
                    Found.Add((id, annotator));
                }
            }
        }
    }
}
