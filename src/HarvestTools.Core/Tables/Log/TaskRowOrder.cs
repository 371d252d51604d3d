using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Tables.Log;

/// <summary>
/// Puts the rows of one task in their final order. Places are sorted and not rows, and by numbers where that is enough: those of
/// tracks and segments by frame and by what is the same in all rows of one, those of an image by the first bytes in which their regions' ids differ.
/// What has the same number is compared. Reusable; not thread-safe.
/// </summary>
internal sealed class TaskRowOrder<TRow, TTable>
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    // Beside the rank of a group, which has the lower bits of a key.
    private const int RankBits = 20;
    private const long FramesMost = 1L << (62 - RankBits);

    // Controls and annotations of one image, which are looked for one by one.
    private const int ClassesMost = 16;
    private const int IdBytes = 7;

    private readonly KeyedOrder _order = new();
    private readonly List<int> _firstOf = [];
    private readonly List<int> _classes = [];
    private readonly List<int> _groups = [];
    private readonly List<int> _rankOf = [];
    private readonly List<int> _ends = [];
    private readonly List<int> _byFrame = [];
    private readonly Comparison _byRow;
    private readonly Comparison _byKey;
    private TaskTable<TRow, TTable> _table = null!;

    public TaskRowOrder()
    {
        _byRow = new Comparison(Compare);
        _byKey = new Comparison((left, right) => CompareKeys(_table.Rows[_firstOf[left]], _table.Rows[_firstOf[right]]));
    }

    /// <summary>The places of all rows, in their order; valid until the next call.</summary>
    public ReadOnlySpan<int> Sort(TaskTable<TRow, TTable> table)
    {
        _table = table;
        if (table.Media == 1 && TryOrderByFrame(table.Rows))
        {
            return CollectionsMarshal.AsSpan(_byFrame);
        }

        Span<long> keys = _order.Begin(table.Count);
        return table.Media == 1 && (TryNumberByFrame(table.Rows, keys, out bool oneFrame) || (oneFrame && TryNumberById(table.Rows, keys)))
            ? _order.Sort(_byRow)
            : _order.SortBy(_byRow);
    }

    /// <summary>
    /// Orders the rows of tracks, which are on the same frames again and again, by counting those of each frame; false where frames are
    /// few for it, or where rows of one frame do not differ in what is the same in all rows of a track.
    /// </summary>
    private bool TryOrderByFrame(ReadOnlySpan<TaskRow> rows)
    {
        if (rows.Length < 2 * _table.Groups)
        {
            return false;
        }

        long least = long.MaxValue;
        long most = long.MinValue;
        for (int i = 0; i < rows.Length; i++)
        {
            long frame = rows[i].Frame;
            least = Math.Min(least, frame);
            most = Math.Max(most, frame);
            if (i > 0 && rows[i].Group == rows[i - 1].Group && frame <= rows[i - 1].Frame)
            {
                return false;
            }
        }

        if (unchecked((ulong)most - (ulong)least) > (ulong)rows.Length)
        {
            return false;
        }

        ReadOnlySpan<int> ranks = Ranks(rows);
        CollectionsMarshal.SetCount(_ends, (int)(most - least) + 1);
        Span<int> ends = CollectionsMarshal.AsSpan(_ends);
        ends.Clear();
        foreach (ref readonly TaskRow row in rows)
        {
            ends[(int)(row.Frame - least)]++;
        }

        for (int i = 1; i < ends.Length; i++)
        {
            ends[i] += ends[i - 1];
        }

        // From the last group to the first, each of which puts its row of a frame before those that are there.
        CollectionsMarshal.SetCount(_byFrame, rows.Length);
        Span<int> order = CollectionsMarshal.AsSpan(_byFrame);
        for (int i = _groups.Count - 1; i >= 0; i--)
        {
            int group = _groups[i];
            if (i > 0 && ranks[group] == ranks[_groups[i - 1]])
            {
                return false;
            }

            for (int place = _firstOf[group]; place < rows.Length && rows[place].Group == group; place++)
            {
                order[--ends[(int)(rows[place].Frame - least)]] = place;
            }
        }

        return true;
    }

    /// <summary>Numbers rows by their frame and the rank of their group; false where they are of one frame, or the numbers are too large.</summary>
    private bool TryNumberByFrame(ReadOnlySpan<TaskRow> rows, Span<long> keys, out bool oneFrame)
    {
        long least = long.MaxValue;
        long most = long.MinValue;
        foreach (ref readonly TaskRow row in rows)
        {
            least = Math.Min(least, row.Frame);
            most = Math.Max(most, row.Frame);
        }

        oneFrame = least == most;
        if (oneFrame || unchecked((ulong)most - (ulong)least) >= FramesMost || _table.Groups >= 1 << RankBits)
        {
            return false;
        }

        ReadOnlySpan<int> ranks = Ranks(rows);
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = ((rows[i].Frame - least) << RankBits) | (uint)ranks[rows[i].Group];
        }

        return true;
    }

    /// <summary>
    /// Numbers rows by what precedes the id of their region in the sort key, and by the first bytes of it behind what all ids begin with;
    /// false where too many of them differ before it.
    /// </summary>
    private bool TryNumberById(ReadOnlySpan<TaskRow> rows, Span<long> keys)
    {
        ReadOnlySpan<byte> written = _table.Written;
        _firstOf.Clear();
        _classes.Clear();
        int last = 0;
        ReadOnlySpan<byte> first = default;
        int common = int.MaxValue;
        for (int i = 0; i < rows.Length; i++)
        {
            ref readonly TaskRow row = ref rows[i];
            ReadOnlySpan<byte> bytes = written.Slice(row.Start, row.Length);
            if (_firstOf.Count == 0 || !IsOfClass(row, bytes, last))
            {
                for (last = 0; last < _firstOf.Count && !IsOfClass(row, bytes, last); last++)
                {
                }

                if (last == ClassesMost)
                {
                    return false;
                }

                if (last == _firstOf.Count)
                {
                    _firstOf.Add(i);
                }
            }

            _classes.Add(last);
            ReadOnlySpan<byte> id = IdOf(bytes);
            first = i == 0 ? id : first;
            common = TextOrder.CommonLength(first, id, common);
        }

        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<byte> id = IdOf(written.Slice(rows[i].Start, rows[i].Length));
            keys[i] = (long)(TextOrder.Beginning(id[common..]) >> (64 - (8 * IdBytes)));
        }

        if (_firstOf.Count > 1)
        {
            _groups.Clear();
            for (int i = 0; i < _firstOf.Count; i++)
            {
                _groups.Add(i);
            }

            // Those that differ do so before the region, which therefore has no say.
            ReadOnlySpan<int> ranks = Ranked();
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] |= (long)ranks[_classes[i]] << (8 * IdBytes);
            }
        }

        return true;
    }

    private bool IsOfClass(in TaskRow row, ReadOnlySpan<byte> bytes, int which)
    {
        ref readonly TaskRow other = ref _table.Rows[_firstOf[which]];
        return TTable.IsEqualBeforeRegion(bytes, row.MediumAt, _table.Written.Slice(other.Start, other.Length), other.MediumAt);
    }

    /// <summary>The id of a row's region; empty where it has none.</summary>
    private static ReadOnlySpan<byte> IdOf(ReadOnlySpan<byte> row)
    {
        ReadOnlySpan<byte> text = row[TTable.RegionAt(row)..];
        return text.Slice(sizeof(int), Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(text)));
    }

    /// <summary>For each group its place among all by the sort key without the frame; of groups with equal keys the same.</summary>
    private ReadOnlySpan<int> Ranks(ReadOnlySpan<TaskRow> rows)
    {
        _firstOf.Clear();
        _groups.Clear();
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].Group == _firstOf.Count)
            {
                _groups.Add(_firstOf.Count);
                _firstOf.Add(i);
            }
        }

        return Ranked();
    }

    private ReadOnlySpan<int> Ranked()
    {
        CollectionsMarshal.AsSpan(_groups).Sort(_byKey);
        CollectionsMarshal.SetCount(_rankOf, _groups.Count);
        Span<int> ranks = CollectionsMarshal.AsSpan(_rankOf);
        for (int i = 0, rank = 0; i < _groups.Count; i++)
        {
            rank = i > 0 && _byKey.Compare(_groups[i - 1], _groups[i]) != 0 ? i : rank;
            ranks[_groups[i]] = rank;
        }

        return ranks;
    }

    private int Compare(int left, int right)
    {
        ref readonly TaskRow a = ref _table.Rows[left];
        ref readonly TaskRow b = ref _table.Rows[right];
        if (a.Medium == b.Medium)
        {
            int frames = a.Frame.CompareTo(b.Frame);
            int keys = frames != 0 ? frames : CompareKeys(a, b);
            return keys != 0 ? keys : TTable.Compare(_table.Read(left), _table.Read(right));
        }

        ref readonly RowTexts texts = ref _table.TextsOf(a);
        ref readonly RowTexts others = ref _table.TextsOf(b);
        int order = texts.CompareEpisodes(others);
        order = order != 0 ? order : a.Frame.CompareTo(b.Frame);
        order = order != 0 ? order : texts.ToName.CompareTo(others.ToName);
        order = order != 0 ? order : CompareKeys(a, b);
        return order != 0 ? order : TTable.Compare(_table.Read(left), _table.Read(right));
    }

    private int CompareKeys(in TaskRow a, in TaskRow b)
    {
        ReadOnlySpan<byte> written = _table.Written;
        return TTable.CompareInFrame(written.Slice(a.Start, a.Length), a.MediumAt, written.Slice(b.Start, b.Length), b.MediumAt);
    }

    private sealed class Comparison(Comparison<int> compare) : IComparer<int>
    {
        public int Compare(int left, int right) => compare(left, right);
    }
}
