using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>One side of a comparison of what programs wrote.</summary>
/// <param name="Slice">The slice, with the present names of its projects.</param>
/// <param name="Definition">What the tables were written under.</param>
/// <param name="Tables">The tables.</param>
internal sealed record ProgramSide(SliceManifest Slice, HarvestDefinition Definition, IReadOnlyList<ProgramTable> Tables)
{
    /// <summary>A slice with its tables, which are in the cache afterwards.</summary>
    /// <exception cref="HarvestException">As <see cref="ProgramSource.Give"/>.</exception>
    public static ProgramSide Of(Repository repository, SliceManifest slice, WorkContext context)
    {
        HarvestDefinition definition = SliceInputs.Definition(repository, slice);
        return new ProgramSide(SliceInputs.UnderPresentNames(repository, slice), definition, new ProgramSource(repository, context).Give(slice, definition).Tables);
    }
}

/// <summary>
/// Compares the rows of two sides that programs wrote, by the key columns that the later definition names, and numbers as it has them
/// compared.
/// </summary>
internal sealed class ProgramDiff
{
    // What differing rows are counted by.
    private static readonly ColumnRole[] s_counted = [ColumnRole.Episode, ColumnRole.AnnotationId, ColumnRole.Label];

    private readonly ProgramSide _before;
    private readonly ProgramSide _after;
    private readonly CancellationToken _cancellation;
    private readonly HarvestProgram _program;
    private readonly RowText _text;
    private readonly string? _project;
    private readonly SortedSet<string> _unpaired = new(StringComparer.Ordinal);
    private readonly HashSet<ColumnRole> _lacking = [];
    private readonly HashSet<ColumnRole> _found = [];
    private HashSet<string>? _skipped;

    /// <param name="before">The side that is compared with.</param>
    /// <param name="after">The side that is compared.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public ProgramDiff(ProgramSide before, ProgramSide after, CancellationToken cancellation)
    {
        (_before, _after, _cancellation) = (before, after, cancellation);
        _program = after.Definition.Program!;
        _text = new RowText(_program.Columns.OrElse(before.Definition.Program!.Columns));
        string[] projects = [.. before.Slice.Exports.Concat(after.Slice.Exports).Select(static export => export.Project).Distinct()];
        _project = projects is [string only] ? only : null;
    }

    /// <summary>Files that differ and have no rows that can be read.</summary>
    public IReadOnlyList<string> Unreadable =>
    [
        .. from path in _before.Tables.Concat(_after.Tables).Where(static table => table.RowsSha256 is null).Select(static table => table.Path).Distinct()
           where _before.Tables.FirstOrDefault(table => table.Path == path)?.Sha256 != _after.Tables.FirstOrDefault(table => table.Path == path)?.Sha256
           select path,
    ];

    /// <summary>Whether no table that differs has rows on both sides that can be read, so that how many rows differ is not known at all.</summary>
    public bool KnowsNone => Skipped().Count > 0 && Names.All(name => Differing(name) is ({ Count: 0 }, { Count: 0 }));

