using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.Drift;
using HarvestTools.History;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>What to look for, and along which line of slices.</summary>
/// <param name="Metric">The metric's name, as it was registered.</param>
public sealed record RegressionQuery(string Metric)
{
    /// <summary>Reads only the model or run of this name; null reads all of a slice.</summary>
    public string? Model { get; init; }

    /// <summary>The slice to begin with; null takes the first of the line.</summary>
    public string? Good { get; init; }

    /// <summary>The slice to end with; null takes the newest that has the metric.</summary>
    public string? Bad { get; init; }

    /// <summary>By how much the metric may be worse than the best before; 0 counts any fall.</summary>
    public double Tolerance { get; init; }

    /// <summary>True for metrics such as an error.</summary>
    public bool LowerIsBetter { get; init; }
}

/// <summary>
/// Walks a line of slices from its first to its last, finds the first one whose metric is worse than the best before it
/// by more than the tolerance, and tells what entered since the last slice that has the metric. Several runs on a slice
/// count by their median: the best would hide a fall behind one lucky run, the last one is as good as any.
/// </summary>
public sealed class FindMetricRegression
{
    private readonly Repository _repository;
    private readonly RegressionQuery _query;
    private readonly WorkContext _context;
    private readonly Dictionary<string, ExportFingerprint?> _fingerprints = new(StringComparer.Ordinal);

    private FindMetricRegression(Repository repository, RegressionQuery query, WorkContext context)
    {
        _repository = repository;
        _query = query;
        _context = context;
    }

    /// <exception cref="HarvestException">No two slices of the line have the metric, or a slice or its definition is not available.</exception>
    public static MetricRegression Run(Repository repository, RegressionQuery query, WorkContext context)
    {
        if (!double.IsFinite(query.Tolerance) || query.Tolerance < 0)
        {
            throw BisectErrors.ToleranceInvalid(query.Tolerance);
        }

        return new FindMetricRegression(repository, query, context).Run();
    }

    private MetricRegression Run()
    {
        List<SliceManifest> line = Line();
        List<RegressionStep> steps = [.. line.Select(Measure)];
        int[] measured = [.. Enumerable.Range(0, steps.Count).Where(i => steps[i].Value is not null)];
        if (measured.Length < 2)
        {
            throw BisectErrors.MetricTooRare(_query.Metric, measured.Length, line[0].Version, line[^1].Version);
        }

        var found = new MetricRegression
        {
            Metric = _query.Metric,
            Model = _query.Model,
            LowerIsBetter = _query.LowerIsBetter,
            Tolerance = _query.Tolerance,
            Steps = steps,
        };
        int best = measured[0];
        for (int i = 1; i < measured.Length; i++)
        {
            int at = measured[i];
            if (Worse(steps[at], steps[best]) > _query.Tolerance)
            {
                int previous = measured[i - 1];
                return found with
                {
                    Version = steps[at].Version,
                    Value = steps[at].Value,
                    Best = steps[best].Version,
                    BestValue = steps[best].Value,
                    Previous = steps[previous].Version,
                    PreviousValue = steps[previous].Value,
                    RecoveredIn = measured.Skip(i + 1).Where(later => Worse(steps[later], steps[best]) <= _query.Tolerance)
                        .Select(later => steps[later].Version).FirstOrDefault(),
                    Suspects = [.. Enumerable.Range(previous + 1, at - previous).Select(suspect => Suspect(line[suspect - 1], line[suspect], steps[suspect].Value))],
                };
            }

            best = Worse(steps[at], steps[best]) <= 0 ? at : best;
        }

        return found;
    }

    // Subtracted in decimal where it can be: 0.91 - 0.90 is 0.01 for whoever writes a tolerance of 0.01.
    private double Worse(RegressionStep step, RegressionStep than)
    {
        (double high, double low) = _query.LowerIsBetter ? (step.Value!.Value, than.Value!.Value) : (than.Value!.Value, step.Value!.Value);
        const double Exact = 1e12;
        double difference = Math.Abs(high) < Exact && Math.Abs(low) < Exact ? (double)((decimal)high - (decimal)low) : 0;
        return difference == 0 ? high - low : difference;
    }

    /// <summary>From the first slice to the last, each the parent of the next.</summary>
    private List<SliceManifest> Line()
    {
        List<SliceEntry> entries = [.. _repository.Slices.LoadAll(_context.Cancellation)];
        Dictionary<string, SliceManifest> slices = entries
            .Where(static entry => entry.Manifest is not null)
            .ToDictionary(static entry => entry.Version, static entry => entry.Manifest!, StringComparer.Ordinal);

        // Asked for by name, a slice that does not exist or cannot be read is the answer.
        SliceManifest? good = _query.Good is null ? null : _repository.Slices.Load(_query.Good);
        Dictionary<string, HarvestException> broken = entries
            .Where(static entry => entry.Error is not null)
            .ToDictionary(static entry => entry.Version, static entry => entry.Error!, StringComparer.Ordinal);
        if (_query.Bad is not null)
        {
            List<SliceManifest> line = LineTo(_repository.Slices.Load(_query.Bad), slices, broken);
            return From(good, line) ?? throw BisectErrors.NotAnAncestor(_query.Good!, _query.Bad);
        }

        // The line that is asked for may end in one that cannot be read.
        if (broken.Count > 0)
        {
            throw broken.First().Value;
        }

        return SliceHistory.Of(slices.Values)
            .Where(entry => ValuesOf(slices[entry.Version]).Length > 0)
            .Select(entry => From(good, LineTo(slices[entry.Version], slices, broken)))
            .FirstOrDefault(static line => line is not null)
            ?? throw Unknown(slices.Values);
    }

