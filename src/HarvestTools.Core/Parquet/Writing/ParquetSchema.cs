namespace HarvestTools.Parquet.Writing;

/// <summary>The column types that the tables use.</summary>
internal enum ParquetType
{
    Boolean,
    Int32,
    Int64,
    Double,

    /// <summary>BYTE_ARRAY annotated as STRING.</summary>
    Utf8,

    /// <summary>LIST of DOUBLE; neither the list nor an element is ever null.</summary>
    DoubleList,
}

internal sealed record ParquetColumn(string Name, ParquetType Type, bool Nullable = false);

/// <summary>A table: its name and its columns in file order.</summary>
internal sealed record ParquetSchema(string Table, IReadOnlyList<ParquetColumn> Columns);
