using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Work;

namespace HarvestTools.Cache;

/// <summary>
/// Who made each annotation of an export, whether a row came of it or not: rows name the annotation with the lowest id alone, and
/// what was dropped names nobody. Sorted by task, then annotation.
/// </summary>
/// <param name="Tasks">The task of each annotation.</param>
/// <param name="Ids">Its id; <see cref="None"/> where it has none.</param>
/// <param name="Annotators">Its annotator's id; <see cref="None"/> where the export names nobody.</param>
internal sealed record AnnotationIndex(long[] Tasks, long[] Ids, long[] Annotators)
{
    /// <summary>Takes the place of an id where there is none.</summary>
    public const long None = long.MinValue;

    private static ReadOnlySpan<byte> Mark => "hvpeopl1"u8;

    public int Count => Tasks.Length;

    /// <summary>Reads an export once.</summary>
    /// <returns>The index, and the pass with the SHA-256 of what was read.</returns>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public static (AnnotationIndex Index, ExportPass Pass) Read(
        Stream export, string fileName, int threads, IProgress<long>? progress, CancellationToken cancellation)
    {
        (ExportPass pass, List<Worker> workers) = ExportPipeline.Run(export, fileName, threads, () => new Worker(), progress, cancellation);
        return (Of([.. workers.Select(static worker => worker.Found)]), pass);
    }

    /// <summary>The index of annotations that were met in any order.</summary>
    /// <param name="workers">Each annotation of <see cref="AddTo"/>.</param>
    public static AnnotationIndex Of(IReadOnlyList<PackedNumbers> workers)
    {
        int most = 0;
        foreach (PackedNumbers worker in workers)
        {
            most += worker.Count;
        }

        var found = new List<MadeAnnotation>(most);
        foreach (PackedNumbers worker in workers)
        {
            for (PackedNumbers.Reader rows = worker.Read(); rows.Next();)
            {
                found.Add(new MadeAnnotation(rows.Row[0], rows.Row[1], rows.Row[2]));
            }
        }

        found.Sort(MadeAnnotation.Compare);

        // What is in the file twice, byte for byte, counts once.
        int count = 0;
        for (int i = 0; i < found.Count; i++)
        {
            if (count == 0 || found[i].Id == None || MadeAnnotation.Compare(found[i], found[count - 1]) != 0)
            {
                found[count++] = found[i];
            }
        }

        var index = new AnnotationIndex(new long[count], new long[count], new long[count]);
        for (int i = 0; i < count; i++)
        {
            (index.Tasks[i], index.Ids[i], index.Annotators[i]) = (found[i].Task, found[i].Id, found[i].Annotator);
        }

        return index;
    }

    /// <summary>What <see cref="AddTo"/> adds to.</summary>
    public static PackedNumbers NewList() => new(columns: 3);

    /// <summary>Adds the annotations of a task that was read.</summary>
    public static void AddTo(PackedNumbers found, ExportTask task)
    {
        foreach (Annotation annotation in task.Labels.Annotations)
        {
            found.Add([task.Labels.Id ?? None, annotation.Id ?? None, annotation.AnnotatorId ?? None]);
        }
    }

    public static AnnotationIndex? TryLoad(string path) => IndexFile.TryRead(path, Mark, TryReadColumns);

    public void Save(string path) => IndexFile.Write(path, Mark, Write);

    /// <summary>The index from columns of a file; null where they do not fit together.</summary>
    /// <exception cref="ArgumentException">The file ends before them.</exception>
    public static AnnotationIndex? TryReadColumns(IndexFile.ColumnReader columns)
    {
        var index = new AnnotationIndex(columns.Next<long>(), columns.Next<long>(), columns.Next<long>());
        return index.Ids.Length == index.Count && index.Annotators.Length == index.Count ? index : null;
    }

    /// <summary>Writes the index as columns of a file.</summary>
    public void Write(IndexFile.Columns columns)
    {
        columns.Add<long>(Tasks);
        columns.Add<long>(Ids);
        columns.Add<long>(Annotators);
    }

    private sealed class Worker : ITaskWorker
    {
        private readonly ExportTask _task = new();

        public PackedNumbers Found { get; } = NewList();

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task, TaskParts.Annotations);
            AddTo(Found, _task);
        }
    }
}
