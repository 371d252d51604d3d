namespace HarvestTools.Work;

/// <summary>
/// A fixed number of threads for the work of one operation. The thread that makes the pool is one of them: it works wherever it
/// waits, so that a pool of one thread does everything on the caller's, in order, and a pool never runs more threads at once
/// than it was given. Work comes in batches of numbered pieces; pieces of older batches are begun first.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    // One lock for the pool and its batches: pieces take milliseconds, and one order of locks cannot deadlock.
    private readonly object _gate = new();
    private readonly Thread[] _helpers;

    /// <summary>Batches that have pieces left to begin, oldest first.</summary>
    private readonly List<WorkBatch> _open = [];
    private int _idle;
    private int _waiting;
    private bool _closed;

    /// <param name="threads">How many work at once, the caller's included; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _helpers = new Thread[threads - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = new Thread(WorkToEnd) { IsBackground = true, Name = "harvest-worker" };
            _helpers[i].Start();
        }
    }

    /// <summary>Whether a thread waits for work.</summary>
    public bool HasIdle
    {
        get
        {
            lock (_gate)
            {
                return _idle > 0;
            }
        }
    }

    /// <summary>
    /// Whether a thread would begin with a piece at once: one that waits for work, or that helps until a batch is done. Never while something
    /// is left to begin, so that who then waits and helps is not handed a large piece, such as several tables, that somebody else opened.
    /// </summary>
    public bool HasHelp
    {
        get
        {
            lock (_gate)
            {
                return _idle + _waiting > 0 && _open.Count == 0;
            }
        }
    }

    /// <summary>Has the other threads begin with pieces of work while the caller goes on; it completes or abandons the batch later.</summary>
    /// <param name="count">How many pieces there are, numbered from 0.</param>
    /// <param name="piece">Does one of them; called on several threads at once, for each number at most once, in ascending order.</param>
    /// <param name="cancellation">No piece is begun once it is cancelled.</param>
    public WorkBatch Begin(int count, Action<int> piece, CancellationToken cancellation = default)
    {
        var batch = new WorkBatch(this, count, piece, cancellation);
        Open(batch);
        return batch;
    }

    /// <summary>Does all pieces and returns when they are done. The first is done on the calling thread.</summary>
    /// <inheritdoc cref="Begin" path="/param"/>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Exception">What the lowest numbered of the pieces that failed has thrown; later ones are not begun then.</exception>
    public void Run(int count, Action<int> piece, CancellationToken cancellation = default)
    {
        var batch = new WorkBatch(this, count, piece, cancellation);
        bool first = batch.TryTake(out int index);
        Open(batch);
        if (first)
        {
            Do(batch, index);
        }

        batch.Complete();
    }

    /// <summary>Does one piece of the oldest batch; false where there is none to begin.</summary>
    public bool TryHelp()
    {
        if (!TryTake(out WorkBatch? batch, out int index))
        {
            return false;
        }

        Do(batch, index);
        return true;
    }

    /// <summary>Leaves what is not begun, and returns when no thread of the pool works any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (WorkBatch batch in _open)
            {
                batch.Leave();
            }

            _open.Clear();
            Monitor.PulseAll(_gate);
        }

        foreach (Thread helper in _helpers)
        {
            helper.Join();
        }
    }

    /// <summary>Does what is left of one batch, and returns when no thread works on it.</summary>
    internal void Finish(WorkBatch batch)
    {
        while (TryTake(batch, out int index))
        {
            Do(batch, index);
        }

        Settle(batch);
    }

    /// <summary>Does pieces of any batch, older ones first, until nothing is left of one of them.</summary>
    internal void HelpUntilDone(WorkBatch batch)
    {
        while (WaitForWork(batch))
        {
            TryHelp();
        }
    }

    /// <summary>Leaves the pieces not begun, and returns when no thread works on the batch.</summary>
    internal void Abandon(WorkBatch batch)
    {
        lock (_gate)
        {
            batch.Leave();
            _open.Remove(batch);
        }

        Settle(batch);
    }

    internal bool IsDone(WorkBatch batch)
    {
        lock (_gate)
        {
            return batch.IsDone;
        }
    }

    private void Open(WorkBatch batch)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!batch.IsTaken)
            {
                _open.Add(batch);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void WorkToEnd()
    {
        while (true)
        {
            while (TryHelp())
            {
            }

            lock (_gate)
            {
                _idle++;
                while (_open.Count == 0 && !_closed)
                {
                    Monitor.Wait(_gate);
                }

                _idle--;
                if (_closed)
                {
                    return;
                }
            }
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out WorkBatch? batch, out int index)
    {
        lock (_gate)
        {
            while (_open.Count > 0)
            {
                batch = _open[0];
                if (TryTake(batch, out index))
                {
                    return true;
                }
            }
        }

        batch = null;
        index = 0;
        return false;
    }

    private bool TryTake(WorkBatch batch, out int index)
    {
        lock (_gate)
        {
            bool taken = batch.TryTake(out index);
            if (batch.IsTaken)
            {
                _open.Remove(batch);
            }

            return taken;
        }
    }

    private void Do(WorkBatch batch, int index)
    {
        Exception? failure = null;
        try
        {
            batch.Piece(index);
        }
#pragma warning disable CA1031 // The thread that completes the batch gets it.
        catch (Exception exception)
        {
            failure = exception;
        }
#pragma warning restore CA1031

        lock (_gate)
        {
            batch.End(index, failure);
            if (batch.IsTaken)
            {
                _open.Remove(batch);
            }

            if (batch.IsDone)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits until a batch is done or any other has something to begin; false where it is done.</summary>
    private bool WaitForWork(WorkBatch batch)
    {
        lock (_gate)
        {
            _waiting++;
            while (!batch.IsDone && _open.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            _waiting--;
            return !batch.IsDone;
        }
    }

    private void Settle(WorkBatch batch)
    {
        lock (_gate)
        {
            while (!batch.IsDone)
            {
                Monitor.Wait(_gate);
            }
        }
    }
}
