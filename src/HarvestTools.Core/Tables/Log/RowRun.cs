using System.Diagnostics;

namespace HarvestTools.Tables.Log;

/// <summary>A piece of a run, whose first row leaves nothing out.</summary>
internal readonly record struct RowPiece(Segment Segment, int Offset, int Length);

/// <summary>
/// A sorted run of rows of one episode, and where its bytes are: one piece, or of a long run several that are read one after
/// another. Of a large export there are hundreds of thousands, so that it is no larger than it has to be.
/// </summary>
internal readonly struct RowRun : IComparable<RowRun>
{
    // A segment, or of a long run all of its pieces.
    private readonly object _at;
    private readonly int _offset;
    private readonly int _length;

    /// <param name="episode">Of all rows.</param>
    /// <param name="first">The place of the first row.</param>
    /// <param name="last">The place of the last row.</param>
    /// <param name="piece">All rows.</param>
    /// <param name="rows">How many.</param>
    public RowRun(RunEpisode episode, RowPlace first, RowPlace last, RowPiece piece, int rows)
        : this(episode, first, last, piece.Segment, piece.Offset, piece.Length, rows)
    {
    }

    /// <param name="episode">Of all rows.</param>
    /// <param name="first">The place of the first row.</param>
    /// <param name="last">The place of the last row.</param>
    /// <param name="pieces">All rows, in more than one piece.</param>
    /// <param name="rows">How many.</param>
    public RowRun(RunEpisode episode, RowPlace first, RowPlace last, RowPiece[] pieces, int rows)
        : this(episode, first, last, pieces, 0, 0, rows)
    {
    }

    private RowRun(RunEpisode episode, RowPlace first, RowPlace last, object at, int offset, int length, int rows)
    {
        (Episode, First, Last) = (episode, first, last);
        (_at, _offset, _length, Rows) = (at, offset, length, rows);
    }

    public RunEpisode Episode { get; }

    /// <summary>The place of its first row in the episode.</summary>
    public RowPlace First { get; }

    /// <summary>The place of its last row in the episode.</summary>
    public RowPlace Last { get; }

    public int Rows { get; }

    public int Pieces => _at is RowPiece[] pieces ? pieces.Length : 1;

    public RowPiece this[int piece] => _at is RowPiece[] pieces ? pieces[piece] : new RowPiece((Segment)_at, _offset, _length);

    /// <summary>Whether all rows of another come after its own, in the table as in the segment.</summary>
    public bool IsFollowedBy(in RowRun next) =>
        _at == next._at && Episode == next.Episode && Last.CompareTo(next.First) < 0;

    /// <summary>The run of its rows and those of the next, which are of one piece each.</summary>
    public RowRun With(in RowRun next)
    {
        Debug.Assert(_offset + _length == next._offset, "Runs are added one after another.");
        return new RowRun(Episode, First, next.Last, _at, _offset, _length + next._length, Rows + next.Rows);
    }

    /// <summary>Runs are in the order of their first rows.</summary>
    public int CompareTo(RowRun other)
    {
        int order = Episode.CompareTo(other.Episode);
        return order != 0 ? order : First.CompareTo(other.First);
    }
}
