using System.Text;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.Parquet.Reading;
using HarvestTools.Tables;

namespace HarvestTools.Workflows;

/// <summary>Which rows of an episode are meant.</summary>
/// <param name="Episode">The episode, or <c>task_subdir/episode</c>.</param>
public sealed record RowQuery(string Episode)
{
    /// <summary>Only of this frame; null for all.</summary>
    public long? Frame { get; init; }

    /// <summary>Only with this label; null for all.</summary>
    public string? Label { get; init; }

    /// <summary>Only of this table; null for all.</summary>
    public string? Table { get; init; }

    /// <summary>Only of this project; null for all.</summary>
    public string? Project { get; init; }

    /// <summary>In words, for example <c>episode ep1, frame 7, label wrist</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"episode {Episode}{(Frame is { } frame ? $", frame {frame}" : "")}{(Label is null ? "" : $", label {Label}")}{(Table is null ? "" : $", table {Table}")}{(Project is null ? "" : $", project {Project}")}");
}

/// <summary>A row with its table.</summary>
internal sealed record FoundRow(string Table, RowValues Values)
{
    // What a row of a project is about, whoever labelled it and whatever Label Studio calls the region.
    private static readonly string[] s_subject = [.. CommonColumns.Key.Except(["project", "annotation_id", "region_id"])];

    /// <summary>Equal for rows that are about the same.</summary>
    public string Subject { get; } = $"{Table}\n{string.Join('\n', s_subject.Select(column => Values.GetValueOrDefault(column)))}";

    public string? Region => (string?)Values.GetValueOrDefault("region_id");

    public long? Annotation => (long?)Values.GetValueOrDefault("annotation_id");
}

/// <summary>Finds rows of an episode in the tables of parts; each part is read once, and of most row groups the key columns alone.</summary>
internal sealed class RowFinder(PartStore store, RowQuery query, CancellationToken cancellation)
{
    private readonly Dictionary<string, IReadOnlyList<FoundRow>> _parts = new(StringComparer.Ordinal);
    private readonly byte[] _label = Encoding.UTF8.GetBytes(query.Label ?? "");

    public IReadOnlyList<FoundRow> Of(Part part)
    {
        if (!_parts.TryGetValue(part.Key, out IReadOnlyList<FoundRow>? rows))
        {
            _parts.Add(part.Key, rows = [.. TableCatalog.All.Where(table => table.HoldsLabels && (query.Table ?? table.Name) == table.Name).SelectMany(table => Read(part, table))]);
        }

        return rows;
    }

    private IEnumerable<FoundRow> Read(Part part, TableDescriptor table)
    {
        PartTable written = part.Tables.Single(one => one.Table == table.Name);
        if (written.Rows == 0)
        {
            yield break;
        }

        using ParquetTableReader reader = ParquetTableReader.Open(store.PathOf(part.Key, table.Name), written.Sha256, cancellation);
        var layout = new RowLayout(reader.Schema);
        int[] keys = [.. new[] { layout.TaskSubdir, layout.Episode, layout.Frame, layout.Label }.Order()];
        using var group = new ParquetRowGroup();
        for (int i = 0; i < reader.RowGroups; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            reader.ReadRowGroup(i, group, keys);
            List<int> wanted = [.. Enumerable.Range(0, group.Rows).Where(row => IsAsked(layout, new RowRef(group, row)))];
            if (wanted.Count == 0)
            {
                continue;
            }

            reader.ReadRowGroup(i, group);
            foreach (int row in wanted)
            {
                var values = new RowValues(layout.Schema.Columns.Count);
                for (int column = 0; column < layout.Schema.Columns.Count; column++)
                {
                    values.Add(layout.Schema.Columns[column].Name, layout.ValueOf(new RowRef(group, row), column));
                }

                yield return new FoundRow(table.Name, values);
            }
        }
    }

    private bool IsAsked(RowLayout layout, RowRef row) =>
        (query.Frame is null || row.Group.Columns[layout.Frame].GetInt64(row.Row) == query.Frame)
        && (query.Label is null || RowLayout.TextOf(row, layout.Label).SequenceEqual(_label))
        && SourceMatch.IsEpisode(
            Encoding.UTF8.GetString(RowLayout.TextOf(row, layout.TaskSubdir)), Encoding.UTF8.GetString(RowLayout.TextOf(row, layout.Episode)), query.Episode);
}
