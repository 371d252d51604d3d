using HarvestTools.Work;

namespace HarvestTools.Tables.Log;

/// <summary>
/// One worker's rows of one table in canonical form, as sorted runs of a task's rows, or of several short tasks that follow
/// each other in the file as they do in the final order. The runs of all
/// workers are merged into the table's final order by <see cref="RowMerge{TRow, TTable}"/>, so it does not matter
/// which worker handled which task, nor in which order.
/// </summary>
/// <param name="store">Keeps the segments that are full.</param>
/// <param name="episodes">Those of the worker's other tables too.</param>
internal sealed class RowLog<TRow, TTable>(SegmentStore store, EpisodeInterner episodes)
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    /// <summary>Bounds what one run holds in memory during the merge when very many tasks share an episode.</summary>
    private const int RowsInPiece = 256;

    private const int PieceRuns = 4096;

    private const int FirstBytes = 16 * 1024;

    private readonly TaskRowOrder<TRow, TTable> _order = new();
    private Segment _segment = new();
    private byte[]? _buffer;
    private int _used;

    /// <summary>In pieces, whose order is that of the runs' first rows.</summary>
    public SortedRuns<RowRun> Runs { get; } = new(PieceRuns);

    /// <summary>Size of all rows added.</summary>
    public long Bytes { get; private set; }

    /// <summary>Sorts and appends one task's rows; the media of a task can be of several episodes.</summary>
    public void Add(TaskTable<TRow, TTable> table)
    {
        if (table.Count == 0)
        {
            return;
        }

        ReadOnlySpan<int> order = _order.Sort(table);
        if (table.Media == 1)
        {
            AddRun(table, order);
            return;
        }

        ReadOnlySpan<TaskRow> rows = table.Rows;
        for (int start = 0, end; start < order.Length; start = end)
        {
            ref readonly RowTexts texts = ref table.TextsOf(rows[order[start]]);
            end = start + 1;
            while (end < order.Length && texts.IsOneEpisode(table.TextsOf(rows[order[end]])))
            {
                end++;
            }

            AddRun(table, order[start..end]);
        }
    }

    /// <summary>Hands the last, partly filled segment to the store; call once, after the last <see cref="Add"/>.</summary>
    public void Complete() => Hand();

    /// <summary>Gives the segment to the store, which may write it to disk.</summary>
    private void Hand()
    {
        if (_buffer is not null)
        {
            store.Keep(_segment, _buffer, _used);
            _buffer = null;
        }
    }

    private void AddRun(TaskTable<TRow, TTable> table, ReadOnlySpan<int> order)
    {
        ref readonly TaskRow start = ref table.Rows[order[0]];
        ref readonly RowTexts texts = ref table.TextsOf(start);
        RunEpisode episode = episodes.Intern(texts.TaskSubdir, texts.Episode);
        RowPlace first = PlaceOf(table, start);
        RowPlace last = PlaceOf(table, table.Rows[order[^1]]);
        if (order.Length > RowsInPiece)
        {
            var pieces = new RowPiece[((order.Length - 1) / RowsInPiece) + 1];
            for (int i = 0; i < pieces.Length; i++)
            {
                int from = i * RowsInPiece;
                pieces[i] = AddPiece(table, order[from..Math.Min(from + RowsInPiece, order.Length)]);
            }

            Runs.Add(new RowRun(episode, first, last, pieces, order.Length));
            return;
        }

        var run = new RowRun(episode, first, last, AddPiece(table, order), order.Length);
        if (!TryJoin(run))
        {
            Runs.Add(run);
        }
    }

    private static RowPlace PlaceOf(TaskTable<TRow, TTable> table, in TaskRow row)
    {
        var reader = new RowReader(table.Buffer, row.Start);
        return TTable.ReadPlace(ref reader);
    }

    /// <summary>Copies rows; the first, and each of another medium than the one before, with the texts that it shares.</summary>
    private RowPiece AddPiece(TaskTable<TRow, TTable> table, ReadOnlySpan<int> order)
    {
        ReadOnlySpan<TaskRow> rows = table.Rows;
        ReadOnlySpan<byte> written = table.Written;
        int room = order.Length * RowHeader.Size(sharesTexts: true);
        int medium = -1;
        foreach (int place in order)
        {
            ref readonly TaskRow row = ref rows[place];
            room += row.Length;
            if (row.Medium != medium)
            {
                medium = row.Medium;
                room += RowHeader.Size(sharesTexts: false) + table.TextsOf(row).Bytes;
            }
        }

        Make(room);
        Span<byte> to = _buffer.AsSpan(_used, room);
        int used = 0;
        medium = -1;
        for (int i = 0; i < order.Length;)
        {
            ref readonly TaskRow row = ref rows[order[i]];
            if (row.Medium != medium)
            {
                medium = row.Medium;
                used += RowBytes.WriteInFull(written.Slice(row.Start, row.Length), row.MediumAt, table.TextsOf(row), to[used..]);
                i++;
                continue;
            }

            // Rows that come as they were derived are copied at once, headers and all.
            int start = row.Start - RowHeader.Size(sharesTexts: true);
            int end = row.Start + row.Length;
            for (i++; i < order.Length && order[i] == order[i - 1] + 1 && rows[order[i]].Medium == medium; i++)
            {
                end = rows[order[i]].Start + rows[order[i]].Length;
            }

            ReadOnlySpan<byte> several = written[start..end];
            several.CopyTo(to[used..]);
            used += several.Length;
        }

        var piece = new RowPiece(_segment, _used, used);
        _used += used;
        Bytes += used;
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
        if (before.Rows + run.Rows > RowsInPiece || !before.IsFollowedBy(run))
        {
            return false;
        }

        before = before.With(run);
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
}
