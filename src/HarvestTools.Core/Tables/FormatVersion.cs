using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables;

/// <summary>
/// What the bytes of derived tables follow from beside the rows: the tables and their columns, the order of rows, and
/// the Parquet encoding (docs/format.md). A version is never changed once a release wrote it; another is added.
/// </summary>
public sealed class FormatVersion
{
    // A manifest that names no version was written by a build before versions were recorded.
    internal const int BeforeItWasRecorded = 1;

    private FormatVersion(ParquetLayout layout, IReadOnlyList<TableDescriptor> tables)
    {
        Layout = layout;
        Tables = tables;
    }

    /// <summary>What new slices are written in.</summary>
    public static FormatVersion Current { get; } = new(
        new ParquetLayout
        {
            FormatVersion = 2,
            RowGroupRows = 131_072,
            PageRows = 16_384,
            RowGroupTextBytes = 32 * 1024 * 1024,
            TextBytesMax = 64 * 1024 * 1024,
            ChunkBytesMax = 256 * 1024 * 1024,
            DictionaryEntriesMax = 32_768,
            DictionaryBytesMax = 1024 * 1024,
            DictionaryTrialValues = 8_192,
            DictionaryTrialEntriesMax = 6_144,
            StatisticsTextBytesMax = 128,
            Codec = ParquetCodec.Snappy,
            CompressionGainDivisor = 32,
            IntegerEncodings = [ParquetEncoding.RleDictionary, ParquetEncoding.DeltaBinaryPacked],
            DoubleEncodings = [ParquetEncoding.RleDictionary],
            TextEncodings = [ParquetEncoding.RleDictionary, ParquetEncoding.DeltaLengthByteArray],
        },
        TableCatalog.All);

    /// <summary>Every version that this release can write.</summary>
    public static IReadOnlyList<FormatVersion> Supported { get; } = [Current];

    /// <summary>As slice.json and the Parquet footers have it.</summary>
    public int Number => Layout.FormatVersion;

    /// <summary>The tables, in the order in which manifests list them.</summary>
    public IReadOnlyList<TableDescriptor> Tables { get; }

    /// <summary>Where files are cut and how columns are encoded.</summary>
    internal ParquetLayout Layout { get; }

    /// <summary>The version of that number; null where this release cannot write it.</summary>
    public static FormatVersion? Find(int number) => Supported.FirstOrDefault(version => version.Number == number);

    /// <summary>The number.</summary>
    public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
