using System.Runtime.ExceptionServices;

namespace HarvestTools.Work;

/// <summary>
/// Threads that encode the columns of a row group while the next one is filled. The thread that fills hands a group over with
/// <see cref="Begin"/>, and takes a hand in it itself in <see cref="Complete"/>, so that nobody waits while a column is left.
/// </summary>
internal sealed class WorkerPool : IDisposable
{
    private readonly object _gate = new();
    private readonly List<Task> _threads = [];
    private Action<int> _encode = static _ => { };
    private int _columns;
    private int _next;
    private int _encoding;
    private int _idle;
    private bool _closed;
    private ExceptionDispatchInfo? _failure;

    /// <param name="helpers">How many threads that do nothing else it starts.</param>
    public WorkerPool(int helpers = 0)
    {
        for (int i = 0; i < helpers; i++)
        {
            Lend(static () => { });
        }
    }

    /// <summary>Whether a thread waits for columns.</summary>
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

    /// <summary>Starts a thread that helps once it has done something else.</summary>
    /// <param name="first">What it does before; it may call <see cref="Help"/> in between.</param>
    /// <returns>What it does before; over when that is.</returns>
    public Task Lend(Action first)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _threads.Add(Task.Factory.StartNew(
            () =>
            {
                try
                {
                    first();
                    done.SetResult();
                }
#pragma warning disable CA1031 // Whoever waits for it gets it.
                catch (Exception exception)
                {
                    done.SetException(exception);
                    return;
                }
#pragma warning restore CA1031

                HelpToEnd();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        return done.Task;
    }

    /// <summary>Hands columns over; only after the ones before were completed or abandoned.</summary>
    /// <param name="columns">How many there are.</param>
    /// <param name="encode">Encodes one of them; called on several threads at once, and for each column once.</param>
    public void Begin(int columns, Action<int> encode)
    {
        lock (_gate)
        {
            _encode = encode;
            _columns = columns;
            _next = 0;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Returns when all columns handed over are encoded.</summary>
    public void Complete()
    {
        Help();
        Settle();
        _failure?.Throw();
    }

    /// <summary>Returns when no thread works on a column any more; those not begun are left.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _next = _columns;
        }

        Settle();
    }

    /// <summary>Encodes columns as long as there are any.</summary>
    public void Help()
    {
        while (TryTake(out int column, out Action<int> encode))
        {
            try
            {
                encode(column);
            }
#pragma warning disable CA1031 // The thread that handed the columns over gets it.
            catch (Exception exception)
            {
                lock (_gate)
                {
                    _failure ??= ExceptionDispatchInfo.Capture(exception);
                    _next = _columns;
                }
            }
#pragma warning restore CA1031
            finally
            {
                lock (_gate)
                {
                    _encoding--;
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    /// <summary>Sends the threads home and waits for them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        Task.WaitAll([.. _threads], CancellationToken.None);
    }

    private void HelpToEnd()
    {
        while (true)
        {
            Help();
            lock (_gate)
            {
                _idle++;
                while (_next == _columns && !_closed)
                {
                    Monitor.Wait(_gate);
                }

                _idle--;

                if (_next == _columns)
                {
                    return;
                }
            }
        }
    }

    private bool TryTake(out int column, out Action<int> encode)
    {
        lock (_gate)
        {
            column = _next;
            encode = _encode;
            if (column == _columns)
            {
                return false;
            }

            _next++;
            _encoding++;
            return true;
        }
    }

    private void Settle()
    {
        lock (_gate)
        {
            while (_encoding > 0)
            {
                Monitor.Wait(_gate);
            }
        }
    }
}
