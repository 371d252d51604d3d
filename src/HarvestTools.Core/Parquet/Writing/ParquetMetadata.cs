namespace HarvestTools.Parquet.Writing;

/// <summary>Physical types, by their numbers in parquet.thrift.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Double = 5,
    ByteArray = 6,
}

/// <summary>Value encodings that this project writes, by their numbers in parquet.thrift.</summary>
internal enum ParquetEncoding
{
    Plain = 0,
    Rle = 3,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    RleDictionary = 8,
}

/// <summary>Compression of a column chunk, by its number in parquet.thrift.</summary>
internal enum ParquetCodec
{
    Uncompressed = 0,
    Snappy = 1,
}

/// <summary>Page types, by their numbers in parquet.thrift.</summary>
internal enum PageType
{
    Data = 0,
    Dictionary = 2,
}

/// <summary>Least and greatest value in plain form (texts without a length), null where the statistics leave them out.</summary>
internal readonly record struct ColumnStatistics(byte[]? Min, byte[]? Max, long Nulls);

/// <summary>One column of one row group: where it lies and how it is encoded.</summary>
internal sealed record ChunkMetadata
{
    /// <summary>The encoding of the values; a dictionary's own page is always plain.</summary>
    public required ParquetEncoding Encoding { get; init; }

    public required ParquetCodec Codec { get; init; }

    /// <summary>Rows, nulls included; of lists see <see cref="ParquetColumnWriter.Slots"/>.</summary>
    public required long Values { get; init; }

    /// <summary>Bytes with page headers, before compression.</summary>
    public required long UncompressedBytes { get; init; }

    /// <summary>Bytes with page headers, as they lie in the file.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>Bytes of the dictionary page with its header; 0 where there is none.</summary>
    public required long DictionaryBytes { get; init; }

    public required int DataPages { get; init; }

    /// <summary>Null where the column has none.</summary>
    public required ColumnStatistics? Statistics { get; init; }

    /// <summary>Where the chunk's first page begins in the file.</summary>
    public long Offset { get; set; }
}

internal sealed record RowGroupMetadata(long Rows, long Offset, ChunkMetadata[] Chunks);

/// <summary>What a schema's column is in parquet.thrift's terms.</summary>
internal static class ParquetTypes
{
    public static PhysicalType Physical(ParquetType type) => type switch
    {
        ParquetType.Boolean => PhysicalType.Boolean,
        ParquetType.Int32 => PhysicalType.Int32,
        ParquetType.Int64 => PhysicalType.Int64,
        ParquetType.Double or ParquetType.DoubleList => PhysicalType.Double,
        _ => PhysicalType.ByteArray,
    };
}
