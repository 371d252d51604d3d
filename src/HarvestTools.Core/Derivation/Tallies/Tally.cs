using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Derivation.Tallies;

/// <summary>
/// What a derivation met and what became of it. One a worker; <see cref="Merge"/> adds another's counts, and the
/// result is the same in whatever order tallies are merged.
/// </summary>
public sealed class Tally
{
    private readonly Utf8Table<RegionCounts> _labels = new();
    private readonly Utf8Table<RegionCounts> _annotators = new();
    private readonly Utf8Table<RegionCounts> _subdirs = new();
    private readonly Utf8Table<ModelTally> _models = new();
    private readonly EpisodeTable _people = new();

    // By place in the catalog.
    private readonly long[] _rows = new long[TableCatalog.All.Count];

    /// <summary>Tasks of the export.</summary>
    public long Tasks { get; internal set; }

    /// <summary>Entries of <c>annotations[]</c>.</summary>
    public long Annotations { get; internal set; }

    /// <summary>Items of <c>result[]</c> of all annotations.</summary>
    public long Regions { get; internal set; }

    /// <summary>When people worked.</summary>
    internal WorkWeeks Weeks { get; } = new();

    /// <summary>Entries of <c>drafts[]</c>; they are no labels and give nothing.</summary>
    public long Drafts { get; internal set; }

    /// <summary>Tasks without an annotation.</summary>
    public long Unlabeled { get; internal set; }

    /// <summary>Rows by table, every table in the order in which manifests list them.</summary>
    public IReadOnlyDictionary<string, long> RowsByTable
    {
        get
        {
            var rows = new OrderedDictionary<string, long>(StringComparer.Ordinal);
            for (int i = 0; i < _rows.Length; i++)
            {
                rows.Add(TableCatalog.All[i].Name, _rows[i]);
            }

            return rows;
        }
    }

    /// <summary>Items that became an attribute of a row, or gave their labels to a shape of the same id.</summary>
    public long Attributes { get; internal set; }

    /// <summary>Regions with a coordinate outside 0 to 100 percent or a negative size, kept as they are.</summary>
    public long OutOfRange { get; internal set; }

    /// <summary>Image regions without a usable original size, whose pixel columns are null.</summary>
    public long UnknownSizes { get; internal set; }

    /// <summary>Media, one a task and object tag, of which nothing says which key of the task's data they are.</summary>
    public long UnknownMedia { get; internal set; }

    /// <summary>Media of which annotators have different sizes, which no two of their regions can be compared by.</summary>
    public long SizeConflicts { get; internal set; }

    /// <summary>Labelled tasks that the file has again with the same labels; each counts once.</summary>
    public long RepeatedTasks { get; internal set; }

    /// <summary>Annotations that a task has again with the same content; each counts once.</summary>
    public long RepeatedAnnotations { get; internal set; }

    /// <summary>Tasks that share task_subdir, episode, frame and object tag with another of their export, by guesses from paths.</summary>
    public long SharedFrames { get; internal set; }

    /// <summary>Two of them; null where no task shares a frame.</summary>
    public SharedFrame? SharedFrame { get; internal set; }

    /// <summary>Labels of regions that the export's labeling configuration does not have.</summary>
    public long UnknownLabels { get; internal set; }

    /// <summary>One of them as <c>control: label</c>, the first in ordinal order; null where there is none.</summary>
    public string? UnknownLabel { get; internal set; }

    /// <summary>What a reader of the rows wants to know, the most important first.</summary>
    public IEnumerable<TallyNote> Notes => TallyNote.Of(this);

    /// <summary>Rows of all tables but <c>rejected</c>.</summary>
    public long Rows => _rows.Where(static (_, i) => TableCatalog.All[i].HoldsLabels).Sum();

    /// <summary>All regions together.</summary>
    public RegionCounts Total { get; } = new();

    /// <summary>Where the task folder came from.</summary>
    public FieldCounts TaskSubdir { get; } = new();

