using System.Globalization;

namespace HarvestTools.Parquet.Writing;

/// <summary>Writes the footer: FileMetaData of parquet.thrift, its length and the closing magic number.</summary>
internal static class ParquetFooter
{
    /// <summary>The names that the format gives to the groups of a list.</summary>
    public const string ListGroup = "list";

    /// <summary>The name that the format gives to the elements of a list.</summary>
    public const string ListElement = "element";

    private const int Required = 0;
    private const int Repeated = 2;

    public static ReadOnlySpan<byte> Magic => "PAR1"u8;

    public static void Write(ParquetSchema schema, int formatVersion, IReadOnlyList<RowGroupMetadata> groups, ByteBuffer output)
    {
        int start = output.Length;
        var thrift = new ThriftWriter(output);
        thrift.BeginStruct();

        // Readers agree on no meaning of version 2, so every writer does best to say 1.
        thrift.Int32(1, 1);
        WriteSchema(schema, thrift);
        thrift.Int64(3, groups.Sum(static group => group.Rows));
        thrift.BeginList(4, ThriftType.Struct, groups.Count);
        for (int i = 0; i < groups.Count; i++)
        {
            WriteRowGroup(schema, groups[i], i, thrift);
        }

        thrift.BeginList(5, ThriftType.Struct, 1);
        thrift.BeginStruct();
        thrift.Text(1, ParquetLayout.FormatVersionKey);
        thrift.Text(2, formatVersion.ToString(CultureInfo.InvariantCulture));
        thrift.EndStruct();

        thrift.Text(6, ParquetLayout.CreatedBy);

        // Without the column orders, readers must ignore the statistics' least and greatest values.
        thrift.BeginList(7, ThriftType.Struct, schema.Columns.Count);
        foreach (ParquetColumn _ in schema.Columns)
        {
            thrift.BeginStruct();
            thrift.BeginStruct(1);
            thrift.EndStruct();
            thrift.EndStruct();
        }

        thrift.EndStruct();
        output.WriteInt32(output.Length - start);
        output.Write(Magic);
    }

    private static void WriteSchema(ParquetSchema schema, ThriftWriter thrift)
    {
        // A list is a group of a group of elements (LogicalTypes.md, "Lists").
        int lists = schema.Columns.Count(static column => column.Type == ParquetType.DoubleList);
        thrift.BeginList(2, ThriftType.Struct, schema.Columns.Count + (2 * lists) + 1);
        thrift.BeginStruct();
        thrift.Text(4, schema.Table);
        thrift.Int32(5, schema.Columns.Count);
        thrift.EndStruct();
        foreach (ParquetColumn column in schema.Columns)
        {
            if (column.Type == ParquetType.DoubleList)
            {
                WriteList(column, thrift);
                continue;
            }

            thrift.BeginStruct();
            thrift.Int32(1, (int)ParquetTypes.Physical(column.Type));
            thrift.Int32(3, column.Nullable ? 1 : 0);
            thrift.Text(4, column.Name);
            if (column.Type == ParquetType.Utf8)
            {
                // Old readers know the converted type UTF8 (0), new ones the logical type STRING (1).
                thrift.Int32(6, 0);
                thrift.BeginStruct(10);
                thrift.BeginStruct(1);
                thrift.EndStruct();
                thrift.EndStruct();
            }

            thrift.EndStruct();
        }
    }

    private static void WriteList(ParquetColumn column, ThriftWriter thrift)
    {
        thrift.BeginStruct();
        thrift.Int32(3, Required);
        thrift.Text(4, column.Name);
        thrift.Int32(5, 1);

        // Old readers know the converted type LIST (3), new ones the logical type LIST (3).
        thrift.Int32(6, 3);
        thrift.BeginStruct(10);
        thrift.BeginStruct(3);
        thrift.EndStruct();
        thrift.EndStruct();
        thrift.EndStruct();

        thrift.BeginStruct();
        thrift.Int32(3, Repeated);
        thrift.Text(4, ListGroup);
        thrift.Int32(5, 1);
        thrift.EndStruct();

        thrift.BeginStruct();
        thrift.Int32(1, (int)ParquetTypes.Physical(column.Type));
        thrift.Int32(3, Required);
        thrift.Text(4, ListElement);
        thrift.EndStruct();
    }

