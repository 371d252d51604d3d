namespace HarvestTools.Tables.Log;

/// <summary>
/// Goes through the rows of a run. Of a row only the place is read, which mostly says which of two comes first; the rest is bytes that
/// are passed on.
/// </summary>
internal sealed class RowCursor<TRow, TTable>(SegmentStore store)
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    private const int OwnBytesAtFirst = 16 * 1024;

    private readonly RowWriter _writer = new();
    private byte[] _own = [];
    private byte[] _buffer = [];
    private RowRun _run;
    private RowPlace _place;

    // The row, with its header, the one after it, and the piece's end.
    private int _start;
    private int _next;
    private int _end;

    // The last row that has its shared texts, and where those of its medium are: none where the table has none.
    private int _full;
    private int _mediumAt;
    private int _mediumBytes;

    // Of the run's further pieces the one that is read next.
    private int _nextPiece;

    /// <summary>Goes to the first row of a run.</summary>
    public void Open(in RowRun run)
    {
        _run = run;
        _nextPiece = 1;
        Open(run[0]);
    }

    /// <summary>Whether the first row of a run that is not open yet comes before the row it is on, or has the same place.</summary>
    public bool IsAtOrBehind(in RowRun run) => PlaceOf(run.Episode, run.First).CompareTo(_place) <= 0;

    /// <summary>Whether all rows of its run come before those of another.</summary>
    public bool IsBefore(in RowRun run) => PlaceOf(run.Episode, run.First).CompareTo(_run.Last) > 0;

    /// <summary>
    /// A place seen from this run's episode: before all its rows or after them where it is in another.
    /// </summary>
    public RowPlace PlaceOf(RunEpisode episode, RowPlace place)
    {
        int order = episode.CompareTo(_run.Episode);
        return order == 0 ? place : order < 0 ? new RowPlace(long.MinValue, long.MinValue) : RowPlace.End;
    }

    /// <summary>The same for the row that another cursor is on.</summary>
    public RowPlace PlaceOf(RowCursor<TRow, TTable> other) => PlaceOf(other._run.Episode, other._place);

    /// <summary>Which of two rows comes first in the table.</summary>
    public int CompareTo(RowCursor<TRow, TTable> other)
    {
        int order = _run.Episode.CompareTo(other._run.Episode);
        order = order != 0 ? order : _place.CompareTo(other._place);
        return order != 0 ? order : TTable.Compare(Read(), other.Read());
    }

    /// <summary>Gives the row it is on and all others of its run.</summary>
    public void GiveAll(IMergedRows output, TextsBefore before)
    {
        int start = _start;
        if (!CanFollow(before))
        {
            output.Accept(_run.Episode, FullRow());
            start = _next;
        }

        output.Accept(_run.Episode, _buffer.AsSpan(start, _end - start));
        while (MoveToNextPiece())
        {
            output.Accept(_run.Episode, _buffer.AsSpan(_start, _end - _start));
        }

        // What came last was not looked at.
        before.Forget();
    }

    /// <summary>Gives the row it is on, and those after it whose place is before a limit, and goes to the next; false at the run's end.</summary>
    public bool Give(RowPlace limit, IMergedRows output, TextsBefore before)
    {
        int start = _start;
        if (!CanFollow(before))
        {
            output.Accept(_run.Episode, FullRow());
            start = _next;
        }

        bool ends;
        int mediumAt;
        int mediumBytes;
        do
        {
            (mediumAt, mediumBytes) = (_mediumAt, _mediumBytes);
            ends = _next == _end;
            _start = _next;
            if (!ends)
            {
                ReadPlace();
            }
        }
        while (!ends && _place.CompareTo(limit) < 0);

        // The next piece is read into the same bytes, so this one is given first.
        before.Set(_run.Episode, _buffer.AsSpan(mediumAt, mediumBytes));
        if (_start > start)
        {
            output.Accept(_run.Episode, _buffer.AsSpan(start, _start - start));
        }

        return !ends || MoveToNextPiece();
    }

    /// <summary>Whether the row can be passed on as it is after the row that was given last.</summary>
    private bool CanFollow(TextsBefore before) =>
        _start == _full || _mediumBytes == 0 || before.Are(_run.Episode, _buffer.AsSpan(_mediumAt, _mediumBytes));

    /// <summary>Goes to the first row of the run's next piece; false where there is none.</summary>
    private bool MoveToNextPiece()
    {
        if (_nextPiece == _run.Pieces)
        {
            return false;
        }

        Open(_run[_nextPiece++]);
        return true;
    }

    private void Open(in RowPiece piece)
    {
        if (piece.Segment.Buffer is { } held)
        {
            (_buffer, _start) = (held, piece.Offset);
        }
        else
        {
            if (_own.Length < piece.Length)
            {
                _own = new byte[Math.Max(piece.Length, OwnBytesAtFirst)];
            }

            store.Read(piece.Segment, piece.Offset, _own.AsSpan(0, piece.Length));
            (_buffer, _start) = (_own, 0);
        }

        _end = _start + piece.Length;

        // A piece's first row leaves nothing out.
        _full = _start;
        ReadPlace();
    }

    private void ReadPlace()
    {
        RowHeader header = RowHeader.Read(_buffer.AsSpan(_start));
        int row = _start + header.HeaderBytes;
        _next = row + header.Length;
        if (!header.SharesTexts)
        {
            _full = _start;
            (_mediumAt, _mediumBytes) = header.MediumAt < 0 ? (0, 0) : (row + header.MediumAt, RowReader.TwoTexts(_buffer.AsSpan(row + header.MediumAt)));
        }

        var reader = new RowReader(_buffer, row);
        _place = TTable.ReadPlace(ref reader);
    }

    private TRow Read()
    {
        var reader = new RowReader(_buffer, _full);
        reader.SkipHeader();
        TTable.Read(ref reader, out TRow row);
        if (_start != _full)
        {
            // The reader has the texts that it leaves out.
            reader.Position = _start;
            reader.SkipHeader();
            TTable.Read(ref reader, out row);
        }

        return row;
    }

    /// <summary>The row it is on with nothing left out, since the row before it in the output is another run's.</summary>
    private ReadOnlySpan<byte> FullRow()
    {
        _writer.Clear();
        _writer.BeginRow(sharesTexts: false);
        TTable.Write(_writer, Read());
        _writer.EndRow();
        return _writer.Written;
    }
}
