using System.Globalization;
using System.Text;
using HarvestTools.Cache;
using HarvestTools.Derivation.Rows;
using HarvestTools.Parquet.Reading;
using HarvestTools.Tables;

namespace HarvestTools.Lineage;

/// <summary>Makes the index of a part from its tables, of which only the columns that it needs are read.</summary>
internal sealed class RowIndexBuilder
{
    private const int RowsBetweenCancellationChecks = 8192;

    private readonly Dictionary<Entry, Counts> _entries = [];
    private readonly TextList.Builder _media = new();
    private readonly TextList.Builder _people = new();
    private readonly TextList.Builder _folders = new();
    private readonly TextList.Builder _names = new();
    private readonly Dictionary<(int Folder, int Name), int> _episodes = [];
    private readonly List<(int Folder, int Name)> _episodeOrder = [];
    private Entry _last;
    private Counts? _counts;

    /// <summary>Tasks with rows of an untouched prediction that several people share: one of them may have changed it.</summary>
    public HashSet<long> SharedTasks { get; } = [];

    /// <summary>Counts rows as corrected that do not say it themselves.</summary>
    /// <param name="rows">How many of them each annotation has.</param>
    public void AddOverruled(IEnumerable<OverruledRows> rows)
    {
        // They are of a task whose rows are counted already; of a task with several media it is not known of which.
        Dictionary<long, int> media = _entries.Keys.GroupBy(static entry => entry.Task)
            .ToDictionary(static task => task.Key, static task => task.Select(static entry => entry.Medium).Distinct().ToArray() is [var only] ? only : -1);
        foreach (OverruledRows one in rows)
        {
            Counted(new Entry(
                one.TaskId,
                one.AnnotationId ?? RowIndex.None,
                EpisodeOf(Encoding.UTF8.GetBytes(one.TaskSubdir), Encoding.UTF8.GetBytes(one.Episode)),
                media.GetValueOrDefault(one.TaskId, -1),
                _people.Add(Encoding.UTF8.GetBytes(one.AnnotatorId?.ToString(CultureInfo.InvariantCulture) ?? "")))).Corrected += (int)one.Rows;
        }
    }

    /// <summary>Counts the rows of one table.</summary>
    /// <param name="table">What it is.</param>
    /// <param name="reader">Its file, which was verified.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="HarvestException"><c>ParquetDamaged</c>.</exception>
    public void Add(TableDescriptor table, ParquetTableReader reader, CancellationToken cancellation)
    {
        int Column(string name) => table.Schema.Columns.ToList().FindIndex(column => column.Name == name);
        int task = Column("task_id");
        int annotation = Column("annotation_id");
        int folder = Column("task_subdir");
        int episode = Column("episode");
        int medium = Column(CommonColumns.Media);
        int origin = Column(CommonColumns.Origin);
        int people = Column("annotator_ids");
        int agreeing = Column("annotators");
        int[] columns = [.. new[] { task, annotation, folder, episode, medium, origin, people, agreeing }.Where(static column => column >= 0).Order()];
        using var group = new ParquetRowGroup();
        for (int i = 0; i < reader.RowGroups; i++)
        {
            reader.ReadRowGroup(i, group, columns);
            for (int row = 0; row < group.Rows; row++)
            {
                if (row % RowsBetweenCancellationChecks == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }

                long taskId = group.Columns[task].GetInt64(row);
                long annotationId = group.Columns[annotation].IsNull(row) ? RowIndex.None : group.Columns[annotation].GetInt64(row);
                if (!table.HoldsLabels)
                {
                    Counted(new Entry(taskId, annotationId, -1, -1, -1)).Rejected++;
                    continue;
                }

                Counts counts = Counted(new Entry(
                    taskId,
                    annotationId,
                    EpisodeOf(group.Columns[folder].GetText(row), group.Columns[episode].GetText(row)),
                    group.Columns[medium].IsNull(row) ? -1 : _media.Add(group.Columns[medium].GetText(row)),
                    _people.Add(group.Columns[people].GetText(row))));
                counts.Rows++;
                if (!group.Columns[origin].GetText(row).SequenceEqual("prediction"u8))
                {
                    counts.Corrected++;
                }
                else if (group.Columns[agreeing].GetInt32(row) > 1)
                {
                    SharedTasks.Add(taskId);
                }
            }
        }
    }

    /// <summary>Counts a row that a team's own program wrote; what it does not say is empty, or <see cref="RowIndex.None"/>.</summary>
    public void Add(long task, long annotation, string folder, string episode, string? medium, string people, bool corrected)
    {
        Counts counts = Counted(new Entry(
            task,
            annotation,
            EpisodeOf(Encoding.UTF8.GetBytes(folder), Encoding.UTF8.GetBytes(episode)),
            medium is null ? -1 : _media.Add(Encoding.UTF8.GetBytes(medium)),
            _people.Add(Encoding.UTF8.GetBytes(people))));
        counts.Rows++;
        counts.Corrected += corrected ? 1 : 0;
    }

    /// <param name="identity">See <see cref="RowIndex.Identity"/>.</param>
    public RowIndex Build(byte[] identity)
    {
        (Entry Key, Counts Counts)[] all = [.. _entries.Select(static entry => (entry.Key, entry.Value))];
        Array.Sort(all, static (a, b) => a.Key.CompareTo(b.Key));
        TextList folders = _folders.ToList();
        TextList names = _names.ToList();
        var folderOf = new TextList.Column();
        var nameOf = new TextList.Column();
        foreach ((int folder, int name) in _episodeOrder)
        {
            folderOf.Add(folders[folder]);
            nameOf.Add(names[name]);
        }

        return new RowIndex
        {
            Identity = identity,
            Tasks = [.. all.Select(static entry => entry.Key.Task)],
            Annotations = [.. all.Select(static entry => entry.Key.Annotation)],
            EpisodeOf = [.. all.Select(static entry => entry.Key.Episode)],
            MediumOf = [.. all.Select(static entry => entry.Key.Medium)],
            PeopleOf = [.. all.Select(static entry => entry.Key.People)],
            Rows = [.. all.Select(static entry => entry.Counts.Rows)],
            Corrected = [.. all.Select(static entry => entry.Counts.Corrected)],
            Rejected = [.. all.Select(static entry => entry.Counts.Rejected)],
            Folders = folderOf.ToList(),
            Episodes = nameOf.ToList(),
            Media = _media.ToList(),
            People = _people.ToList(),
        };
    }

    private Counts Counted(Entry entry)
    {
        // A row mostly belongs to the annotation of the row before.
        if (_counts is not null && entry == _last)
        {
            return _counts;
        }

        _last = entry;
        return _counts = _entries.TryGetValue(entry, out Counts? counts) ? counts : _entries[entry] = new Counts();
    }

    private int EpisodeOf(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name)
    {
        (int, int) key = (_folders.Add(folder), _names.Add(name));
        if (!_episodes.TryGetValue(key, out int number))
        {
            _episodes.Add(key, number = _episodeOrder.Count);
            _episodeOrder.Add(key);
        }

        return number;
    }

    private readonly record struct Entry(long Task, long Annotation, int Episode, int Medium, int People) : IComparable<Entry>
    {
        public int CompareTo(Entry other) =>
            (Task, Annotation, Episode, Medium, People).CompareTo((other.Task, other.Annotation, other.Episode, other.Medium, other.People));
    }

    private sealed class Counts
    {
        public int Rows { get; set; }

        public int Corrected { get; set; }

        public int Rejected { get; set; }
    }
}
