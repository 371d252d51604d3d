using System.Globalization;
using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Drift;

/// <summary>
/// Counts differing rows by table, label, episode and annotation. What it holds grows with the labels, episodes and
/// annotations that differ, not with rows. Not thread-safe.
/// </summary>
internal sealed class RowTally
{
    private readonly Dictionary<(string Table, string? Label), Count> _labels = [];
    private readonly Dictionary<(string? TaskSubdir, string Episode), Count> _episodes = [];
    private readonly Dictionary<(string Project, long Annotation), Count> _annotations = [];
    private readonly Count _noAnnotation = new();
    private readonly Count _total = new();

    public long Added => _total.Added;

    public long Removed => _total.Removed;

    public long Changed => _total.Changed;

    /// <summary>Ids of the annotations of one project whose rows differ.</summary>
    public IEnumerable<long> AnnotationsOf(string project) =>
        from annotation in _annotations.Keys
        where annotation.Project == project
        select annotation.Annotation;

    /// <summary>Projects whose rows differ.</summary>
    public IEnumerable<string> Projects => _annotations.Keys.Select(static annotation => annotation.Project).Distinct();

    /// <summary>Counts all differences that a diff has left, and gives the first of them.</summary>
    public RowChange? AddAll(RowDiff diff)
    {
        var reader = new Reader(this, diff.Layout);
        RowChange? first = null;
        while (diff.Next())
        {
            first ??= RowChange.From(diff);
            reader.Add(diff);
        }

        reader.Finish();
        return first;
    }

    /// <summary>Counts one difference; what its row does not say has no count of its own.</summary>
    public void Add(RowChange row)
    {
        _total.Add(row.Change);
        CountOf(_labels, (row.Table, row.Label)).Add(row.Change);
        if (row.Episode is { } episode)
        {
            CountOf(_episodes, (row.TaskSubdir, episode)).Add(row.Change);
        }

        (row.AnnotationId is { } annotation ? CountOf(_annotations, (row.Project, annotation)) : _noAnnotation).Add(row.Change);
    }

    public void Merge(RowTally other)
    {
        MergeInto(_labels, other._labels);
        MergeInto(_episodes, other._episodes);
        MergeInto(_annotations, other._annotations);
        _noAnnotation.Add(other._noAnnotation);
        _total.Add(other._total);
    }

    /// <param name="annotatorOf">The annotator of a project's annotation, null where it is not known; null leaves that count out.</param>
    public RowChangeSummary ToSummary(Func<string, long, long?>? annotatorOf = null)
    {
        var tables = new Dictionary<string, Count>(StringComparer.Ordinal);
        MergeBy(_labels, tables, static key => key.Table);
        var subdirs = new Dictionary<string, Count>(StringComparer.Ordinal);
        MergeBy(_episodes.Where(static entry => entry.Key.TaskSubdir is not null).ToDictionary(), subdirs, static key => key.TaskSubdir!);
        return new RowChangeSummary
        {
            Added = Added,
            Removed = Removed,
            Changed = Changed,
            ByTable = List(tables, static key => new RowChangeCount { Table = key }, static key => (key, "")),
            ByLabel = List(
                _labels.Where(static entry => entry.Key.Label is not null).ToDictionary(), static key => new RowChangeCount { Table = key.Table, Label = key.Label }, static key => (key.Table, key.Label!)),
            ByTaskSubdir = List(subdirs, static key => new RowChangeCount { TaskSubdir = key }, static key => (key, "")),
            ByEpisode = List(
                _episodes, static key => new RowChangeCount { TaskSubdir = key.TaskSubdir, Episode = key.Episode }, static key => (key.TaskSubdir ?? "", key.Episode)),
            ByAnnotator = annotatorOf is null ? [] : ByAnnotator(annotatorOf),
        };
    }

    private List<RowChangeCount> ByAnnotator(Func<string, long, long?> annotatorOf)
    {
        var annotators = new Dictionary<long, Count>();
        var unknown = new Count();
        unknown.Add(_noAnnotation);
        foreach (((string project, long annotation), Count count) in _annotations)
        {
            (annotatorOf(project, annotation) is { } annotator ? CountOf(annotators, annotator) : unknown).Add(count);
        }

        IEnumerable<RowChangeCount> counts = annotators
            .OrderBy(static entry => entry.Key)
            .Select(static entry => entry.Value.On(new RowChangeCount { Annotator = entry.Key.ToString(CultureInfo.InvariantCulture) }));
        return unknown.IsZero ? [.. counts] : [unknown.On(new RowChangeCount { Annotator = "" }), .. counts];
    }

