using HarvestTools.Derivation.Fields;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Cache;

/// <summary>
/// Looks through the tasks of an export, labelled or not, for episodes. A part cannot say it: exports with the same labels share
/// it, whatever tasks without annotations they have beside them.
/// </summary>
internal static class NamedTasks
{
    /// <summary>Reads an export once, for the episodes that are wanted.</summary>
    /// <param name="request">As the part was derived.</param>
    /// <param name="export">The export's bytes.</param>
    /// <param name="wanted">Task folders and episodes.</param>
    /// <param name="progress">Bytes read so far.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Those of which a task is there, and the pass with the SHA-256 of what was read.</returns>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public static (HashSet<(string TaskSubdir, string Episode)> Found, ExportPass Pass) Find(
        PartRequest request, Stream export, IReadOnlySet<(string TaskSubdir, string Episode)> wanted, IProgress<long>? progress, CancellationToken cancellation)
    {
        (ExportPass pass, List<Worker> workers) = ExportPipeline.Run(
            export, request.FileName, request.Threads, () => new Worker(request), progress, cancellation);
        HashSet<(string, string)> found = [.. workers.SelectMany(static worker => worker.Found)];
        found.IntersectWith(wanted);
        return (found, pass);
    }

    private sealed class Worker(PartRequest request) : ITaskWorker
    {
        private readonly ExportTask _task = new();
        private readonly NamedEpisodes _episodes = new(request.Fields, request.LabelConfig);

        public HashSet<(string TaskSubdir, string Episode)> Found { get; } = [];

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task, TaskParts.Regions | TaskParts.Tolerant);
            _episodes.Add(_task.Labels, _task.Place, Found);
            _task.Tokens.Release();
        }
    }
}
