using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Drift;

/// <summary>
/// The rows of one or several sorted files of one table, in order, one row group of each file in memory. Files of
/// several exports of one project interleave, so they are merged and not read one after the other.
/// </summary>
internal sealed class SortedRows : IDisposable
{
    private readonly RowLayout _layout;
    private readonly List<Cursor> _all = [];
    private readonly List<Cursor> _open = [];
    private readonly IReadOnlyList<ParquetTableReader> _readers;

    /// <param name="layout">The table's.</param>
    /// <param name="readers">Files that hold this table; disposed with this object.</param>
    /// <exception cref="HarvestException"><c>ParquetForeign</c>: a file holds another table; <c>ParquetDamaged</c>.</exception>
    public SortedRows(RowLayout layout, IReadOnlyList<ParquetTableReader> readers)
    {
        _layout = layout;
        _readers = readers;
        foreach (ParquetTableReader reader in readers)
        {
            if (reader.Schema.Table != layout.Schema.Table || !reader.Schema.Columns.SequenceEqual(layout.Schema.Columns))
            {
                throw ParquetErrors.ParquetForeign(reader.File, $"it does not have the table {layout.Schema.Table} of this release");
            }

            var cursor = new Cursor(reader);
            _all.Add(cursor);
            if (cursor.MoveNext())
            {
                _open.Add(cursor);
            }
        }

        PutFirst();
    }

    public bool AtEnd => _open.Count == 0;

    /// <summary>The row at hand; valid until <see cref="MoveNext"/>.</summary>
    public RowRef Current => _open[0].Current;

    public void MoveNext()
    {
        if (!_open[0].MoveNext())
        {
            _open.RemoveAt(0);
        }

        PutFirst();
    }

    /// <summary>False where the next row surely has another key than the one at hand; true also where that is not known.</summary>
    public bool NextMayShareKey()
    {
        RowRef current = Current;
        if (_open[0].Peek() is not { } next || _layout.SameKey(current, next))
        {
            return true;
        }

        for (int i = 1; i < _open.Count; i++)
        {
            if (_layout.SameKey(current, _open[i].Current))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        _all.ForEach(static cursor => cursor.Dispose());
        foreach (ParquetTableReader reader in _readers)
        {
            reader.Dispose();
        }
    }

    /// <summary>Brings the cursor with the least row to the front; a project has few exports, so looking at each is quick.</summary>
    private void PutFirst()
    {
        int least = 0;
        for (int i = 1; i < _open.Count; i++)
        {
            if (_layout.Compare(_open[i].Current, _open[least].Current, out _) < 0)
            {
                least = i;
            }
        }

        if (least > 0)
        {
            (_open[0], _open[least]) = (_open[least], _open[0]);
        }
    }

    private sealed class Cursor(ParquetTableReader reader) : IDisposable
    {
        private readonly ParquetRowGroup _group = new();
        private int _nextGroup;
        private int _row = -1;

        public RowRef Current => new(_group, _row);

        /// <summary>Null where the next row is not in memory or there is none.</summary>
        public RowRef? Peek() => _row + 1 < _group.Rows ? new RowRef(_group, _row + 1) : null;

        public bool MoveNext()
        {
            if (++_row < _group.Rows)
            {
                return true;
            }

            if (_nextGroup >= reader.RowGroups)
            {
                return false;
            }

            reader.ReadRowGroup(_nextGroup++, _group);
            _row = 0;
            return true;
        }

        public void Dispose() => _group.Dispose();
    }
}
