using System.Collections.Concurrent;
using System.Globalization;
using HarvestTools.Tables;

namespace HarvestTools.Cache;

/// <summary>
/// A table without rows, whose bytes depend on its project alone: most tables of a small export have none, and thousands of such
/// exports follow one another.
/// </summary>
/// <param name="bytes">Its Parquet file.</param>
/// <param name="table">What is said of it.</param>
internal sealed class EmptyTable(byte[] bytes, PartTable table)
{
    // A slice has a few projects; more than that are written each time.
    private const int KeptMax = 256;

    private static readonly ConcurrentDictionary<string, EmptyTable> s_kept = new(StringComparer.Ordinal);

    /// <summary>Writes one and flushes; the file's owner makes it durable.</summary>
    /// <param name="project">Value of the project column.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="file">Receives the Parquet file; not disposed.</param>
    public static WrittenTable Write<TRow, TTable>(string project, FormatVersion format, Stream file)
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"{TTable.Descriptor.Name} {format.Number} {project}");
        if (!s_kept.TryGetValue(key, out EmptyTable? empty))
        {
            empty = Make<TRow, TTable>(project, format);
            if (s_kept.Count < KeptMax)
            {
                s_kept[key] = empty;
            }
        }

        return empty.WriteTo(file);
    }

    private WrittenTable WriteTo(Stream file)
    {
        file.Write(bytes);
        file.Flush();
        return new WrittenTable(table, new EpisodeList(table.Table, [], []));
    }

    private static EmptyTable Make<TRow, TTable>(string project, FormatVersion format)
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        using var file = new MemoryStream();
        using var output = new TableOutput<TRow, TTable>(project, file, format);
        PartTable made = output.Finish().Table;
        return new EmptyTable(file.ToArray(), made);
    }
}
