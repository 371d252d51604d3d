using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace HarvestTools.Exports;

/// <summary>Takes batches of tasks from the splitter to the workers.</summary>
internal interface ITaskRunner : IDisposable
{
    /// <summary>An empty batch, as soon as there is one; null where a worker has failed and reading on is pointless.</summary>
    TaskBatch? Rent();

    void Dispatch(TaskBatch batch);

    /// <summary>Waits until no batch is with a worker; the caller holds one itself.</summary>
    void Drain();

    /// <summary>Waits until all is processed; throws the fault of the lowest task, if any.</summary>
    void Finish();
}

/// <summary>Runs one worker on the calling thread.</summary>
internal sealed class InlineTaskRunner(ITaskWorker worker, string fileName, int batchBytes, CancellationToken cancellation)
    : ITaskRunner
{
    private readonly Stack<TaskBatch> _free = new([new TaskBatch(batchBytes), new TaskBatch(batchBytes)]);
    private ExceptionDispatchInfo? _failure;

    public TaskBatch? Rent() => _failure is null ? _free.Pop() : null;

    public void Dispatch(TaskBatch batch)
    {
        for (int i = 0; i < batch.Count && _failure is null; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                TaskCheck.Run(worker, batch.Task(i, fileName));
            }
            catch (Exception e)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
            }
        }

        batch.Reset();
        _free.Push(batch);
    }

    public void Drain()
    {
    }

    public void Finish() => _failure?.Throw();

    public void Dispose()
    {
    }
}

/// <summary>Runs several workers, each on a thread of its own, over a bounded number of batches.</summary>
internal sealed class ThreadedTaskRunner : ITaskRunner
{
    private readonly BlockingCollection<TaskBatch> _free = [];
    private readonly BlockingCollection<TaskBatch> _full = [];
    private readonly int _batches;
    private readonly Thread[] _threads;
    private readonly string _fileName;
    private readonly CancellationToken _cancellation;
    private readonly Lock _lock = new();
    private ExceptionDispatchInfo? _failure;
    private long _failedOrdinal = long.MaxValue;

    public ThreadedTaskRunner(
        int threads, Func<int, ITaskWorker> createWorker, string fileName, int batchBytes, CancellationToken cancellation)
    {
        _fileName = fileName;
        _cancellation = cancellation;

        // The splitter holds up to two batches; each worker has one at hand and one waiting.
        _batches = (threads * 2) + 2;
        for (int i = 0; i < _batches; i++)
        {
            _free.Add(new TaskBatch(batchBytes), CancellationToken.None);
        }

        ITaskWorker[] workers = [.. Enumerable.Range(0, threads).Select(createWorker)];
        _threads = [.. workers.Select(worker => new Thread(() => Work(worker)) { IsBackground = true, Name = "harvest-worker" })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    public TaskBatch? Rent()
    {
        TaskBatch batch = _free.Take(_cancellation);
        return Volatile.Read(ref _failedOrdinal) == long.MaxValue ? batch : null;
    }

    public void Dispatch(TaskBatch batch) => _full.Add(batch, CancellationToken.None);

    public void Drain()
    {
        var idle = new List<TaskBatch>();
        while (idle.Count < _batches - 1)
        {
            idle.Add(_free.Take(_cancellation));
        }

        idle.ForEach(batch => _free.Add(batch, CancellationToken.None));
    }

    public void Finish()
    {
        Stop();
        _cancellation.ThrowIfCancellationRequested();
        _failure?.Throw();
    }

    public void Dispose()
    {
        Stop();
        _free.Dispose();
        _full.Dispose();
    }

    private void Stop()
    {
        _full.CompleteAdding();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Work(ITaskWorker worker)
    {
        foreach (TaskBatch batch in _full.GetConsumingEnumerable(CancellationToken.None))
        {
            for (int i = 0; i < batch.Count; i++)
            {
                // Tasks before a failed one are still processed: one of them may fail too, and the first in the file counts.
                // Batches are queued in the file's order, so every task before the failed one gets here.
                if (_cancellation.IsCancellationRequested || batch.FirstOrdinal + i >= Volatile.Read(ref _failedOrdinal))
                {
                    break;
                }

                try
                {
                    TaskCheck.Run(worker, batch.Task(i, _fileName));
                }
                catch (Exception e)
                {
                    Record(e, batch.FirstOrdinal + i);
                    break;
                }
            }

            batch.Reset();
            _free.Add(batch, CancellationToken.None);
        }
    }

    private void Record(Exception failure, long ordinal)
    {
        lock (_lock)
        {
            if (ordinal < _failedOrdinal)
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
                Volatile.Write(ref _failedOrdinal, ordinal);
            }
        }
    }
}
