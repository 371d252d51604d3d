using System.Text;
using HarvestTools.Derivation.Rows;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Work;

namespace HarvestTools.Cache;

/// <summary>
/// What the tables of a part do not say of people: who made each annotation, whether a row came of it or not, and who drew or changed
/// labels that others took over. A derivation has it at hand, and without it an export is read again. It is a file beside the
/// tables, of which no slice is made: one that is missing, damaged or of other rows counts as absent.
/// </summary>
internal sealed class PartPeople
{
    private const int SomeAtOnce = 64 * 1024;

    private readonly IReadOnlyList<PeopleOfTasks> _workers;
    private AnnotationIndex? _annotations;
    private IReadOnlyList<OverruledRows>? _overruled;

    /// <param name="annotations">Of all annotations of the export.</param>
    /// <param name="overruled">Each annotation and episode once.</param>
    public PartPeople(AnnotationIndex annotations, IReadOnlyList<OverruledRows> overruled)
    {
        _workers = [];
        _annotations = annotations;
        _overruled = overruled;
    }

    /// <param name="workers">What all workers found. Nothing is made of it but what is asked for.</param>
    public PartPeople(IReadOnlyList<PeopleOfTasks> workers) => _workers = workers;

    /// <summary>
    /// Up to how many labels that others took over, and of annotations four times as many, are put in order once to be written, which takes
    /// some megabytes; more of them each time that they are gone through. Without effect on the file.
    /// </summary>
    internal int AtOnce { get; init; } = SomeAtOnce;

    /// <summary>
    /// Puts in order what there is to write, where it is little: beside the tables, a thread has time for it that would else be waited for
    /// after them. Without effect on the file.
    /// </summary>
    public void Prepare()
    {
        if (PeopleOfTasks.AnnotationsOf(_workers) <= AtOnce && OverruledCount <= AtOnce / 4)
        {
            _annotations = AnnotationIndex.Of(PackedAnnotations);
            _overruled = [.. OverruledInOrder];
        }
    }

    /// <summary>Of all annotations of the export.</summary>
    public AnnotationIndex Annotations => _annotations ??= AnnotationIndex.Of(PackedAnnotations);

    /// <summary>Each annotation and episode once.</summary>
    public IReadOnlyList<OverruledRows> Overruled => _overruled ??= [.. OverruledInOrder];

    private static ReadOnlySpan<byte> Mark => "hvppart1"u8;

    private PackedNumbers[] PackedAnnotations => [.. _workers.Select(static worker => worker.Annotations)];

    private int OverruledCount => _workers.Sum(static worker => worker.Overruled.Count);

    private IEnumerable<OverruledRows> OverruledInOrder => OverruledList.InOrder([.. _workers.Select(static worker => worker.Overruled)]);

    /// <summary>Reads the file; null where it is absent, damaged or of another part.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="key">The part's key, which says of which labels it is.</param>
    /// <param name="identity">Of which rows it has to be (<see cref="Part.Identity"/>); null where the annotations alone count.</param>
    public static PartPeople? TryLoad(string path, string key, byte[]? identity) => IndexFile.TryRead(path, Mark, columns =>
        columns.Next<byte>().AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(key))
            && columns.Next<byte>() is var rows && (identity is null || rows.AsSpan().SequenceEqual(identity))
            && AnnotationIndex.TryReadColumns(columns) is { } annotations
            && TryReadOverruled(columns) is { } overruled ? new PartPeople(annotations, overruled) : null);

    /// <summary>Writes the file.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="key">The part's key.</param>
    /// <param name="identity">See <see cref="Part.Identity"/>.</param>
    public void Save(string path, string key, byte[] identity) => IndexFile.Write(path, Mark, columns => AddTo(columns, key, identity));

    /// <summary>The same into an open file.</summary>
    public void Write(Stream file, string key, byte[] identity) => IndexFile.Write(file, Mark, columns => AddTo(columns, key, identity));

    private void AddTo(IndexFile.Columns columns, string key, byte[] identity)
    {
        columns.Add<byte>(Encoding.ASCII.GetBytes(key));
        columns.Add<byte>(identity);
        if (_annotations is { } annotations)
        {
            annotations.Write(columns);
        }
        else
        {
            AnnotationIndex.Write(PackedAnnotations, columns, 4 * AtOnce);
        }

        bool few = OverruledCount <= AtOnce;
        IEnumerable<OverruledRows> overruled = _overruled ?? (few ? OverruledInOrder.ToList() : OverruledInOrder);
        int count = overruled.Count();
        columns.Add(4 * count, overruled.SelectMany(static one =>
            (long[])[one.TaskId, one.AnnotationId ?? AnnotationIndex.None, one.AnnotatorId ?? AnnotationIndex.None, one.Rows]));
        int[] places = new int[2 * count];
        var texts = new TextList.Builder();
        int at = 0;
        foreach (OverruledRows one in overruled)
        {
            places[at++] = texts.Add(Encoding.UTF8.GetBytes(one.TaskSubdir));
            places[at++] = texts.Add(Encoding.UTF8.GetBytes(one.Episode));
        }

        columns.Add<int>(places);
        columns.Add(texts.ToList());
    }

    private static OverruledRows[]? TryReadOverruled(IndexFile.ColumnReader columns)
    {
        long[] ids = columns.Next<long>();
        int[] places = columns.Next<int>();
        TextList texts = columns.NextTexts();
        if (ids.Length % 4 != 0 || places.Length != ids.Length / 2 || !Array.TrueForAll(places, place => place >= 0 && place < texts.Count))
        {
            return null;
        }

        string[] names = [.. Enumerable.Range(0, texts.Count).Select(texts.Text)];
        var overruled = new OverruledRows[ids.Length / 4];
        for (int i = 0; i < overruled.Length; i++)
        {
            overruled[i] = new OverruledRows(
                ids[4 * i], IdOf(ids[(4 * i) + 1]), IdOf(ids[(4 * i) + 2]), names[places[2 * i]], names[places[(2 * i) + 1]], ids[(4 * i) + 3]);
        }

        return overruled;
    }

    private static long? IdOf(long id) => id == AnnotationIndex.None ? null : id;
}

/// <summary>Collects it task by task. One a worker.</summary>
internal sealed class PeopleOfTasks
{
    /// <summary>All that it met.</summary>
    public PackedNumbers Annotations { get; } = AnnotationIndex.NewList();

    /// <summary>Receives the labels that others took over.</summary>
    public OverruledList Overruled { get; } = new();

    /// <summary>Adds the annotations of a task.</summary>
    public void Add(ExportTask task) => AnnotationIndex.AddTo(Annotations, task);

    /// <summary>How many annotations all workers met.</summary>
    public static int AnnotationsOf(IReadOnlyList<PeopleOfTasks> workers)
    {
        int annotations = 0;
        foreach (PeopleOfTasks worker in workers)
        {
            annotations += worker.Annotations.Count;
        }

        return annotations;
    }
}
