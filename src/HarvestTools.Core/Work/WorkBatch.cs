using System.Runtime.ExceptionServices;

namespace HarvestTools.Work;

/// <summary>Numbered pieces of work that a <see cref="WorkerPool"/> has got. The pool's lock guards all of it.</summary>
internal sealed class WorkBatch
{
    private readonly WorkerPool _pool;
    private readonly int _count;
    private readonly CancellationToken _cancellation;
    private int _next;
    private int _running;
    private bool _cancelled;
    private int _failedIndex = int.MaxValue;
    private ExceptionDispatchInfo? _failure;

    internal WorkBatch(WorkerPool pool, int count, Action<int> piece, CancellationToken cancellation)
    {
        _pool = pool;
        _count = count;
        _cancellation = cancellation;
        Piece = piece;
    }

    /// <summary>Whether nothing is left to begin and nothing runs.</summary>
    public bool IsCompleted => _pool.IsDone(this);

    internal Action<int> Piece { get; }

    /// <summary>Whether nothing is left to begin.</summary>
    internal bool IsTaken => _next >= _count;

    internal bool IsDone => IsTaken && _running == 0;

    /// <summary>Does pieces that no thread has begun, and returns when all are done.</summary>
    /// <exception cref="OperationCanceledException">The batch was cancelled before its last piece was begun.</exception>
    /// <exception cref="Exception">
    /// What the lowest numbered of the pieces that failed has thrown, whatever the timing: pieces are begun in ascending order, so
    /// all below a failed one are begun before it.
    /// </exception>
    public void Complete()
    {
        _pool.Finish(this);
        ThrowFailure();
    }

    /// <summary>Like <see cref="Complete"/>, and does pieces of other batches in the time: those of this one may wait for them.</summary>
    public void CompleteHelping()
    {
        _pool.HelpUntilDone(this);
        Complete();
    }

    private void ThrowFailure()
    {
        _failure?.Throw();
        if (_cancelled)
        {
            throw new OperationCanceledException(_cancellation);
        }
    }

    /// <summary>Returns when no thread works on a piece any more; those not begun are left, and what was thrown is forgotten.</summary>
    public void Abandon() => _pool.Abandon(this);

    internal bool TryTake(out int index)
    {
        if (!IsTaken && _cancellation.IsCancellationRequested)
        {
            _cancelled = true;
            Leave();
        }

        index = _next;
        if (IsTaken)
        {
            return false;
        }

        _next++;
        _running++;
        return true;
    }

    internal void Leave() => _next = _count;

    internal void End(int index, Exception? failure)
    {
        _running--;
        if (failure is null)
        {
            return;
        }

        Leave();
        if (index < _failedIndex)
        {
            _failedIndex = index;
            _failure = ExceptionDispatchInfo.Capture(failure);
        }
    }
}