    /// <exception cref="HarvestException">A slice of the line cannot be read: what is before it is unknown.</exception>
    private List<SliceManifest> LineTo(SliceManifest bad, Dictionary<string, SliceManifest> slices, Dictionary<string, HarvestException> broken)
    {
        var line = new List<SliceManifest>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (SliceManifest? at = bad; at is not null && seen.Add(at.Version); at = at.Parent is { } parent ? slices.GetValueOrDefault(parent) : null)
        {
            line.Add(at);
            if (at.Version == _query.Good)
            {
                break;
            }

            if (at.Parent is { } before && broken.TryGetValue(before, out HarvestException? error))
            {
                throw error;
            }
        }

        line.Reverse();
        return line;
    }

    /// <summary>The line from <paramref name="good"/> on; null where it is not on the line.</summary>
    private static List<SliceManifest>? From(SliceManifest? good, List<SliceManifest> line)
    {
        int from = good is null ? 0 : line.FindIndex(slice => slice.Version == good.Version);
        return from < 0 ? null : line[from..];
    }

    private HarvestException Unknown(IReadOnlyCollection<SliceManifest> slices)
    {
        string[] models = [.. slices.SelectMany(RegisteredModels.Of).Select(static model => model.Name).Distinct(StringComparer.Ordinal)];
        if (_query.Model is { } asked && !models.Contains(asked, StringComparer.Ordinal))
        {
            return BisectErrors.ModelNotRegistered(asked, models);
        }

        string[] known =
        [
            .. slices.SelectMany(RegisteredModels.Of)
                .Where(model => _query.Model is null || model.Name == _query.Model)
                .SelectMany(static model => model.Metrics.Keys)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return BisectErrors.MetricUnknown(_query.Metric, _query.Model, _query.Good, known);
    }

    private double[] ValuesOf(SliceManifest slice) =>
    [
        .. RegisteredModels.Of(slice)
            .Where(model => _query.Model is null || model.Name == _query.Model)
            .Where(model => model.Metrics.ContainsKey(_query.Metric))
            .Select(model => model.Metrics[_query.Metric])
            .Order(),
    ];

    private RegressionStep Measure(SliceManifest slice)
    {
        double[] values = ValuesOf(slice);
        if (values.Length == 0)
        {
            return new RegressionStep(slice.Version, null, 0, null, null);
        }

        int middle = values.Length / 2;
        double median = values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        return new RegressionStep(slice.Version, median, values.Length, values[0], values[^1]);
    }

    /// <summary>A project that was renamed in between is the same one.</summary>
    private RegressionSuspect Suspect(SliceManifest parent, SliceManifest slice, double? value) =>
        Suspected(SliceInputs.UnderPresentNames(_repository, parent), SliceInputs.UnderPresentNames(_repository, slice), value) with
        {
            Rows = CompareSlice.CountRows(_repository, parent, slice, _context).Rows,
        };

    private RegressionSuspect Suspected(SliceManifest parent, SliceManifest slice, double? value) => new(
        slice.Version,
        parent.Version,
        value,
        slice.Reason,
        [.. ExportChange.Between(parent, slice).Select(change => Describe(change, parent, slice))],
        slice.HarvestVersion,
        parent.HarvestVersion,
        RuleChange.Between(SliceInputs.Definition(_repository, parent), SliceInputs.Definition(_repository, slice)),
        SliceHistory.RowsOf(slice) - SliceHistory.RowsOf(parent),
        parent.EvalSet?.Sha256 != slice.EvalSet?.Sha256 || parent.EvalSet?.Path != slice.EvalSet?.Path);

    private SuspectExport Describe(ExportChange change, SliceManifest parent, SliceManifest slice)
    {
        SliceExport? before = parent.Exports.FirstOrDefault(export => export.Sha256 == change.Reference);
        SliceExport? after = slice.Exports.FirstOrDefault(export => export.Sha256 == change.Difference);
        SliceExport shown = (after ?? before)!;
        return new SuspectExport(change.Project, change.Change, change.Reference, change.Difference, shown.Path ?? shown.Name, Tasks(before, after));
    }

    private LabelChanges? Tasks(SliceExport? before, SliceExport? after)
    {
        IReadOnlyList<TaskDigest>? old = before is null ? [] : Fingerprint(before)?.Digests;
        IReadOnlyList<TaskDigest>? made = after is null ? [] : Fingerprint(after)?.Digests;
        return old is null || made is null ? null : LabelChanges.Between(old, made);
    }

    /// <summary>Null where the export is neither archived nor at its recorded path: the rest can be told all the same.</summary>
    private ExportFingerprint? Fingerprint(SliceExport export)
    {
        if (!_fingerprints.TryGetValue(export.Sha256, out ExportFingerprint? fingerprint))
        {
            using ObjectContent? content = SliceInputs.TryOpen(_repository, export);
            string stem = export.FileStem;
            fingerprint = content is null ? null : ExportFingerprint.Compute(
                content.Stream, export.Path ?? export.Name ?? stem, null, withLabels: true, _context.Threads, _context.Bytes("Reading", stem, content.Bytes), _context.Cancellation);
            if (fingerprint is not null)
            {
                CacheErrors.RequireHash(stem, export.Sha256, fingerprint.Sha256);
            }

            _fingerprints.Add(export.Sha256, fingerprint);
        }

        return fingerprint;
    }
}
