using System.Text;
using HarvestTools.Parquet.Reading;
using HarvestTools.Parquet.Writing;
using HarvestTools.Tables;

namespace HarvestTools.Drift;

/// <summary>A row where it stands: in a row group that was read, or in a copy of its own.</summary>
internal readonly record struct RowRef(ParquetRowGroup Group, int Row);

/// <summary>
/// Which columns of a table identify a row and how rows compare: in the order of the descriptor, of which the identity key
/// comes first. That is the order in which tables are written, null first, texts by bytes.
/// </summary>
internal sealed class RowLayout
{
    private readonly ParquetType[] _types;
    private readonly int[] _order;

    public RowLayout(ParquetSchema schema)
    {
        Schema = schema;
        _types = [.. schema.Columns.Select(static column => column.Type)];
        TableDescriptor descriptor = TableCatalog.Find(schema.Table)!;
        _order = [.. descriptor.RowOrder];
        KeyColumns = descriptor.IdentityKey.Count;
        Project = IndexOf("project");
        TaskSubdir = IndexOf("task_subdir");
        Episode = IndexOf("episode");
        Frame = IndexOf("frame");
        TaskId = IndexOf("task_id");
        AnnotationId = IndexOf("annotation_id");
        RegionId = IndexOf("region_id");
        Label = IndexOf("label");
        Reason = IndexOf("reason");
    }

    public ParquetSchema Schema { get; }

    /// <summary>How many of the first columns of the row order are the key.</summary>
    public int KeyColumns { get; }

    // Positions of columns; -1 where the table has no such column.
    public int Project { get; }

    public int TaskSubdir { get; }

    public int Episode { get; }

    public int Frame { get; }

    public int TaskId { get; }

    public int AnnotationId { get; }

    public int RegionId { get; }

    public int Label { get; }

    public int Reason { get; }

    /// <summary>A column's position; -1 where the table has no such column.</summary>
    public int Find(string column) => IndexOf(column);

    /// <summary>
    /// Compares whole rows; <paramref name="place"/> is that of the first column that differs in the row order, or the number
    /// of columns.
    /// </summary>
    public int Compare(RowRef a, RowRef b, out int place)
    {
        for (place = 0; place < _order.Length; place++)
        {
            int order = CompareCells(a, b, _order[place]);
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    public bool SameKey(RowRef a, RowRef b)
    {
        // From the last column on: neighbours in a sorted table differ there first.
        for (int place = KeyColumns - 1; place >= 0; place--)
        {
            if (CompareCells(a, b, _order[place]) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Names of the columns in which two rows differ.</summary>
    public IReadOnlyList<string> Differing(RowRef a, RowRef b)
    {
        var names = new List<string>();
        for (int column = 0; column < _types.Length; column++)
        {
            if (CompareCells(a, b, column) != 0)
            {
                names.Add(Schema.Columns[column].Name);
            }
        }

        return names;
    }

    /// <summary>A cell as long, int, double, bool, string, a list of doubles, or null.</summary>
    public object? ValueOf(RowRef row, int column)
    {
        ParquetColumnValues values = row.Group.Columns[column];
        return values.IsNull(row.Row) ? null : _types[column] switch
        {
            ParquetType.Boolean => values.GetBoolean(row.Row),
            ParquetType.Int32 => values.GetInt32(row.Row),
            ParquetType.Int64 => values.GetInt64(row.Row),
            ParquetType.Double => values.GetDouble(row.Row),
            ParquetType.DoubleList => values.GetList(row.Row).ToArray(),
            _ => Encoding.UTF8.GetString(values.GetText(row.Row)),
        };
    }

    /// <summary>The bytes of a text cell; empty where the table has no such column or the cell is null.</summary>
    public static ReadOnlySpan<byte> TextOf(RowRef row, int column) =>
        column < 0 ? default : row.Group.Columns[column].GetText(row.Row);

    /// <summary>A cell of a column of whole numbers; null for a null.</summary>
    public static long? ValueOfInt64(RowRef row, int column)
    {
        ParquetColumnValues values = row.Group.Columns[column];
        return values.IsNull(row.Row) ? null : values.GetInt64(row.Row);
    }

    /// <summary>Copies one row into a group of its own, so that it outlives the row group it stands in.</summary>
    public void Copy(RowRef row, ParquetRowGroup into)
    {
        if (into.Columns.Length != _types.Length)
        {
            into.Columns = [.. _types.Select(static _ => new ParquetColumnValues())];
        }

        into.Rows = 1;
        for (int column = 0; column < _types.Length; column++)
        {
            into.Columns[column].CopyRow(row.Group.Columns[column], row.Row, _types[column]);
        }
    }

    private int CompareCells(RowRef a, RowRef b, int column)
    {
        ParquetColumnValues left = a.Group.Columns[column];
        ParquetColumnValues right = b.Group.Columns[column];
        bool leftNull = left.IsNull(a.Row);
        bool rightNull = right.IsNull(b.Row);
        if (leftNull || rightNull)
        {
            return (leftNull ? 0 : 1) - (rightNull ? 0 : 1);
        }

        switch (_types[column])
        {
            case ParquetType.Utf8:
                return left.GetText(a.Row).SequenceCompareTo(right.GetText(b.Row));
            case ParquetType.Double:
                // Zero and minus zero are written as they are, so they are two values here too.
                return DoubleList.Compare(left.GetDouble(a.Row), right.GetDouble(b.Row));
            case ParquetType.DoubleList:
                return Compare(left.GetList(a.Row), right.GetList(b.Row));
            case ParquetType.Int32:
                return left.GetInt32(a.Row).CompareTo(right.GetInt32(b.Row));
            case ParquetType.Boolean:
                return left.GetBoolean(a.Row).CompareTo(right.GetBoolean(b.Row));
            default:
                return left.GetInt64(a.Row).CompareTo(right.GetInt64(b.Row));
        }
    }

    private static int Compare(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        for (int i = 0; i < left.Length && i < right.Length; i++)
        {
            int order = DoubleList.Compare(left[i], right[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }

    private int IndexOf(string name)
    {
        for (int column = 0; column < Schema.Columns.Count; column++)
        {
            if (Schema.Columns[column].Name == name)
            {
                return column;
            }
        }

        return -1;
    }
}
