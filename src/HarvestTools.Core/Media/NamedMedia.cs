using System.Text;
using HarvestTools.Cache;
using HarvestTools.Parquet.Reading;
using HarvestTools.Tables;

namespace HarvestTools.Media;

/// <summary>Collects which media the rows of parts name, and for which episodes.</summary>
internal sealed class NamedMedia
{
    private static readonly string[] s_columns = [.. CommonColumns.Episode, CommonColumns.Media];

    private readonly SortedDictionary<string, SortedSet<string>> _episodes = new(StringComparer.Ordinal);

    /// <summary>The media by link, in ordinal order, each with its episodes, <c>folder/episode</c>, sorted.</summary>
    public IEnumerable<(string Link, IReadOnlyList<string> Episodes)> All => _episodes.Select(static pair => (pair.Key, (IReadOnlyList<string>)[.. pair.Value]));

    /// <summary>Their links, in ordinal order.</summary>
    public IReadOnlyList<string> Links => [.. _episodes.Keys];

    /// <summary>Reads a part's tables; the files are verified.</summary>
    /// <param name="store">Where the part is.</param>
    /// <param name="part">The part.</param>
    /// <param name="cancellation">Stops between row groups.</param>
    /// <exception cref="HarvestException">A table cannot be read.</exception>
    public void Add(PartStore store, Part part, CancellationToken cancellation)
    {
        foreach (PartTable table in part.Tables.Where(static table => table.Rows > 0 && TableCatalog.HoldsLabels(table.Table)))
        {
            using ParquetTableReader reader = ParquetTableReader.Open(store.PathOf(part.Key, table.Table), table.Sha256, cancellation);
            using var rows = new ParquetRowGroup();
            string[] names = [.. reader.Schema.Columns.Select(static column => column.Name)];
            int[] columns = [.. s_columns.Select(name => Array.IndexOf(names, name))];
            int[] ascending = [.. columns.Order()];
            for (int group = 0; group < reader.RowGroups; group++)
            {
                cancellation.ThrowIfCancellationRequested();
                reader.ReadRowGroup(group, rows, ascending);
                Add(rows.Columns[columns[0]], rows.Columns[columns[1]], rows.Columns[columns[2]], rows.Rows);
            }
        }
    }

    private void Add(ParquetColumnValues folders, ParquetColumnValues episodes, ParquetColumnValues media, int rows)
    {
        // Neighbouring rows mostly are of one medium: only where that changes is a text made of it.
        int before = -1;
        for (int row = 0; row < rows; row++)
        {
            if (media.IsNull(row)
                || (before >= 0 && media.GetText(row).SequenceEqual(media.GetText(before))
                    && episodes.GetText(row).SequenceEqual(episodes.GetText(before))
                    && folders.GetText(row).SequenceEqual(folders.GetText(before))))
            {
                continue;
            }

            before = row;
            Add(Encoding.UTF8.GetString(media.GetText(row)), Encoding.UTF8.GetString(folders.GetText(row)), Encoding.UTF8.GetString(episodes.GetText(row)));
        }
    }

    /// <summary>Adds one row's medium.</summary>
    /// <param name="link">Its link.</param>
    /// <param name="folder">The task folder of the row's episode; empty where there is none.</param>
    /// <param name="episode">The episode; empty where it is not known.</param>
    public void Add(string link, string folder, string episode)
    {
        if (!_episodes.TryGetValue(link, out SortedSet<string>? of))
        {
            _episodes.Add(link, of = new SortedSet<string>(StringComparer.Ordinal));
        }

        of.Add(folder.Length == 0 ? episode : $"{folder}/{episode}");
    }
}
