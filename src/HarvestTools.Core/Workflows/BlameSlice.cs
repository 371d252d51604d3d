using HarvestTools.Archive;
using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>
/// Follows rows of a slice back along its parents: which slice, export, annotation and person first brought each, and which changed
/// it since. A row is followed by what it is about (task, medium, control, label, episode and frame) and then by its region, by its
/// annotation, or as the only one; the rows of a merge come from the parent that has them as they are, else from the first that
/// has them.
/// </summary>
public sealed class BlameSlice
{
    private readonly Repository _repository;
    private readonly WorkContext _context;
    private readonly PartSource _parts;
    private readonly RowFinder _finder;
    private readonly LineageIndexes _indexes;
    private readonly RowQuery _query;
    private readonly Dictionary<string, SliceManifest?> _slices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (ILookup<string, Row>? Rows, string? NotKnown)> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, long), DateTimeOffset?> _times = [];

    private BlameSlice(Repository repository, RowQuery query, WorkContext context, PartSource parts)
    {
        (_repository, _query, _context, _parts) = (repository, query, context, parts);
        _finder = new RowFinder(parts.Store, query, context.Cancellation);
        _indexes = new LineageIndexes(repository, parts, context);
    }

    /// <summary>Blames the rows that are asked for, in the order of the tables.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="version">The slice.</param>
    /// <param name="query">Which of its rows.</param>
    /// <param name="context">Progress, cancellation.</param>
    /// <exception cref="HarvestException">SliceNotFound, TableUnknown, RowUnknown; an export of the slice is not on this machine.</exception>
    public static IEnumerable<BlamedRow> Of(Repository repository, string version, RowQuery query, WorkContext context)
    {
        using var parts = new PartSource(repository, context);
        var blame = new BlameSlice(repository, query, context, parts);
        bool any = false;
        SliceManifest slice = repository.Slices.Load(version);
        CompareProgramSlices.RequireTables(query.Table is { } table ? [table] : [], $"slice {version}", slice);
        foreach (BlamedRow row in blame.Of(slice))
        {
            any = true;
            yield return row;
        }

        if (!any)
        {
            throw ReachErrors.RowUnknown(version, query.ToString());
        }
    }

    private IEnumerable<BlamedRow> Of(SliceManifest slice)
    {
        foreach (Row row in Read(slice).SelectMany(static rows => rows))
        {
            yield return Follow(slice, row);
        }
    }

    private BlamedRow Follow(SliceManifest slice, Row row)
    {
        var changes = new List<BlameEvent>();
        (SliceManifest at, Row now) = (slice, row);
        string? notKnown = null;
        while (true)
        {
            (SliceManifest? parent, Row? before, notKnown) = Before(at, now);
            if (parent is null || before is null)
            {
                break;
            }

            string[] columns = [.. now.Found.Values.Keys.Union(before.Found.Values.Keys).Where(name => !Same(now.Found.Values.GetValueOrDefault(name), before.Found.Values.GetValueOrDefault(name)))];
            if (columns.Length > 0)
            {
                changes.Insert(0, Event(at, now, columns, before.Found.Values));
            }

            (at, now) = (parent, before);
        }

        return new BlamedRow(
            slice.Version,
            row.Found.Table,
            row.Export.Project,
            row.Found.TaskSubdir,
            row.Found.Episode,
            row.Found.Frame,
            row.Found.Task,
            row.Found.Region,
            row.Found.Label,
            Event(at, now, [], null),
            changes,
            notKnown);
    }

    /// <summary>The row in one of the slice's parents, where one has it.</summary>
    private (SliceManifest? Parent, Row? Row, string? NotKnown) Before(SliceManifest slice, Row row)
    {
        (SliceManifest, Row)? changed = null;
        string? notKnown = null;
        foreach (string version in slice.Parents)
        {
            if (TryLoad(version) is not { } parent)
            {
                notKnown ??= $"slice {version} is not in the repository";
                continue;
            }

            (ILookup<string, Row>? rows, string? missing) = TryRead(parent);
            if (rows is null)
            {
                notKnown ??= $"the rows of slice {version} are not known here: {missing}";
                continue;
            }

            if (Match(row, rows[row.Subject].ToList(), slice) is not { } before)
            {
                continue;
            }

            if (row.Found.Values.Count == before.Found.Values.Count && row.Found.Values.All(pair => Same(pair.Value, before.Found.Values.GetValueOrDefault(pair.Key))))
            {
                return (parent, before, null);
            }

            changed ??= (parent, before);
        }

        return changed is { } found ? (found.Item1, found.Item2, null) : (null, null, notKnown);
    }

    /// <summary>By region, else by annotation where it has one such row, else as the only one about the same.</summary>
    private Row? Match(Row row, List<Row> before, SliceManifest slice)
    {
        if (before.Find(other => other.Found.Region == row.Found.Region && row.Found.Region is not null) is { } same)
        {
            return same;
        }

        List<Row> own = before.FindAll(other => other.Found.Annotation == row.Found.Annotation && row.Found.Annotation is not null);
        return own.Count == 1 ? own[0]
            : before.Count == 1 && Read(slice)[row.Subject].Count() == 1 ? before[0]
            : null;
    }

    private BlameEvent Event(SliceManifest slice, Row row, string[] columns, RowValues? before) => new(
        slice.Version,
        slice.CreatedAt?.Instant,
        slice.HarvestVersion,
        row.Export.Project,
        row.Export.Sha256,
        row.Export.Path ?? row.Export.Name,
        row.Found.Annotation,
        row.Found.People.Split(',', StringSplitOptions.RemoveEmptyEntries),
        row.Found.Annotation is { } annotation ? TimeOf(row.Export, annotation) : null,
        row.Found.Origin,
        columns,
        before,
        row.Found.Values);

    private DateTimeOffset? TimeOf(SliceExport export, long annotation)
    {
        if (!_times.TryGetValue((export.Sha256, annotation), out DateTimeOffset? time))
        {
            // One pass for all rows that are asked for.
            HashSet<long> wanted = [.. _rows.Values.Where(static slice => slice.Rows is not null).SelectMany(static slice => slice.Rows!.SelectMany(static rows => rows))
                .Where(row => row.Export.Sha256 == export.Sha256).Select(static row => row.Found.Annotation).OfType<long>()];
            IReadOnlyDictionary<long, DateTime> times = AnnotationDates.Of(_repository, export, wanted, _context);
            foreach (long one in wanted)
            {
                _times[(export.Sha256, one)] = times.TryGetValue(one, out DateTime found) ? new DateTimeOffset(found, TimeSpan.Zero) : null;
            }

            time = _times[(export.Sha256, annotation)];
        }

        return time;
    }

    private SliceManifest? TryLoad(string version)
    {
        if (!_slices.TryGetValue(version, out SliceManifest? slice))
        {
            _slices.Add(version, slice = _repository.Slices.Versions().Contains(version) ? _repository.Slices.Load(version) : null);
        }

        return slice;
    }

    private (ILookup<string, Row>? Rows, string? NotKnown) TryRead(SliceManifest slice)
    {
        if (!_rows.TryGetValue(slice.Version, out (ILookup<string, Row>? Rows, string? NotKnown) known))
        {
            try
            {
                known = (Read(slice), null);
            }
            catch (HarvestException fault) when (CompareProgramSlices.IsNotKnown(fault))
            {
                known = (null, fault.Message);
            }

            _rows[slice.Version] = known;
        }

        return known;
    }

    private ILookup<string, Row> Read(SliceManifest slice)
    {
        if (_rows.TryGetValue(slice.Version, out (ILookup<string, Row>? Rows, string? NotKnown) known) && known.Rows is { } read)
        {
            return read;
        }

        HarvestDefinition definition = SliceInputs.Definition(_repository, slice);
        ILookup<string, Row> rows = definition.Program is not null
            ? ProgramRowFinder.Of(_repository, slice, definition, _query, _indexes, _context).Select(found => new Row(found.Export, found.Row, found.Row.Subject)).ToLookup(static row => row.Subject, StringComparer.Ordinal)
            : slice.Exports
            .Where(export => _query.Project is null || _repository.Archive.CurrentName(export.Project) == _repository.Archive.CurrentName(_query.Project))
            .SelectMany(export => _finder.Of(_parts.Get(slice.Version, export, definition).Part).Select(found => new Row(export, found, $"{_repository.Archive.CurrentName(export.Project)}\n{found.Subject}")))
            .ToLookup(static row => row.Subject, StringComparer.Ordinal);
        _rows[slice.Version] = (rows, null);
        return rows;
    }

    private static bool Same(object? left, object? right) =>
        left is double[] a && right is double[] b ? a.AsSpan().SequenceEqual(b) : Equals(left, right);

    /// <summary>A row with the export that it comes from, and what it is about, under the present name of its project.</summary>
    private sealed record Row(SliceExport Export, FoundRow Found, string Subject);
}
