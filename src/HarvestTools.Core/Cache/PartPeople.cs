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
/// <param name="Annotations">Of all annotations of the export.</param>
/// <param name="Overruled">Each annotation and episode once.</param>
internal sealed record PartPeople(AnnotationIndex Annotations, IReadOnlyList<OverruledRows> Overruled)
{
    private static ReadOnlySpan<byte> Mark => "hvppart1"u8;

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
    public void Save(string path, string key, byte[] identity) => IndexFile.Write(path, Mark, columns =>
    {
        columns.Add<byte>(Encoding.ASCII.GetBytes(key));
        columns.Add<byte>(identity);
        Annotations.Write(columns);
        long[] ids = new long[4 * Overruled.Count];
        int[] places = new int[2 * Overruled.Count];
        var texts = new TextList.Builder();
        for (int i = 0; i < Overruled.Count; i++)
        {
            OverruledRows one = Overruled[i];
            (ids[4 * i], ids[(4 * i) + 1], ids[(4 * i) + 2], ids[(4 * i) + 3]) =
                (one.TaskId, one.AnnotationId ?? AnnotationIndex.None, one.AnnotatorId ?? AnnotationIndex.None, one.Rows);
            (places[2 * i], places[(2 * i) + 1]) = (texts.Add(Encoding.UTF8.GetBytes(one.TaskSubdir)), texts.Add(Encoding.UTF8.GetBytes(one.Episode)));
        }

        columns.Add<long>(ids);
        columns.Add<int>(places);
        columns.Add(texts.ToList());
    });

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
    private readonly PackedNumbers _annotations = AnnotationIndex.NewList();

    /// <summary>Receives the labels that others took over.</summary>
    public OverruledList Overruled { get; } = new();

    /// <summary>Adds the annotations of a task.</summary>
    public void Add(ExportTask task) => AnnotationIndex.AddTo(_annotations, task);

    /// <summary>How many annotations all workers met.</summary>
    public static int AnnotationsOf(IReadOnlyList<PeopleOfTasks> workers)
    {
        int annotations = 0;
        foreach (PeopleOfTasks worker in workers)
        {
            annotations += worker._annotations.Count;
        }

        return annotations;
    }

    /// <summary>What all workers found; they are done with.</summary>
    public static PartPeople Merge(IReadOnlyList<PeopleOfTasks> workers) => new(
        AnnotationIndex.Of([.. workers.Select(static worker => worker._annotations)]),
        OverruledList.Merge([.. workers.Select(static worker => worker.Overruled)]));
}
