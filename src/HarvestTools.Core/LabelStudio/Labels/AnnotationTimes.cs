using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>When annotations were changed last, read from an export: rows depend on no time, and so have none.</summary>
internal static class AnnotationTimes
{
    /// <summary>Reads an export once, for the annotations that are wanted.</summary>
    /// <param name="export">The export's bytes.</param>
    /// <param name="fileName">Its name, for messages.</param>
    /// <param name="wanted">The annotations.</param>
    /// <param name="threads">How many threads read.</param>
    /// <param name="progress">Bytes read so far.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The times that the export has, and the pass with the SHA-256 of what was read.</returns>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public static (IReadOnlyDictionary<long, DateTime> Times, ExportPass Pass) Read(
        Stream export, string fileName, IReadOnlySet<long> wanted, int threads, IProgress<long>? progress, CancellationToken cancellation)
    {
        (ExportPass pass, List<Worker> workers) = ExportPipeline.Run(export, fileName, threads, () => new Worker(wanted), progress, cancellation);

        // Of an annotation that is in the file twice the later time counts, whichever worker saw it.
        var times = new Dictionary<long, DateTime>();
        foreach ((long annotation, DateTime time) in workers.SelectMany(static worker => worker.Found))
        {
            times[annotation] = times.TryGetValue(annotation, out DateTime other) && other > time ? other : time;
        }

        return (times, pass);
    }

    private sealed class Worker(IReadOnlySet<long> wanted) : ITaskWorker
    {
        private readonly ExportTask _task = new();

        public List<(long Annotation, DateTime Time)> Found { get; } = [];

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task, TaskParts.Annotations);
            for (int i = 0; i < _task.Labels.Annotations.Count; i++)
            {
                if (_task.Labels.Annotations[i].Id is { } id && _task.Extras.Annotations[i].UpdatedAt is { } time && wanted.Contains(id))
                {
                    Found.Add((id, time));
                }
            }
        }
    }
}
