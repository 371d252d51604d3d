using System.Buffers.Binary;
using System.Security.Cryptography;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>Where a task lies in its export, and what identifies its labels and its bytes; about 100 bytes a task.</summary>
/// <param name="Id">Null where the task has none.</param>
/// <param name="Labels">Null where it has no annotation.</param>
/// <param name="Bytes">The first half of the SHA-256 of the task as it stands in the file.</param>
/// <param name="Offset">In bytes from the file's beginning.</param>
/// <param name="Length">In bytes.</param>
internal readonly record struct IndexedTask(long? Id, TaskDigest? Labels, UInt128 Bytes, long Offset, int Length) : IComparable<IndexedTask>
{
    public static UInt128 HashOf(ReadOnlySpan<byte> task)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(task, digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    public bool HasLabelsOf(IndexedTask other) =>
        Labels is { } own ? other.Labels is { } others && own.CompareTo(others) == 0 : other.Labels is null;

    /// <summary>By id (none first), then by bytes, so that the order depends on no file's order.</summary>
    public int CompareTo(IndexedTask other)
    {
        int order = Nullable.Compare(Id, other.Id);
        return order != 0 ? order : Bytes.CompareTo(other.Bytes);
    }

    public static bool operator <(IndexedTask left, IndexedTask right) => left.CompareTo(right) < 0;

    public static bool operator >(IndexedTask left, IndexedTask right) => left.CompareTo(right) > 0;

    public static bool operator <=(IndexedTask left, IndexedTask right) => left.CompareTo(right) <= 0;

    public static bool operator >=(IndexedTask left, IndexedTask right) => left.CompareTo(right) >= 0;
}

/// <summary>All tasks of an export, found in one pass over it.</summary>
/// <param name="Pass">The export's hash and size.</param>
/// <param name="Tasks">Sorted.</param>
internal sealed record TaskIndex(ExportPass Pass, IReadOnlyList<IndexedTask> Tasks)
{
    /// <param name="export">From its beginning.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="threads">The result does not depend on it.</param>
    /// <param name="progress">Bytes read so far.</param>
    /// <param name="cancellation">Stops the pass.</param>
    /// <exception cref="HarvestException">It is no export that can be read.</exception>
    public static TaskIndex Read(
        Stream export, string fileName, int threads, IProgress<long>? progress, CancellationToken cancellation)
    {
        (ExportPass pass, List<Worker> workers) = ExportPipeline.Run(export, fileName, threads, static () => new Worker(), progress, cancellation);
        if (pass.Tasks > 0 && workers.All(static worker => worker.Labels.Facts.Recognised == 0))
        {
            throw pass.Foreign ?? ExportErrors.ExportHoldsNoTasks(fileName, pass.Tasks);
        }

        var tasks = new List<IndexedTask>(workers.Sum(static worker => worker.Tasks.Count));
        workers.ForEach(worker => tasks.AddRange(worker.Tasks));
        tasks.Sort();
        LeaveOutRepeated(tasks, fileName);
        return new TaskIndex(pass, tasks);
    }

    private static void LeaveOutRepeated(List<IndexedTask> tasks, string fileName)
    {
        int kept = 0;
        foreach (IndexedTask task in tasks.ToArray())
        {
            // Those without an id cannot be told apart. They are next to each other, and of a list of tasks to import all are.
            if (task.Id is null)
            {
                tasks[kept++] = task;
                continue;
            }

            // Of tasks with one id those that are labelled are next to each other or have others without labels between.
            int same = kept - 1;
            while (same >= 0 && tasks[same].Id == task.Id && tasks[same].Labels is null)
            {
                same--;
            }

            if (task.Labels is { } labels && same >= 0 && tasks[same].Id == task.Id && tasks[same].Labels is { } known)
            {
                if (!known.HasLabelsOf(labels))
                {
                    throw RepeatedTasks.Differs(fileName, known, labels);
                }

                continue;
            }

            tasks[kept++] = task;
        }

        tasks.RemoveRange(kept, tasks.Count - kept);
    }

    private sealed class Worker : ITaskWorker
    {
        public LabelHashWorker Labels { get; } = new();

        public List<IndexedTask> Tasks { get; } = [];

        public void Process(in RawTask task)
        {
            Labels.Process(task);
            Tasks.Add(new IndexedTask(Labels.LastId, Labels.LastDigest, IndexedTask.HashOf(task.Span), task.ByteOffset, task.Length));
        }
    }
}
