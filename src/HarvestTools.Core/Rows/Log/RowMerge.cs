using HarvestTools.Rows.Tables;

namespace HarvestTools.Rows.Log;

/// <summary>Receives the rows of one table in final order.</summary>
internal interface IMergedRows<TRow>
    where TRow : struct
{
    /// <summary>Rows of one episode that follow each other, in canonical form.</summary>
    /// <param name="key">The first row's place; subdir and episode hold for all of them.</param>
    /// <param name="buffer">Where they lie.</param>
    /// <param name="offset">Offset of the first row.</param>
    /// <param name="length">Length of all rows in bytes.</param>
    /// <param name="rows">How many they are.</param>
    void Accept(in RunKey key, byte[] buffer, int offset, int length, int rows);
}

/// <summary>Merges the sorted runs of any number of row logs into one table's final order.</summary>
internal static class RowMerge<TRow, TTable>
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    public static void Run(
        IEnumerable<RowLog<TRow, TTable>> logs, SegmentStore store, IMergedRows<TRow> output, CancellationToken cancellation)
    {
        var runs = new RunQueue(logs.SelectMany(static log => log.Runs.Sorted()));
        var open = new PriorityQueue<Cursor, TRow>(Comparer<TRow>.Create(static (left, right) => TTable.Compare(left, right)));
        var spare = new Stack<Cursor>();
        while (!runs.IsEmpty || open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            while (!runs.IsEmpty && (open.Count == 0 || runs.Next <= TTable.KeyOf(open.Peek().Row)))
            {
                Cursor cursor = spare.Count > 0 ? spare.Pop() : new Cursor(store);
                cursor.Open(runs.Take());
                open.Enqueue(cursor, cursor.Row);
            }

            Cursor first = open.Dequeue();

            // The common case: images, whose tasks have one frame each. Nothing overlaps, nothing is compared.
            if (open.Count == 0 && (runs.IsEmpty || runs.Next > first.Run.Last))
            {
                output.Accept(first.Run.First, first.Buffer, first.RowStart, first.End - first.RowStart, first.RowsLeft);
                spare.Push(first);
                continue;
            }

            output.Accept(first.Run.First, first.Buffer, first.RowStart, first.RowLength, 1);
            if (first.MoveNext())
            {
                open.Enqueue(first, first.Row);
            }
            else
            {
                spare.Push(first);
            }
        }
    }

    private sealed class Cursor(SegmentStore store)
    {
        private byte[] _own = [];
        private RowReader _reader;
        private TRow _row;

        public RowRun Run { get; private set; }

        public byte[] Buffer { get; private set; } = [];

        public TRow Row => _row;

        public int RowStart { get; private set; }

        public int RowLength => _reader.Position - RowStart;

        public int End { get; private set; }

        public int RowsLeft { get; private set; }

        public void Open(in RowRun run)
        {
            Run = run;
            RowsLeft = run.Rows + 1;
            if (run.Segment.Buffer is { } held)
            {
                Buffer = held;
                _reader = new RowReader(held, run.Offset);
            }
            else
            {
                if (_own.Length < run.Length)
                {
                    _own = new byte[Math.Max(run.Length, 16 * 1024)];
                }

                store.Read(run.Segment, run.Offset, _own.AsSpan(0, run.Length));
                Buffer = _own;
                _reader = new RowReader(_own, 0);
            }

            End = _reader.Position + run.Length;
            MoveNext();
        }

        public bool MoveNext()
        {
            RowsLeft--;
            RowStart = _reader.Position;
            if (RowStart == End)
            {
                return false;
            }

            TTable.Read(ref _reader, out _row);
            return true;
        }
    }
}
