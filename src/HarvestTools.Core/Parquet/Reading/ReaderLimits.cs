namespace HarvestTools.Parquet.Reading;

/// <summary>What files of the format version that is read have: what goes beyond is damage, and no memory is taken for it.</summary>
internal static class ReaderLimits
{
    public const int FormatVersion = 2;

    public const int RowGroupRows = 131_072;

    public const int PageRows = 16_384;

    public const int DictionaryEntriesMax = 32_768;

    public const int ChunkBytesMax = 256 * 1024 * 1024;

    /// <summary>
    /// Elements of all lists of a column in a row group, less than 32 MiB and then the longest list that there can be, and a slot
    /// for each that is empty.
    /// </summary>
    public const int ListSlotsMax = ((32 + 64) * 1024 * 1024 / sizeof(double)) + RowGroupRows;
}