    /// <summary>The names of all tables of both sides.</summary>
    public IReadOnlyList<string> Names => [.. _before.Tables.Concat(_after.Tables).Select(static table => table.Table).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The rows that differ, table by table.</summary>
    /// <param name="tables">The tables to look into, by name in any case; null for all.</param>
    public IEnumerable<RowChange> Rows(IReadOnlyCollection<string>? tables = null)
    {
        foreach (string name in Names.Where(name => tables is null || tables.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            (List<ProgramTable> left, List<ProgramTable> right) = Differing(name);
            ProgramTable[] both = [.. left, .. right];
            if (both.Length == 0)
            {
                continue;
            }

            IReadOnlyList<string>? key = both.Select(table => KeyOf(table.Path)).FirstOrDefault(static key => key is not null);
            bool kinds = both.Select(static table => Path.GetExtension(table.Path)).Distinct(StringComparer.OrdinalIgnoreCase).Count() > 1;
            var diff = new TableDiff(key, _program.FloatDigits, kinds);
            var came = new HashSet<string>(StringComparer.Ordinal);
            foreach (RowPair pair in diff.Between(() => Read(left), () => Read(right)))
            {
                TableRow row = pair.After ?? pair.Before!;
                if (key is null || !key.All(row.Names.Contains))
                {
                    came.Add(pair.Kind);
                }

                foreach (ColumnRole role in s_counted)
                {
                    _ = _text.Has(row, role) ? _found.Add(role) : _lacking.Add(role);
                }

                yield return Change(name, key, pair, diff);
            }

            // Where rows only came, or only went, none of them can be a changed one.
            if (came.Count > 1)
            {
                _unpaired.Add(name);
            }
        }
    }

    /// <summary>What the counts of the rows that were given do not say, for want of a key or a column; null where they say all.</summary>
    public HarvestException? NotSaid => _unpaired.Count + _lacking.Except(_found).Count() == 0 ? null : ProgramColumnErrors.RowsNotPaired([.. _unpaired], [.. _lacking.Except(_found).Order().Select(ProgramColumns.Word)]);

    /// <summary>Counts the rows that differ.</summary>
    public RowTally Count()
    {
        var tally = new RowTally();
        foreach (RowChange row in Rows())
        {
            tally.Add(row);
        }

        return tally;
    }

    /// <summary>Counts the rows that differ, and by annotator where the tables say the annotation.</summary>
    public RowChangeSummary Summary(Repository repository, WorkContext context)
    {
        RowTally tally = Count();
        SliceExport[] exports = [.. _after.Slice.Exports, .. _before.Slice.Exports];

        // Of a row that names no project the annotation may be of any.
        return tally.Projects.Any() ? tally.ToSummary(new SliceAnnotators(repository, context).Of(tally, [.. exports, .. exports.Select(static export => export with { Project = "" })])) : tally.ToSummary();
    }

    private IReadOnlyList<string>? KeyOf(string path) => _program.Columns.KeyOf(path) ?? _before.Definition.Program!.Columns.KeyOf(path);

    /// <summary>Tables that differ in a file with rows that cannot be read on one side or both: the other's are neither added nor removed.</summary>
    private HashSet<string> Skipped() => _skipped ??= [.. _before.Tables.Concat(_after.Tables).Where(static table => table.HasUnread)
        .Where(table => Unreadable.Contains(table.Path)).Select(static table => table.Table)];

    /// <summary>The files of a table that are not on both sides with the same rows; none where that is not known.</summary>
    private (List<ProgramTable> Left, List<ProgramTable> Right) Differing(string name)
    {
        if (Skipped().Contains(name))
        {
            return ([], []);
        }

        List<ProgramTable> left = [.. _before.Tables.Where(table => table.Table == name && table.RowsSha256 is not null)];
        List<ProgramTable> right = [];
        foreach (ProgramTable table in _after.Tables.Where(table => table.Table == name && table.RowsSha256 is not null))
        {
            int same = left.FindIndex(other => other.RowsSha256 == table.RowsSha256);
            if (same >= 0)
            {
                left.RemoveAt(same);
            }
            else
            {
                right.Add(table);
            }
        }

        return (left, right);
    }

    private IEnumerable<TableRow> Read(IEnumerable<ProgramTable> tables) => tables.SelectMany(table => TableReader.Read(table.File, table.Path, _cancellation));

    private RowChange Change(string table, IReadOnlyList<string>? key, RowPair pair, TableDiff diff)
    {
        TableRow row = pair.After ?? pair.Before!;
        return new RowChange(
            table,
            pair.Kind,
            _text.Text(row, ColumnRole.Project) ?? _project ?? "",
            _text.Has(row, ColumnRole.TaskSubdir) ? _text.Text(row, ColumnRole.TaskSubdir) ?? "" : null,
            _text.Text(row, ColumnRole.Episode),
            _text.Number(row, ColumnRole.Frame),
            _text.Number(row, ColumnRole.TaskId),
            _text.Number(row, ColumnRole.AnnotationId),
            _text.Text(row, ColumnRole.RegionId),
            _text.Text(row, ColumnRole.Label),
            pair is { Before: { } was, After: { } now } ? new NameList([.. diff.Columns(was, now)]) : new NameList([]),
            Values(pair.Before),
            Values(pair.After))
        {
            KeyText = key is null ? Values(row)!.ToString() : string.Join(", ", key.Where(row.Names.Contains).Select(name => $"{name} {RowText.Of(row[name])}")),
        };
    }

    internal static RowValues? Values(TableRow? row)
    {
        if (row is null)
        {
            return null;
        }

        var values = new RowValues(row.Names.Count);
        for (int i = 0; i < row.Names.Count; i++)
        {
            // A header may have one name twice; the first counts, as in a table that is read by name.
            _ = values.TryAdd(row.Names[i], row.Values[i]);
        }

        return values;
    }
}
