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
        var found = new List<MadeAnnotation>(CountOf(workers));
        found.AddRange(InOrder(workers));
        var index = new AnnotationIndex(new long[found.Count], new long[found.Count], new long[found.Count]);
        for (int i = 0; i < found.Count; i++)
        {
            (index.Tasks[i], index.Ids[i], index.Annotators[i]) = (found[i].Task, found[i].Id, found[i].Annotator);
        }

        return index;
    }

    /// <summary>Writes the index of annotations as columns of a file, of many of them without making it: it would take tens of megabytes.</summary>
    /// <param name="workers">Each annotation of <see cref="AddTo"/>.</param>
    /// <param name="columns">The file's.</param>
    /// <param name="atOnce">Up to how many are put in order once, which takes some megabytes; more of them once a column.</param>
    public static void Write(IReadOnlyList<PackedNumbers> workers, IndexFile.Columns columns, int atOnce)
    {
        if (!AreAscending(workers) || CountOf(workers) <= atOnce)
        {
            // Few take little memory, and those that are not in order have to be sorted all together anyway.
            Of(workers).Write(columns);
            return;
        }

        int count = InOrder(workers).Count();
        columns.Add(count, InOrder(workers).Select(static made => made.Task));
        columns.Add(count, InOrder(workers).Select(static made => made.Id));
        columns.Add(count, InOrder(workers).Select(static made => made.Annotator));
    }

    /// <summary>Annotations by task, then id. What is in the file twice, byte for byte, counts once.</summary>
    private static IEnumerable<MadeAnnotation> InOrder(IReadOnlyList<PackedNumbers> workers)
    {
        MadeAnnotation? before = null;
        foreach (MadeAnnotation made in AreAscending(workers) ? TaskByTask(workers) : Sorted(workers))
        {
            if (made.Id == None || made != before)
            {
                yield return made;
            }

            before = made;
        }
    }

    /// <summary>Where tasks come in the order of their ids, as in exports of Label Studio, those of one task alone have to be sorted.</summary>
    private static IEnumerable<MadeAnnotation> TaskByTask(IReadOnlyList<PackedNumbers> workers)
    {
        var groups = new PackedGroups(workers);
        var task = new List<MadeAnnotation>();
        while (groups.Next())
        {
            task.Clear();
            for (int i = 0; i < groups.Count; i++)
            {
                task.Add(Made(groups[i]));
            }

            task.Sort(MadeAnnotation.Compare);
            foreach (MadeAnnotation made in task)
            {
                yield return made;
            }
        }
    }

    private static List<MadeAnnotation> Sorted(IReadOnlyList<PackedNumbers> workers)
    {
        var found = new List<MadeAnnotation>(CountOf(workers));
        foreach (PackedNumbers worker in workers)
        {
            for (PackedNumbers.Reader rows = worker.Read(); rows.Next();)
            {
                found.Add(Made(rows.Row));
            }
        }

        found.Sort(MadeAnnotation.Compare);
        return found;
    }

    private static int CountOf(IReadOnlyList<PackedNumbers> workers) => workers.Sum(static worker => worker.Count);

    private static bool AreAscending(IReadOnlyList<PackedNumbers> workers) => workers.All(static worker => worker.IsAscending);

    private static MadeAnnotation Made(ReadOnlySpan<long> row) => new(row[0], row[1], row[2]);

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
