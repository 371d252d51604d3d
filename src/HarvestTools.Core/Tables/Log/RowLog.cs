using System.Runtime.InteropServices;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Tables.Log;

/// <summary>A piece of a run, whose first row leaves nothing out.</summary>
internal readonly record struct RowPiece(Segment Segment, int Offset, int Length);

/// <summary>
/// A sorted run of rows of one episode, and where its bytes are: a first piece, and of a long one those that follow, which are
/// read one after another.
/// </summary>
internal readonly record struct RowRun(RunKey First, long LastFrame, long LastTask, Segment Segment, int Offset, int Length, int Rows, RowPiece[]? More)
    : IComparable<RowRun>
{
    /// <summary>Where its last row stands.</summary>
    public RunKey Last => First with { Frame = LastFrame, TaskId = LastTask };

    /// <summary>Runs stand in the order of their first rows.</summary>
    public int CompareTo(RowRun other) => First.CompareTo(other.First);

    public static bool operator <(RowRun left, RowRun right) => left.CompareTo(right) < 0;

    public static bool operator >(RowRun left, RowRun right) => left.CompareTo(right) > 0;

    public static bool operator <=(RowRun left, RowRun right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RowRun left, RowRun right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// One worker's rows of one table in canonical form, as sorted runs of a task's rows, or of several short tasks that follow
/// each other in the file as they do in the final order. The runs of all
/// workers are merged into the table's final order by <see cref="RowMerge{TRow, TTable}"/>, so it does not matter
/// which worker handled which task, nor in which order.
/// </summary>
internal sealed class RowLog<TRow, TTable>(SegmentStore store)
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    /// <summary>Bounds what one run holds in memory during the merge when very many tasks share an episode.</summary>
    private const int RowsInPiece = 256;

    private const int PieceRuns = 4096;

    private const int FirstBytes = 16 * 1024;

    private readonly RowWriter _writer = new();
    private readonly TextInterner _interner = new();
    private readonly List<int> _order = [];
    private readonly List<long> _frames = [];
    private readonly PlaceComparer _byRow = new();
    private Segment _segment = new();
    private byte[]? _buffer;
    private int _used;

    /// <summary>In pieces, whose order is that of the runs' first rows.</summary>
    public SortedRuns<RowRun> Runs { get; } = new(PieceRuns);

    /// <summary>Size of all rows added.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sorts and appends one task's rows; the media of a task can be of several episodes.</summary>
    public void Add(List<TRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        // Places are sorted instead of rows, which are large and full of references.
        CollectionsMarshal.SetCount(_order, rows.Count);
        Span<int> order = CollectionsMarshal.AsSpan(_order);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        _byRow.Rows = rows;
        Span<TRow> all = CollectionsMarshal.AsSpan(rows);
        Sort(all, order);
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = order.Length;
            if (!IsOneEpisode(all[order[start]], all[order[end - 1]]))
            {
                for (end = start + 1; IsOneEpisode(all[order[start]], all[order[end]]);)
                {
                    end++;
                }
            }

            AddRun(all, order[start..end]);
        }
    }

    private static bool IsOneEpisode(in TRow left, in TRow right)
    {
        RunKey first = TTable.KeyOf(left);
        RunKey last = TTable.KeyOf(right);
        return first.Episode == last.Episode && first.TaskSubdir == last.TaskSubdir;
    }

    /// <summary>
    /// Sorts places by their rows. The rows of tracks and segments are of many frames of one episode: most are put in their place by a
    /// number, and only those of one frame are compared.
    /// </summary>
    private void Sort(ReadOnlySpan<TRow> rows, Span<int> order)
    {
        if (!CollectFrames(rows))
        {
            order.Sort(_byRow);
            return;
        }

        Span<long> frames = CollectionsMarshal.AsSpan(_frames);
        frames.Sort(order);
        for (int start = 0, end; start < frames.Length; start = end)
        {
            end = start + 1;
            while (end < frames.Length && frames[end] == frames[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                order[start..end].Sort(_byRow);
            }
        }
    }

    /// <summary>The frame of each row, in their order; false where they are of one frame, or of several episodes.</summary>
    private bool CollectFrames(ReadOnlySpan<TRow> rows)
    {
        RunKey first = TTable.KeyOf(rows[0]);

        // Images: what a task has is of one frame. Rows that only begin and end on the same are compared, too, and in order all the same.
        if (TTable.KeyOf(rows[^1]).Frame == first.Frame)
        {
            return false;
        }

        CollectionsMarshal.SetCount(_frames, rows.Length);
        Span<long> frames = CollectionsMarshal.AsSpan(_frames);
        for (int i = 0; i < rows.Length; i++)
        {
            RunKey key = TTable.KeyOf(rows[i]);
            if (key.Episode != first.Episode || key.TaskSubdir != first.TaskSubdir)
            {
                return false;
            }

            frames[i] = key.Frame;
        }

        return true;
    }

    /// <summary>Hands the last, partly filled segment to the store; call once, after the last <see cref="Add"/>.</summary>
    public void Complete()
    {
        Hand();
        _interner.Clear();
    }

    /// <summary>Gives the segment to the store, which may write it to disk.</summary>
    private void Hand()
    {
        if (_buffer is not null)
        {
            store.Keep(_segment, _buffer, _used);
            _buffer = null;
        }
    }

    private void AddRun(ReadOnlySpan<TRow> rows, ReadOnlySpan<int> order)
    {
        RunKey first = TTable.KeyOf(rows[order[0]]);
        RunKey last = TTable.KeyOf(rows[order[^1]]);
        first = first with { TaskSubdir = _interner.Intern(first.TaskSubdir), Episode = _interner.Intern(first.Episode) };
        RowPiece piece = AddPiece(rows, order[..Math.Min(RowsInPiece, order.Length)]);
        RowPiece[]? more = order.Length > RowsInPiece ? new RowPiece[(order.Length - 1) / RowsInPiece] : null;
        for (int i = 0; i < more?.Length; i++)
        {
            int start = (i + 1) * RowsInPiece;
            more[i] = AddPiece(rows, order[start..Math.Min(start + RowsInPiece, order.Length)]);
        }

        var run = new RowRun(first, last.Frame, last.TaskId, piece.Segment, piece.Offset, piece.Length, order.Length, more);
        if (!TryJoin(run))
        {
            Runs.Add(run);
        }
    }

    private RowPiece AddPiece(ReadOnlySpan<TRow> rows, ReadOnlySpan<int> order)
    {
        _writer.Clear();
        for (int i = 0; i < order.Length; i++)
        {
            ref readonly TRow row = ref rows[order[i]];
            _writer.BeginRow(sharesTexts: i > 0 && TTable.SharesTexts(rows[order[i - 1]], row));
            TTable.Write(_writer, row);
            _writer.EndRow();
        }

        ReadOnlySpan<byte> bytes = _writer.Written;
        Make(room: bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        var piece = new RowPiece(_segment, _used, bytes.Length);
        _used += bytes.Length;
        Bytes += bytes.Length;
        return piece;
    }

    /// <summary>Tasks mostly stand in the file in the order of their frames: one run of many takes a tenth of the memory.</summary>
    private bool TryJoin(in RowRun run)
    {
        if (Runs.IsEmpty)
        {
            return false;
        }

        ref RowRun before = ref Runs.Newest;
        if (before.Rows + run.Rows > RowsInPiece
            || before.Segment != run.Segment
            || before.First.TaskSubdir != run.First.TaskSubdir
            || before.First.Episode != run.First.Episode
            || run.First <= before.Last)
        {
            return false;
        }

        before = before with { LastFrame = run.LastFrame, LastTask = run.LastTask, Length = before.Length + run.Length, Rows = before.Rows + run.Rows };
        return true;
    }

    private void Make(int room)
    {
        if (_buffer is not null && _buffer.Length - _used >= room)
        {
            return;
        }

        Hand();
        _segment = new Segment();
        _used = 0;

        // A first one that is small: of a small export that is all there is.
        _buffer = room > SegmentStore.SegmentBytes ? new byte[room]
            : Runs.IsEmpty && room <= FirstBytes ? new byte[FirstBytes]
            : store.Rent();
    }

    private sealed class PlaceComparer : IComparer<int>
    {
        public List<TRow> Rows { get; set; } = [];

        public int Compare(int left, int right)
        {
            ReadOnlySpan<TRow> rows = CollectionsMarshal.AsSpan(Rows);
            return TTable.Compare(rows[left], rows[right]);
        }
    }
}

/// <summary>Keeps one copy of each text that must outlive the task it came from.</summary>
internal sealed class TextInterner
{
    private HashSet<Utf8Text> _known = [];
    private Utf8Text _last;

    /// <summary>Forgets the texts; those who have them keep them.</summary>
    public void Clear()
    {
        _known = [];
        _last = default;
    }

    public Utf8Text Intern(Utf8Text text)
    {
        if (text.IsAbsent)
        {
            return default;
        }

        // Neighbouring tasks mostly belong to one episode.
        if (_last == text)
        {
            return _last;
        }

        if (!_known.TryGetValue(text, out _last))
        {
            _last = new Utf8Text(text.Span.ToArray(), 0, text.Length);
            _known.Add(_last);
        }

        return _last;
    }
}