    /// <summary>Where the episode came from.</summary>
    public FieldCounts Episode { get; } = new();

    /// <summary>Where the frame came from.</summary>
    public FieldCounts Frame { get; } = new();

    /// <summary>Counts of regions by label, in ordinal order.</summary>
    public IReadOnlyDictionary<string, RegionCounts> ByLabel => Sorted(_labels);

    /// <summary>By annotator id in digits; the empty text stands for an unknown annotator.</summary>
    public IReadOnlyDictionary<string, RegionCounts> ByAnnotator => Sorted(_annotators);

    /// <summary>Counts of regions by task folder, in ordinal order.</summary>
    public IReadOnlyDictionary<string, RegionCounts> ByTaskSubdir => Sorted(_subdirs);

    /// <summary>By pre-annotating model version; the empty text stands for "none or unknown".</summary>
    public IReadOnlyDictionary<string, ModelTally> ByModel => Sorted(_models);

    /// <summary>What people labelled, episode by episode, in ordinal order.</summary>
    internal IEnumerable<(string TaskSubdir, string Episode, EpisodeLabels Labels)> People => _people.Sorted;

    /// <summary>The same without texts.</summary>
    internal EpisodeTable PackedPeople => _people;

    /// <summary>The frame keys that were guessed, until <see cref="FindSharedFrames"/>.</summary>
    internal FrameKeys Guessed { get; } = new();

    /// <summary>The object tags with a place of their own in the mapping, and whether any task of the export has that place.</summary>
    internal Dictionary<string, bool> MappedTags { get; } = new(StringComparer.Ordinal);

    /// <summary>The labelled task with the lowest ordinal and the keys of its data, for messages.</summary>
    internal (long Ordinal, string Keys)? FirstData { get; private set; }