    private static List<RowChangeCount> List<TKey>(
        Dictionary<TKey, Count> counts, Func<TKey, RowChangeCount> name, Func<TKey, (string, string)> order)
        where TKey : notnull =>
        [
            .. counts
                .OrderBy(entry => order(entry.Key).Item1, StringComparer.Ordinal)
                .ThenBy(entry => order(entry.Key).Item2, StringComparer.Ordinal)
                .Select(entry => entry.Value.On(name(entry.Key))),
        ];

    private static void MergeInto<TKey>(Dictionary<TKey, Count> into, Dictionary<TKey, Count> from)
        where TKey : notnull => MergeBy(from, into, static key => key);

    private static void MergeBy<TFrom, TKey>(Dictionary<TFrom, Count> from, Dictionary<TKey, Count> into, Func<TFrom, TKey> key)
        where TFrom : notnull
        where TKey : notnull
    {
        foreach ((TFrom name, Count count) in from)
        {
            CountOf(into, key(name)).Add(count);
        }
    }

    private static Count CountOf<TKey>(Dictionary<TKey, Count> counts, TKey key)
        where TKey : notnull
    {
        if (!counts.TryGetValue(key, out Count? count))
        {
            counts.Add(key, count = new Count());
        }

        return count;
    }

    private sealed class Count
    {
        public long Added { get; private set; }

        public long Removed { get; private set; }

        public long Changed { get; private set; }

        public bool IsZero => Added + Removed + Changed == 0;

        public void Add(string kind)
        {
            Added += kind == RowChangeKind.Added ? 1 : 0;
            Removed += kind == RowChangeKind.Removed ? 1 : 0;
            Changed += kind == RowChangeKind.Changed ? 1 : 0;
        }

        public void Add(Count other)
        {
            Added += other.Added;
            Removed += other.Removed;
            Changed += other.Changed;
        }

        public RowChangeCount On(RowChangeCount name) => name with { Added = Added, Removed = Removed, Changed = Changed };
    }

    /// <summary>Counts the rows of one diff without a string a row: neighbouring rows mostly are of one episode and annotation.</summary>
    private sealed class Reader(RowTally tally, RowLayout layout)
    {
        private readonly Utf8Table<Count> _labels = new();
        private Count? _episode;
        private byte[] _subdirText = [];
        private byte[] _episodeText = [];
        private Count? _annotation;
        private byte[] _projectText = [];
        private long? _annotationId;

        public void Add(RowDiff diff)
        {
            RowRef row = diff.Either;
            tally._total.Add(diff.Kind);
            _labels[RowLayout.TextOf(row, layout.Label < 0 ? layout.Reason : layout.Label)].Add(diff.Kind);
            if (layout.Episode >= 0)
            {
                EpisodeOf(row).Add(diff.Kind);
            }

            AnnotationOf(row).Add(diff.Kind);
        }

        public void Finish() => _labels.ForEach((label, count) =>
            CountOf(tally._labels, (layout.Schema.Table, (string?)Encoding.UTF8.GetString(label))).Add(count));

        private Count EpisodeOf(RowRef row)
        {
            ReadOnlySpan<byte> subdir = RowLayout.TextOf(row, layout.TaskSubdir);
            ReadOnlySpan<byte> episode = RowLayout.TextOf(row, layout.Episode);
            if (_episode is null || !subdir.SequenceEqual(_subdirText) || !episode.SequenceEqual(_episodeText))
            {
                _subdirText = subdir.ToArray();
                _episodeText = episode.ToArray();
                _episode = CountOf(tally._episodes, ((string?)Encoding.UTF8.GetString(subdir), Encoding.UTF8.GetString(episode)));
            }

            return _episode;
        }

        private Count AnnotationOf(RowRef row)
        {
            long? id = RowLayout.ValueOfInt64(row, layout.AnnotationId);
            ReadOnlySpan<byte> project = RowLayout.TextOf(row, layout.Project);
            if (_annotation is null || id != _annotationId || !project.SequenceEqual(_projectText))
            {
                _projectText = project.ToArray();
                _annotationId = id;
                _annotation = id is { } known
                    ? CountOf(tally._annotations, (Encoding.UTF8.GetString(project), known))
                    : tally._noAnnotation;
            }

            return _annotation;
        }
    }
}
