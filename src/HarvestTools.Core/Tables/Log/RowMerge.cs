using HarvestTools.Work;

namespace HarvestTools.Tables.Log;

/// <summary>Receives the rows of one table in final order.</summary>
internal interface IMergedRows
{
    /// <summary>Rows of one episode that follow each other, in canonical form.</summary>
    /// <param name="key">The first row's place; subdir and episode hold for all of them.</param>
    /// <param name="rows">
    /// Each row after its header, only until the call returns. A row that leaves out shared texts has those of the row before it
    /// in the same call or, the first one, of the last row of the call before.
    /// </param>
    void Accept(in RunKey key, ReadOnlySpan<byte> rows);
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
        var open = new PriorityQueue<Cursor, TRow>(Comparer<TRow>.Create(static (left, right) => TTable.Compare(left, right)));
        var spare = new Stack<Cursor>();
        while (!runs.IsEmpty || open.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            while (!runs.IsEmpty && (open.Count == 0 || runs.Next.First <= TTable.KeyOf(open.Peek().Row)))
            {
                Cursor cursor = spare.Count > 0 ? spare.Pop() : new Cursor(store);
                cursor.Open(runs.Take());
                open.Enqueue(cursor, cursor.Row);
            }

            Cursor first = open.Dequeue();

            // The common case: images, whose tasks have one frame each. Nothing overlaps, nothing is compared.
            if (open.Count == 0 && (runs.IsEmpty || runs.Next.First > first.Run.Last))
            {
                if (!first.IsAtStart)
                {
                    output.Accept(first.Run.First, first.FullRow());
                    if (!first.MoveNext())
                    {
                        spare.Push(first);
                        continue;
                    }
                }

                do
                {
                    output.Accept(first.Run.First, first.Rest);
                }
                while (first.MoveToNextPiece());

                spare.Push(first);
                continue;
            }

            output.Accept(first.Run.First, first.FullRow());
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
        private readonly RowWriter _writer = new();
        private byte[] _own = [];
        private RowReader _reader;
        private TRow _row;

        private byte[] _buffer = [];
        private int _first;
        private int _start;
        private int _end;

        // Of the run's further pieces the one that is read next.
        private int _next;

        public RowRun Run { get; private set; }

        public TRow Row => _row;

        /// <summary>Whether it is on a piece's first row, which leaves nothing out.</summary>
        public bool IsAtStart => _start == _first;

        /// <summary>The row it is on and those after it, as they are in the piece.</summary>
        public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

        public void Open(in RowRun run)
        {
            Run = run;
            _next = 0;
            Open(new RowPiece(run.Segment, run.Offset, run.Length));
        }

        /// <summary>Goes to the first row of the run's next piece; false where there is none.</summary>
        public bool MoveToNextPiece()
        {
            if (Run.More is not { } more || _next == more.Length)
            {
                return false;
            }

            Open(more[_next++]);
            return true;
        }

        private void Open(in RowPiece piece)
        {
            if (piece.Segment.Buffer is { } held)
            {
                _buffer = held;
                _reader = new RowReader(held, piece.Offset);
            }
            else
            {
                if (_own.Length < piece.Length)
                {
                    _own = new byte[Math.Max(piece.Length, 16 * 1024)];
                }

                store.Read(piece.Segment, piece.Offset, _own.AsSpan(0, piece.Length));
                _buffer = _own;
                _reader = new RowReader(_own, 0);
            }

            _first = _reader.Position;
            _end = _first + piece.Length;
            MoveNext();
        }

        /// <summary>The row it is on with nothing left out, since the row before it in the output can be another run's.</summary>
        public ReadOnlySpan<byte> FullRow()
        {
            _writer.Clear();
            _writer.BeginRow(sharesTexts: false);
            TTable.Write(_writer, _row);
            _writer.EndRow();
            return _writer.Written;
        }

        public bool MoveNext()
        {
            _start = _reader.Position;
            if (_start == _end)
            {
                return MoveToNextPiece();
            }

            _reader.SkipHeader();
            TTable.Read(ref _reader, out _row);
            return true;
        }
    }
}
