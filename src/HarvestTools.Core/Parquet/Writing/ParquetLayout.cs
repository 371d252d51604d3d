namespace HarvestTools.Parquet.Writing;

/// <summary>
/// What decides where a file is cut and how a column is encoded, in one format version: another value gives other bytes
/// for the same rows. docs/format.md says why each is what it is.
/// </summary>
internal sealed record ParquetLayout
{
    /// <summary>The writer's name in the footer. No release: a later one must give the same bytes.</summary>
    public const string CreatedBy = "HarvestTools";

    /// <summary>The key under which the footer carries <see cref="FormatVersion"/>.</summary>
    public const string FormatVersionKey = "harvest.format_version";

    /// <summary>The number of the format version, which the footer carries.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>Rows of a row group; a multiple of <see cref="PageRows"/>.</summary>
    public required int RowGroupRows { get; init; }

    /// <summary>Rows of a data page, nulls included.</summary>
    public required int PageRows { get; init; }

    /// <summary>A row group ends early after the row with which its stored texts reach this many bytes.</summary>
    public required int RowGroupTextBytes { get; init; }

    /// <summary>The longest text a cell can hold, in bytes.</summary>
    public required int TextBytesMax { get; init; }

    /// <summary>More than any column chunk can take with the limits above; a reader refuses what claims to be larger.</summary>
    public required int ChunkBytesMax { get; init; }

    /// <summary>A dictionary that would hold more values than this is given up.</summary>
    public required int DictionaryEntriesMax { get; init; }

    /// <summary>A text dictionary whose page would be larger than this is given up.</summary>
    public required int DictionaryBytesMax { get; init; }

    /// <summary>After this many values a dictionary is given up unless enough of them were repetitions.</summary>
    public required int DictionaryTrialValues { get; init; }

    /// <summary>The most distinct values that the first <see cref="DictionaryTrialValues"/> may have.</summary>
    public required int DictionaryTrialEntriesMax { get; init; }

    /// <summary>Texts longer than this are left out of the statistics.</summary>
    public required int StatisticsTextBytesMax { get; init; }

    /// <summary>What a chunk is compressed with.</summary>
    public required ParquetCodec Codec { get; init; }

    /// <summary>A chunk is compressed where that saves more than one part in this many.</summary>
    public required int CompressionGainDivisor { get; init; }

    /// <summary>What whole numbers may be encoded in beside plain; the fewest bytes win, of equals the first.</summary>
    public required IReadOnlyList<ParquetEncoding> IntegerEncodings { get; init; }

    /// <summary>The same for doubles.</summary>
    public required IReadOnlyList<ParquetEncoding> DoubleEncodings { get; init; }

    /// <summary>The first that is worth it, and the last where none is.</summary>
    public required IReadOnlyList<ParquetEncoding> TextEncodings { get; init; }
}
