using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

/// <summary>
/// Everything that is particular to one table. Tallies, manifests, comparisons, views and completion go by the list of
/// these (<see cref="TableCatalog"/>), so that a new table is told once.
/// </summary>
public abstract class TableDescriptor
{
    private readonly Lazy<ParquetSchema> _schema;

    private protected TableDescriptor(TableLayout layout)
    {
        (Name, Columns, HoldsLabels, One, Many) = (layout.Name, layout.Columns, layout.HoldsLabels, layout.One, layout.Many);
        SortKey = [.. layout.SortKey.Select(RequiredIndexOf)];
        IdentityKey = [.. layout.IdentityKey.Select(RequiredIndexOf)];
        if (!SortKey.Take(IdentityKey.Count).SequenceEqual(IdentityKey))
        {
            // Rows of two files are paired by walking both in order.
            throw new InvalidOperationException($"The identity key of {Name} is not the beginning of its sort key.");
        }

        RowOrder = [.. SortKey, .. Enumerable.Range(0, Columns.Count).Except(SortKey)];

        // Late, since most commands write no table.
        _schema = new(() => new ParquetSchema(Name, [.. Columns.Select(static column => new ParquetColumn(column.Name, Encoded(column), column.Nullable))]));
    }

    /// <summary>The table's name: its folder in a slice's cache, and its name in slice.json.</summary>
    public string Name { get; }

    /// <summary>False for the table of what was dropped, whose rows are no training data.</summary>
    public bool HoldsLabels { get; }

    /// <summary>What one row is, for people: <c>keypoint</c>.</summary>
    public string One { get; }

    /// <summary>What several rows are: <c>keypoints</c>.</summary>
    public string Many { get; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>The columns in the order of the file; the first is the project.</summary>
    internal IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>Places of the columns that rows are sorted by, the most significant first; texts by bytes, null first.</summary>
    internal IReadOnlyList<int> SortKey { get; }

    /// <summary>Places of the columns that make a row the same row on both sides of a comparison, whatever its other values are.</summary>
    internal IReadOnlyList<int> IdentityKey { get; }

    /// <summary>
    /// The whole order of rows: the sort key, then every other column in the order of the file, so that only rows equal in
    /// every column are tied and the bytes never depend on the order of arrival.
    /// </summary>
    internal IReadOnlyList<int> RowOrder { get; }

    /// <summary>The place of a column; -1 where the table has none of that name.</summary>
    internal int IndexOf(string column)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The table as the Parquet encoder takes it.</summary>
    internal ParquetSchema Schema => _schema.Value;

    /// <summary>The rows of one task in this table.</summary>
    internal abstract TaskTable NewTaskTable();

    /// <summary>Calls the visitor with the table's row type, for code that is compiled once a table.</summary>
    internal abstract TResult Accept<TResult>(ITableVisitor<TResult> visitor);

    private int RequiredIndexOf(string column) => IndexOf(column) is var place and >= 0
        ? place
        : throw new InvalidOperationException($"The table {Name} has no column {column}.");

    private static ParquetType Encoded(TableColumn column) => column.Type switch
    {
        ColumnType.Boolean => ParquetType.Boolean,
        ColumnType.Int32 => ParquetType.Int32,
        ColumnType.Int64 => ParquetType.Int64,
        ColumnType.Double => ParquetType.Double,
        ColumnType.Utf8 => ParquetType.Utf8,
        ColumnType.DoubleList => ParquetType.DoubleList,
        _ => throw new NotSupportedException($"The encoder has no {column.Type}, which column {column.Name} holds."),
    };
}

/// <summary>What a descriptor is made of.</summary>
internal sealed record TableLayout
{
    public required string Name { get; init; }

    public required string One { get; init; }

    public required string Many { get; init; }

    public bool HoldsLabels { get; init; } = true;

    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>Names of columns.</summary>
    public required IReadOnlyList<string> SortKey { get; init; }

    /// <summary>Names of columns.</summary>
    public required IReadOnlyList<string> IdentityKey { get; init; }
}

/// <summary>A descriptor that knows its row's type.</summary>
internal sealed class TableDescriptor<TRow, TTable>(TableLayout layout) : TableDescriptor(layout)
    where TRow : struct
    where TTable : struct, IRowTable<TRow>
{
    internal override TaskTable NewTaskTable() => new TaskTable<TRow, TTable>();

    internal override TResult Accept<TResult>(ITableVisitor<TResult> visitor) => visitor.Visit<TRow, TTable>();
}

/// <summary>Code that is compiled once a table, called through <see cref="TableDescriptor.Accept"/>.</summary>
internal interface ITableVisitor<TResult>
{
    TResult Visit<TRow, TTable>()
        where TRow : struct
        where TTable : struct, IRowTable<TRow>;
}
