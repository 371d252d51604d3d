using HarvestTools.Derivation.Rows;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Tables;

namespace HarvestTools.Cache;

/// <summary>
/// Reads an export for what its part should have beside it, and has not: who made each annotation, and, by deriving some tasks once
/// more, whose labels are in rows that do not say it themselves.
/// </summary>
internal static class OverruledTasks
{
    /// <summary>Reads an export once, for the tasks that are wanted.</summary>
    /// <param name="request">As the part was derived.</param>
    /// <param name="export">The export's bytes.</param>
    /// <param name="tasks">Ids of the tasks.</param>
    /// <param name="progress">Bytes read so far.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The people of all annotations, overruled rows of the wanted tasks alone, and the pass with the SHA-256 of what was read.</returns>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public static (PartPeople People, ExportPass Pass) Read(
        PartRequest request, Stream export, IReadOnlySet<long> tasks, IProgress<long>? progress, CancellationToken cancellation)
    {
        var seen = new SeenTasks();
        (ExportPass pass, List<Worker> workers) = ExportPipeline.Run(
            export, request.FileName, request.Threads, () => new Worker(request, tasks, seen), progress, cancellation);
        return (new PartPeople([.. workers.Select(static worker => worker.People)]), pass);
    }

    private sealed class Worker : ITaskWorker
    {
        private readonly IReadOnlySet<long> _tasks;
        private readonly SeenTasks _seen;
        private readonly ExportTask _task = new();
        private readonly TaskRows _rows = new();
        private readonly Tally _tally = new();
        private readonly LabelDeriver _deriver;

        public Worker(PartRequest request, IReadOnlySet<long> tasks, SeenTasks seen)
        {
            _tasks = tasks;
            _seen = seen;
            _deriver = new LabelDeriver(request.Rules, request.Fields, request.Derivation, request.LabelConfig) { Overruled = People.Overruled };
        }

        public PeopleOfTasks People { get; } = new();

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task);
            People.Add(_task);

            // Of a task that is in the file twice the labels are the same, and count once.
            if (_task.Labels is { Annotations.Count: > 0, Id: { } id } && _tasks.Contains(id) && _seen.Add(id))
            {
                _rows.Clear();
                _deriver.Derive(_task.Labels, _task.Place, _rows, _tally);
            }

            _task.Tokens.Release();
        }
    }
}