    /// <summary>All counts; equal tallies give equal JSON.</summary>
    public JsonObject ToJson()
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            TallyJson.Write(json, this);
        }

        return JsonNode.Parse(bytes.WrittenSpan)!.AsObject();
    }

    /// <summary>Adds the counts of <paramref name="other"/>, which stays as it is.</summary>
    public void Merge(Tally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Tasks += other.Tasks;
        Annotations += other.Annotations;
        Regions += other.Regions;
        Drafts += other.Drafts;
        Unlabeled += other.Unlabeled;
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows[i] += other._rows[i];
        }

        Weeks.Merge(other.Weeks);
        Attributes += other.Attributes;
        OutOfRange += other.OutOfRange;
        UnknownSizes += other.UnknownSizes;
        UnknownMedia += other.UnknownMedia;
        SizeConflicts += other.SizeConflicts;
        RepeatedTasks += other.RepeatedTasks;
        RepeatedAnnotations += other.RepeatedAnnotations;
        SharedFrames += other.SharedFrames;
        SharedFrame ??= other.SharedFrame;
        AddUnknownLabels(other.UnknownLabels, other.UnknownLabel);
        foreach ((string tag, bool found) in other.MappedTags)
        {
            NoteMappedTag(tag, found);
        }

        Guessed.Merge(other.Guessed);
        Total.Merge(other.Total);
        TaskSubdir.Merge(other.TaskSubdir);
        Episode.Merge(other.Episode);
        Frame.Merge(other.Frame);
        other._labels.ForEach((key, counts) => _labels[key].Merge(counts));
        other._annotators.ForEach((key, counts) => _annotators[key].Merge(counts));
        other._subdirs.ForEach((key, counts) => _subdirs[key].Merge(counts));
        other._models.ForEach((key, counts) => _models[key].Merge(counts));
        _people.Merge(other._people);
        if (other.FirstData is { } first && NeedsFirstData(first.Ordinal))
        {
            FirstData = first;
        }
    }

    /// <summary>
    /// Fails where a mapping other than the default named a place that no labelled task of the export has: then it is
    /// misspelt, and the fallback would silently put every row into a wrong episode. Ask after the whole export.
    /// </summary>
    internal void RequireMappingsFound(FieldMapping fields, string file)
    {
        if (FirstData is not { } first)
        {
            return;
        }

        RequireFound(file, "task_subdir", fields.TaskSubdir, FieldMapping.Default.TaskSubdir, TaskSubdir, first);
        RequireFound(file, "episode", fields.Episode, FieldMapping.Default.Episode, Episode, first);
        foreach ((string tag, FieldSource source) in fields.Objects.Select(static pair => (pair.Key, new FieldSource(pair.Value))))
        {
            if (MappedTags.TryGetValue(tag, out bool found) && !found)
            {
                throw RowErrors.MappingFoundNothing(file, $"objects.{tag}", source, first.Ordinal, first.Keys);
            }
        }

        RequireFound(file, "frame", fields.Frame, FieldMapping.Default.Frame, Frame, first);
    }

    internal void NoteMappedTag(string tag, bool found) => MappedTags[tag] = found || MappedTags.GetValueOrDefault(tag);

    internal void AddUnknownLabel(ReadOnlySpan<byte> control, ReadOnlySpan<byte> label) =>
        AddUnknownLabels(1, $"{Encoding.UTF8.GetString(control)}: {Encoding.UTF8.GetString(label)}");

    internal void AddUnknownLabels(long count, string? example)
    {
        UnknownLabels += count;
        UnknownLabel = UnknownLabel is null || (example is not null && string.CompareOrdinal(example, UnknownLabel) < 0) ? example : UnknownLabel;
    }

    /// <summary>Counts the tasks that share a frame; call once an export, when all workers' tallies are merged.</summary>
    internal void FindSharedFrames() => (SharedFrames, SharedFrame) = Guessed.Find();

    internal bool NeedsFirstData(in TaskPlace task) => NeedsFirstData(task.Ordinal);

    internal void SetFirstData(in TaskPlace task, string keys) => SetFirstData(task.Ordinal, keys);

    internal void SetFirstData(long ordinal, string keys) => FirstData = (ordinal, keys);

    /// <summary>Counts the rows of one task.</summary>
    internal void CountRows(TaskRows rows)
    {
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows[i] += rows.Tables[i].Count;
        }
    }

    /// <summary>Sets the rows of every table, in the order of the catalog, as a record holds them.</summary>
    internal void SetRows(ReadOnlySpan<long> rows) => rows.CopyTo(_rows);

    internal RegionCounts Label(ReadOnlySpan<byte> label) => _labels[label];

    internal RegionCounts Annotator(long? id)
    {
        Span<byte> digits = stackalloc byte[20];
        int length = 0;
        if (id is { } known)
        {
            Utf8Formatter.TryFormat(known, digits, out length);
        }

        return _annotators[digits[..length]];
    }

    internal RegionCounts Subdir(ReadOnlySpan<byte> taskSubdir) => _subdirs[taskSubdir];

    internal ModelTally Model(ReadOnlySpan<byte> modelVersion) => _models[modelVersion];

    /// <summary>What people labelled in an episode, made on first sight.</summary>
    internal EpisodeLabels EpisodeOf(ReadOnlySpan<byte> taskSubdir, ReadOnlySpan<byte> episode) => _people.Of(taskSubdir, episode);

    private bool NeedsFirstData(long ordinal) => FirstData is not { } first || ordinal < first.Ordinal;

    private static void RequireFound(
        string file, string field, FieldSource source, FieldSource standard, FieldCounts counts, (long Ordinal, string Keys) first)
    {
        if (source != standard && counts.Mapped == 0)
        {
            throw RowErrors.MappingFoundNothing(file, field, source, first.Ordinal, first.Keys);
        }
    }

    private static OrderedDictionary<string, T> Sorted<T>(Utf8Table<T> table)
        where T : class, new()
    {
        var sorted = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (KeyValuePair<string, T> entry in table.Sorted())
        {
            sorted.Add(entry.Key, entry.Value);
        }

        return sorted;
    }
}
