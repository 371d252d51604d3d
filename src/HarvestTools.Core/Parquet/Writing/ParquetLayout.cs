namespace HarvestTools.Parquet.Writing;

/// <summary>
/// The numbers that decide where a file is cut and how a column is encoded. They belong to format version 1:
/// another value gives other bytes for the same rows and so needs a new format version. docs/format.md says why each is
/// what it is.
/// </summary>
internal static class ParquetLayout
{
    /// <summary>The format version that this encoder writes.</summary>
    public const int FormatVersion = 1;

    /// <summary>The writer's name in the footer. No version: a later release must give the same bytes.</summary>
    public const string CreatedBy = "HarvestTools";

    /// <summary>The key under which the footer carries <see cref="FormatVersion"/>.</summary>
    public const string FormatVersionKey = "harvest.format_version";

    /// <summary>Rows of a row group; a multiple of <see cref="PageRows"/>.</summary>
    public const int RowGroupRows = 131_072;

    /// <summary>Rows of a data page, nulls included.</summary>
    public const int PageRows = 16_384;

    /// <summary>A row group ends early after the row with which its stored texts reach this many bytes.</summary>
    public const int RowGroupTextBytes = 32 * 1024 * 1024;

    /// <summary>The longest text a cell can hold, in bytes.</summary>
    public const int TextBytesMax = 64 * 1024 * 1024;

    /// <summary>More than any column chunk can take with the limits above; a reader refuses what claims to be larger.</summary>
    public const int ChunkBytesMax = 256 * 1024 * 1024;

    /// <summary>A dictionary that would hold more values than this is given up.</summary>
    public const int DictionaryEntriesMax = 32_768;

    /// <summary>A text dictionary whose page would be larger than this is given up.</summary>
    public const int DictionaryBytesMax = 1024 * 1024;

    /// <summary>
    /// After this many values a dictionary is given up unless at least a quarter of them were repetitions.
    /// </summary>
    public const int DictionaryTrialValues = 8_192;

    /// <summary>The most distinct values that the first <see cref="DictionaryTrialValues"/> may have.</summary>
    public const int DictionaryTrialEntriesMax = DictionaryTrialValues / 4 * 3;

    /// <summary>Texts longer than this are left out of the statistics.</summary>
    public const int StatisticsTextBytesMax = 128;

    /// <summary>A chunk is compressed where that saves more than one part in this many.</summary>
    public const int CompressionGainDivisor = 32;

    /// <summary>Values of a block of the delta encoding.</summary>
    public const int DeltaBlockValues = 128;

    /// <summary>Values of a miniblock of the delta encoding.</summary>
    public const int DeltaMiniblockValues = 32;
}
