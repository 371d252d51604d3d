using System.Collections.Concurrent;
using System.Globalization;
using HarvestTools.Tables;

namespace HarvestTools.Cache;

/// <summary>
/// A table without rows, whose bytes depend on its project alone: most tables of a small export have none, and thousands of such
/// exports follow one another.
/// </summary>
internal sealed class EmptyTable
{
    // A slice has a few projects; more than that are written each time.
    private const int KeptMax = 256;

    private static readonly ConcurrentDictionary<string, EmptyTable> s_kept = new(StringComparer.Ordinal);

    private readonly byte[] _bytes;
    private readonly PartTable _table;

    private EmptyTable(byte[] bytes, PartTable table)
    {
        _bytes = bytes;
        _table = table;
    }

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

        file.Write(empty._bytes);
        file.Flush();
        return new WrittenTable(empty._table, new EpisodeList(empty._table.Table, [], []));
    }

    private static EmptyTable Make<TRow, TTable>(string project, FormatVersion format)
        where TRow : struct
        where TTable : struct, IRowTable<TRow>
    {
        using var bytes = new MemoryStream();
        using var output = new TableOutput<TRow, TTable>(project, bytes, format);
        PartTable table = output.Finish().Table;
        return new EmptyTable(bytes.ToArray(), table);
    }
}
