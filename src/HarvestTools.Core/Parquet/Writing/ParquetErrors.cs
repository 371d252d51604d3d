using System.Globalization;

namespace HarvestTools.Parquet.Writing;

/// <summary>What can be wrong with Parquet files and with what is to be written to one.</summary>
internal static class ParquetErrors
{
    private const string RebuildRemedy = "Build the slice again; cached files are derived and can be deleted.";

    /// <summary>The file is not as its own parts say it should be.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="where">Where in the file, for example "row group 2, column x".</param>
    /// <param name="what">What is wrong there.</param>
    /// <param name="inner">What found it, where that is no code of ours.</param>
    public static HarvestException ParquetDamaged(string file, string where, string what, Exception? inner = null) => new(
        nameof(ParquetDamaged),
        HarvestFault.Damaged,
        $"{file}: {where}: {what}.",
        RebuildRemedy,
        file,
        inner);

    /// <summary>A Parquet file that another program wrote, or that no released format version describes.</summary>
    public static HarvestException ParquetForeign(string file, string what) => new(
        nameof(ParquetForeign),
        HarvestFault.InvalidData,
        $"{file} is not a table that HarvestTools wrote: {what}.",
        "Name a file from the cache of this repository, or build the slice again.",
        file);

    /// <summary>A cell's text is longer than a file can hold.</summary>
    public static HarvestException ParquetTextTooLong(string column, long bytes, int most) => new(
        nameof(ParquetTextTooLong),
        HarvestFault.InvalidData,
        string.Create(
            CultureInfo.InvariantCulture,
            $"A text for column {column} has {bytes} bytes; the most a cell can have is {most}."),
        "Shorten the text in the export, or leave the field out of the harvest definition.",
        column);

    /// <summary>A cell's list has more values than a file can hold.</summary>
    public static HarvestException ParquetListTooLong(string column, int values, int most) => new(
        nameof(ParquetListTooLong),
        HarvestFault.InvalidData,
        string.Create(
            CultureInfo.InvariantCulture,
            $"A list for column {column} has {values} values; the most a cell can have is {most}."),
        "Draw the region with fewer points in Label Studio, or delete it there, and export again.",
        column);
}
