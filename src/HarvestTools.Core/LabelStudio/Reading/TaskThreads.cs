using System.Runtime.ExceptionServices;
using HarvestTools.Work;

namespace HarvestTools.LabelStudio.Reading;

/// <summary>
/// Takes the tasks of an export through workers, one a thread. Whichever thread is free reads, hashes and cuts the next
/// batch itself and then works on it, so that there are never more threads than asked for and no batch waits for one.
/// </summary>
internal sealed class TaskThreads(
    TaskSplitter splitter, ExportInput source, ExportLimits limits, IProgress<long>? progress, CancellationToken cancellation)
{
    /// <summary>The largest batch that several threads may hold at once.</summary>
    private const int SharedBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(50);

    private readonly Lock _reading = new();
    private readonly Lock _failing = new();
    private bool _ended;
    private ExceptionDispatchInfo? _failure;
    private long _failedOrdinal = long.MaxValue;

    /// <summary>Works on the calling thread, and on one more for each further worker, to the export's end.</summary>
    /// <exception cref="HarvestException">The fault that stands first in the file, whatever the timing.</exception>
    public void Run(IReadOnlyList<ITaskWorker> workers)
    {
        using var pool = new WorkerPool(workers.Count);

        // The first piece is the calling thread's.
        pool.Run(workers.Count, i => Work(workers[i], i == 0 ? progress : null));
        cancellation.ThrowIfCancellationRequested();
        _failure?.Throw();
        progress?.Report(source.Bytes);
    }

    private void Work(ITaskWorker worker, IProgress<long>? report)
    {
        try
        {
            var batch = new TaskBatch(limits.BatchBytes);
            while (Take(batch, worker, report))
            {
                Process(batch, worker);
                batch.Reset();
            }
        }
        catch (Exception e)
        {
            // Whoever listens to the progress may end the pass with an exception; the other threads must not go on.
            Record(e, 0);
            source.Stop();
        }
    }

    /// <summary>Fills the batch with the tasks that come next; false at the end, or where reading on is pointless.</summary>
    private bool Take(TaskBatch batch, ITaskWorker worker, IProgress<long>? report)
    {
        Enter(report);
        try
        {
            if (_ended || cancellation.IsCancellationRequested || Volatile.Read(ref _failedOrdinal) != long.MaxValue)
            {
                return false;
            }

            try
            {
                _ended = !splitter.Fill(batch, report);
            }
            catch (Exception e)
            {
                // Tasks before the fault may be at fault themselves, and come first: they are in the batch.
                _ended = true;
                Record(e, splitter.Tasks + 1);
            }

            if (batch.Buffer.Length > SharedBytes)
            {
                // Huge tasks go one at a time, else every thread could hold one.
                Process(batch, worker);
                batch.Reset();
            }

            return !_ended || batch.Count > 0;
        }
        finally
        {
            _reading.Exit();
        }
    }

    /// <summary>Waits for its turn; the calling thread tells meanwhile how far the others are.</summary>
    private void Enter(IProgress<long>? report)
    {
        if (report is null)
        {
            _reading.Enter();
            return;
        }

        while (!_reading.TryEnter(s_reportEvery))
        {
            report.Report(source.Bytes);
        }
    }

    private void Process(TaskBatch batch, ITaskWorker worker)
    {
        for (int i = 0; i < batch.Count; i++)
        {
            // Tasks before a failed one are still processed: one of them may fail too, and the first in the file counts.
            // Batches are cut in the file's order, so every task before the failed one is with some thread by now.
            if (cancellation.IsCancellationRequested || batch.FirstOrdinal + i >= Volatile.Read(ref _failedOrdinal))
            {
                break;
            }

            try
            {
                TaskCheck.Run(worker, batch.Task(i, source.FileName));
            }
            catch (Exception e)
            {
                Record(e, batch.FirstOrdinal + i);
                break;
            }
        }
    }

    private void Record(Exception failure, long ordinal)
    {
        lock (_failing)
        {
            if (ordinal < _failedOrdinal)
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
                Volatile.Write(ref _failedOrdinal, ordinal);
            }
        }
    }
}
