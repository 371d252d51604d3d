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

/// <summary>A row with its table, and what it is about.</summary>
/// <param name="Table">The table.</param>
/// <param name="Values">All of its columns.</param>
/// <param name="Subject">Equal for rows that are about the same, whoever labelled it and whatever Label Studio calls the region.</param>
internal sealed record FoundRow(string Table, RowValues Values, string Subject)
{
    private static readonly string[] s_subject = [.. CommonColumns.Key.Except(["project", "annotation_id", "region_id"])];

    public string TaskSubdir { get; init; } = "";

    public string Episode { get; init; } = "";

    public long? Frame { get; init; }

    public long? Task { get; init; }

    public string? Region { get; init; }

    public long? Annotation { get; init; }

    public string Label { get; init; } = "";

    public string Origin { get; init; } = "";

    /// <summary>Ids of people, with commas between.</summary>
    public string People { get; init; } = "";

    /// <summary>A row that the rules derive.</summary>
    public static FoundRow Of(string table, RowValues values) => new(table, values, $"{table}\n{string.Join('\n', s_subject.Select(column => values.GetValueOrDefault(column)))}")
    {
        TaskSubdir = (string)values["task_subdir"]!,
        Episode = (string)values["episode"]!,
        Frame = (long)values["frame"]!,
        Task = (long)values["task_id"]!,
        Region = (string?)values.GetValueOrDefault("region_id"),
        Annotation = (long?)values.GetValueOrDefault("annotation_id"),
        Label = (string)values["label"]!,
        Origin = (string)values[CommonColumns.Origin]!,
        People = (string)values["annotator_ids"]!,
    };
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

                yield return FoundRow.Of(table.Name, values);
            }
        }
    }

    private bool IsAsked(RowLayout layout, RowRef row) =>
        (query.Frame is null || row.Group.Columns[layout.Frame].GetInt64(row.Row) == query.Frame)
        && (query.Label is null || RowLayout.TextOf(row, layout.Label).SequenceEqual(_label))
        && SourceMatch.IsEpisode(
            Encoding.UTF8.GetString(RowLayout.TextOf(row, layout.TaskSubdir)), Encoding.UTF8.GetString(RowLayout.TextOf(row, layout.Episode)), query.Episode);
}
