namespace HarvestTools.Work;

/// <summary>
/// Work on many items at once whose results are taken in the order in which it was begun. Not thread-safe: one thread begins and
/// takes, and takes a hand in the work while it waits.
/// </summary>
/// <typeparam name="T">A result.</typeparam>
public sealed class OrderedWork<T> : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly Queue<Item> _begun = new();
    private readonly CancellationToken _cancellation;

    /// <param name="threads">How many items are worked on at once, on the calling thread and others; at least 1.</param>
    /// <param name="cancellation">No item is begun once it is cancelled.</param>
    public OrderedWork(int threads, CancellationToken cancellation = default)
    {
        _pool = new WorkerPool(threads);
        _cancellation = cancellation;
    }

    /// <summary>How many results wait to be taken, ready or not.</summary>
    public int Count => _begun.Count;

    /// <summary>Has a thread do the work as soon as one is free, at the latest when its result is taken.</summary>
    /// <param name="work">What gives the result.</param>
    public void Begin(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        _begun.Enqueue(new Item(_pool, work, _cancellation));
    }

    /// <summary>The oldest result that was not taken.</summary>
    /// <exception cref="InvalidOperationException">Nothing was begun that was not taken.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the item was begun.</exception>
    /// <exception cref="Exception">What the work on the item has thrown; the others go on.</exception>
    public T Take() => _begun.Dequeue().Result(_pool);

    /// <summary>Leaves what is not begun and returns when nothing is worked on.</summary>
    public void Dispose() => _pool.Dispose();

    private sealed class Item
    {
        private readonly WorkBatch _batch;
        private T _result = default!;

        public Item(WorkerPool pool, Func<T> work, CancellationToken cancellation) =>
            _batch = pool.Begin(1, _ => _result = work(), cancellation);

        public T Result(WorkerPool pool)
        {
            // Sizes may differ a thousandfold: a thread that waits for a large item does small ones meanwhile.
            while (!_batch.IsCompleted && pool.TryHelp())
            {
            }

            _batch.Complete();
            return _result;
        }
    }
}

/// <summary>Sequences whose items are worked on at once.</summary>
internal static class OrderedWork
{
    // Results are small, and many items ahead keep every thread busy while a large one holds up the order.
    private const int AheadOfEachThread = 32;

    /// <summary>The results in the order of the source, worked out ahead of the one that is asked for.</summary>
    /// <param name="source">Enumerated on the calling thread as far as is worked ahead.</param>
    /// <param name="work">Called on several threads at once.</param>
    /// <param name="threads">How many items are worked on at once.</param>
    /// <param name="cancellation">Ends the sequence with an <see cref="OperationCanceledException"/>.</param>
    public static IEnumerable<TResult> Run<TSource, TResult>(
        IEnumerable<TSource> source, Func<TSource, TResult> work, int threads, CancellationToken cancellation)
    {
        using var ahead = new OrderedWork<TResult>(threads, cancellation);
        foreach (TSource item in source)
        {
            cancellation.ThrowIfCancellationRequested();
            ahead.Begin(() => work(item));
            if (ahead.Count == threads * AheadOfEachThread)
            {
                yield return ahead.Take();
            }
        }

        while (ahead.Count > 0)
        {
            yield return ahead.Take();
        }
    }
}
