namespace HarvestTools.Tables;

/// <summary>What a column's cells hold.</summary>
internal enum ColumnType
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number of 32 bits.</summary>
    Int32,

    /// <summary>A whole number of 64 bits.</summary>
    Int64,

    /// <summary>A floating-point number of 64 bits.</summary>
    Double,

    /// <summary>A text in UTF-8.</summary>
    Utf8,

    /// <summary>A list of floating-point numbers of 64 bits, none of them null.</summary>
    DoubleList,
}

/// <summary>One column of a table: its place in the file, and what readers must know of its values.</summary>
/// <param name="Name">As the Parquet file has it.</param>
/// <param name="Type">What its cells hold.</param>
/// <param name="Unit">For example <c>px</c>; null where values have none.</param>
/// <param name="Meaning">One sentence; in a nullable column it says when a cell is null.</param>
/// <param name="Nullable">Whether a cell can be null.</param>
internal sealed record TableColumn(string Name, ColumnType Type, string? Unit, string Meaning, bool Nullable = false);
