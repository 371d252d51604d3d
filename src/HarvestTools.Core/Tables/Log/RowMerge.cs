using HarvestTools.Work;

namespace HarvestTools.Tables.Log;

/// <summary>Receives the rows of one table in final order.</summary>
internal interface IMergedRows
{
    /// <summary>Rows of one episode that follow each other, in canonical form.</summary>
    /// <param name="episode">Of all of them.</param>
    /// <param name="rows">
    /// Each row after its header, only until the call returns. A row that leaves out shared texts has those of the row before it
    /// in the same call or, the first one, of the last row of the call before.
    /// </param>
    void Accept(RunEpisode episode, ReadOnlySpan<byte> rows);
}

/// <summary>Merges the sorted runs of any number of row logs into one table's final order.</summary>
internal static class RowMerge<TRow, TTable>
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    public static void Run(
        IEnumerable<RowLog<TRow, TTable>> logs, SegmentStore store, IMergedRows output, CancellationToken cancellation)
    {
        var runs = new RunQueue<RowRun>(logs.SelectMany(static log => log.Runs.TakeAll()));
        var open = new CursorHeap();
        var spare = new Stack<RowCursor<TRow, TTable>>();
        var before = new TextsBefore();
        while (!runs.IsEmpty || open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            while (!runs.IsEmpty && (open.Count == 0 || open.First.IsAtOrBehind(runs.Next)))
            {
                RowCursor<TRow, TTable> cursor = spare.Count > 0 ? spare.Pop() : new RowCursor<TRow, TTable>(store);
                cursor.Open(runs.Take());
                open.Add(cursor);
            }

            RowCursor<TRow, TTable> first = open.First;

            // The common case: images, whose tasks have one frame each. Nothing overlaps, nothing is compared.
            if (open.Count == 1 && (runs.IsEmpty || first.IsBefore(runs.Next)))
            {
                first.GiveAll(output, before);
                spare.Push(open.RemoveFirst());
                continue;
            }

            RowPlace limit = runs.IsEmpty ? RowPlace.End : first.PlaceOf(runs.Next.Episode, runs.Next.First);
            if (first.Give(RowPlace.Least(limit, open.LimitOfFirst()), output, before))
            {
                open.FirstMoved();
            }
            else
            {
                spare.Push(open.RemoveFirst());
            }
        }
    }

    /// <summary>
    /// The cursors of runs that overlap, as a binary heap. They are compared where they are: rows are large and full of references,
    /// and moving copies of them through a queue takes longer than all else in the merge.
    /// </summary>
    private sealed class CursorHeap
    {
        private RowCursor<TRow, TTable>[] _cursors = new RowCursor<TRow, TTable>[16];

        public int Count { get; private set; }

        public RowCursor<TRow, TTable> First => _cursors[0];

        public void Add(RowCursor<TRow, TTable> cursor)
        {
            if (Count == _cursors.Length)
            {
                Array.Resize(ref _cursors, 2 * Count);
            }

            int at = Count++;
            for (int parent; at > 0 && cursor.CompareTo(_cursors[parent = (at - 1) / 2]) < 0; at = parent)
            {
                _cursors[at] = _cursors[parent];
            }

            _cursors[at] = cursor;
        }

        public RowCursor<TRow, TTable> RemoveFirst()
        {
            RowCursor<TRow, TTable> first = _cursors[0];
            RowCursor<TRow, TTable> last = _cursors[--Count];
            _cursors[Count] = null!;
            if (Count > 0)
            {
                Sink(last);
            }

            return first;
        }

        /// <summary>Puts the first cursor where it belongs after it went on.</summary>
        public void FirstMoved() => Sink(_cursors[0]);

        /// <summary>The place of the row of another cursor that comes next; up to there the first one has all rows.</summary>
        public RowPlace LimitOfFirst()
        {
            RowPlace limit = RowPlace.End;
            for (int child = 1; child <= 2 && child < Count; child++)
            {
                limit = RowPlace.Least(limit, First.PlaceOf(_cursors[child]));
            }

            return limit;
        }

        /// <summary>Puts a cursor in the place of the first, and then below those that come before it.</summary>
        private void Sink(RowCursor<TRow, TTable> cursor)
        {
            int at = 0;
            for (int child; (child = (2 * at) + 1) < Count; at = child)
            {
                if (child + 1 < Count && _cursors[child + 1].CompareTo(_cursors[child]) < 0)
                {
                    child++;
                }

                if (cursor.CompareTo(_cursors[child]) <= 0)
                {
                    break;
                }

                _cursors[at] = _cursors[child];
            }

            _cursors[at] = cursor;
        }
    }
}