    private static void WriteRowGroup(ParquetSchema schema, RowGroupMetadata group, int ordinal, ThriftWriter thrift)
    {
        thrift.BeginStruct();
        thrift.BeginList(1, ThriftType.Struct, group.Chunks.Length);
        for (int i = 0; i < group.Chunks.Length; i++)
        {
            WriteChunk(schema.Columns[i], group.Chunks[i], thrift);
        }

        thrift.Int64(2, group.Chunks.Sum(static chunk => chunk.UncompressedBytes));
        thrift.Int64(3, group.Rows);
        thrift.Int64(5, group.Offset);
        thrift.Int64(6, group.Chunks.Sum(static chunk => chunk.StoredBytes));

        // The ordinal has 16 bits; it is optional, and beyond them it is left out.
        if (ordinal <= short.MaxValue)
        {
            thrift.Int16(7, ordinal);
        }

        thrift.EndStruct();
    }

    private static void WriteChunk(ParquetColumn column, ChunkMetadata chunk, ThriftWriter thrift)
    {
        bool hasDictionary = chunk.DictionaryBytes > 0;
        thrift.BeginStruct();

        // Deprecated, and required all the same: 0, since no copy of the metadata stands beside the chunk.
        thrift.Int64(2, 0);
        thrift.BeginStruct(3);
        thrift.Int32(1, (int)ParquetTypes.Physical(column.Type));
        WriteEncodings(column, chunk, thrift);
        WritePath(column, thrift);
        thrift.Int32(4, (int)chunk.Codec);
        thrift.Int64(5, chunk.Values);
        thrift.Int64(6, chunk.UncompressedBytes);
        thrift.Int64(7, chunk.StoredBytes);
        thrift.Int64(9, chunk.Offset + chunk.DictionaryBytes);
        if (hasDictionary)
        {
            thrift.Int64(11, chunk.Offset);
        }

        if (chunk.Statistics is { } statistics)
        {
            WriteStatistics(statistics, thrift);
        }

        thrift.BeginList(13, ThriftType.Struct, hasDictionary ? 2 : 1);
        if (hasDictionary)
        {
            WritePageCount(PageType.Dictionary, ParquetEncoding.Plain, 1, thrift);
        }

        WritePageCount(PageType.Data, chunk.Encoding, chunk.DataPages, thrift);
        thrift.EndStruct();
        thrift.EndStruct();
    }

    private static void WritePath(ParquetColumn column, ThriftWriter thrift)
    {
        bool isList = column.Type == ParquetType.DoubleList;
        thrift.BeginList(3, ThriftType.Binary, isList ? 3 : 1);
        thrift.TextElement(column.Name);
        if (isList)
        {
            thrift.TextElement(ListGroup);
            thrift.TextElement(ListElement);
        }
    }

    private static void WriteEncodings(ParquetColumn column, ChunkMetadata chunk, ThriftWriter thrift)
    {
        // Every encoding of the chunk once, ascending: of the values, of a dictionary's page and of the levels.
        Span<bool> used = stackalloc bool[(int)ParquetEncoding.RleDictionary + 1];
        used[(int)chunk.Encoding] = true;
        used[(int)ParquetEncoding.Plain] |= chunk.DictionaryBytes > 0;
        used[(int)ParquetEncoding.Rle] |= column.Nullable || column.Type == ParquetType.DoubleList;
        thrift.BeginList(2, ThriftType.Int32, used.Count(true));
        for (int i = 0; i < used.Length; i++)
        {
            if (used[i])
            {
                thrift.Int32Element(i);
            }
        }
    }

    private static void WriteStatistics(ColumnStatistics statistics, ThriftWriter thrift)
    {
        thrift.BeginStruct(12);
        thrift.Int64(3, statistics.Nulls);
        if (statistics.Min is not null && statistics.Max is not null)
        {
            thrift.Binary(5, statistics.Max);
            thrift.Binary(6, statistics.Min);
            thrift.Boolean(7, true);
            thrift.Boolean(8, true);
        }

        thrift.EndStruct();
    }

    private static void WritePageCount(PageType type, ParquetEncoding encoding, int pages, ThriftWriter thrift)
    {
        thrift.BeginStruct();
        thrift.Int32(1, (int)type);
        thrift.Int32(2, (int)encoding);
        thrift.Int32(3, pages);
        thrift.EndStruct();
    }
}
