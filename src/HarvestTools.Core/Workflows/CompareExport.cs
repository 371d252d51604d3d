using HarvestTools.LabelStudio.Labels;
using HarvestTools.Work;

namespace HarvestTools.Workflows;

/// <summary>How one export differs from another, in tasks.</summary>
/// <param name="Reference">Path of the one.</param>
/// <param name="Difference">Path of the other.</param>
/// <param name="ReferenceSha256">SHA-256 of its bytes.</param>
/// <param name="DifferenceSha256">SHA-256 of its bytes.</param>
/// <param name="Added">Tasks that only the difference has.</param>
/// <param name="Removed">Tasks that only the reference has.</param>
/// <param name="Relabelled">Tasks whose labels differ.</param>
/// <param name="VolatileOnly">Tasks in which only what Label Studio changes by itself differs.</param>
/// <param name="Identical">Tasks that are the same but for spelling.</param>
/// <param name="VolatileFields">In how many of the volatile tasks which field differs, most frequent first.</param>
public sealed record ExportComparison(
    string Reference,
    string Difference,
    string ReferenceSha256,
    string DifferenceSha256,
    long Added,
    long Removed,
    long Relabelled,
    long VolatileOnly,
    long Identical,
    IReadOnlyDictionary<string, long> VolatileFields)
{
    /// <summary>True where both hold the same labels, whatever their bytes.</summary>
    public bool SameLabels => Relabelled == 0 && SameTasks;

    /// <summary>False where an annotated task came or went.</summary>
    internal bool SameTasks { get; init; }
}

/// <summary>
/// Compares two exports task by task, in whatever order either has them. The first pass keeps about a hundred bytes a
/// task; the second reads again only tasks whose bytes differ, a few at a time. Memory does not grow with the labels.
/// </summary>
public static class CompareExport
{
    private const int PairsAtOnce = 256;

    /// <summary>Counts, and names every task that differs on the way.</summary>
    /// <param name="reference">The one export.</param>
    /// <param name="difference">The other.</param>
    /// <param name="each">Receives every task that differs, by ascending id, on the calling thread; null where counts will do.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">An export cannot be read or is none.</exception>
    public static ExportComparison Run(ComparedExport reference, ComparedExport difference, Action<TaskChange>? each, WorkContext context)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(difference);
        var counts = new Counts();
        foreach (ComparedTask task in Compare(reference, difference, counts, context))
        {
            counts.Add(task);
            if (task.Change.Change != TaskChangeKind.Identical)
            {
                each?.Invoke(task.Change);
            }
        }

        return counts.ToComparison(reference.Path, difference.Path);
    }

    /// <summary>The tasks that differ, by ascending id, compared as the caller asks for them.</summary>
    /// <param name="reference">The one export.</param>
    /// <param name="difference">The other.</param>
    /// <param name="context">Threads, progress, cancellation.</param>
    /// <exception cref="HarvestException">An export cannot be read or is none.</exception>
    public static IEnumerable<TaskChange> Tasks(ComparedExport reference, ComparedExport difference, WorkContext context) =>
        Compare(reference, difference, new Counts(), context)
            .Select(static task => task.Change)
            .Where(static task => task.Change != TaskChangeKind.Identical);

    private static IEnumerable<ComparedTask> Compare(ComparedExport reference, ComparedExport difference, Counts counts, WorkContext context)
    {
        using FileStream before = reference.Open(out string referenceName, context);
        using FileStream after = difference.Open(out string differenceName, context);
        TaskIndex left = Index(before, referenceName, context);
        TaskIndex right = Index(after, differenceName, context);
        counts.ReferenceSha256 = left.Pass.Sha256;
        counts.DifferenceSha256 = right.Pass.Sha256;
        var details = new TaskDetails(before.SafeFileHandle, referenceName, after.SafeFileHandle, differenceName);
        IProgress<long>? progress = context.Bytes("Comparing", Path.GetFileName(difference.Path), before.Length);
        long done = 0;
        using var workers = new WorkerPool(context.Threads);
        foreach ((IndexedTask? Before, IndexedTask? After)[] pairs in Pairs(left.Tasks, right.Tasks).Chunk(PairsAtOnce))
        {
            TaskChange[] changes = Describe(pairs, details, workers, context.Cancellation);
            for (int i = 0; i < pairs.Length; i++)
            {
                yield return new ComparedTask(changes[i], (pairs[i].Before ?? pairs[i].After)!.Value.Labels is not null);
                done += pairs[i].Before?.Length ?? 0;
            }

            progress?.Report(done);
        }
    }

    private static TaskChange[] Describe((IndexedTask? Before, IndexedTask? After)[] pairs, TaskDetails details, WorkerPool workers, CancellationToken cancellation)
    {
        var changes = new TaskChange[pairs.Length];
        workers.Run(pairs.Length, i => changes[i] = Describe(pairs[i].Before, pairs[i].After, details), cancellation);
        return changes;
    }

    private static TaskIndex Index(FileStream file, string path, WorkContext context) => TaskIndex.Read(
        file, path, context.Threads, context.Bytes("Reading", Path.GetFileName(path), file.Length), context.Cancellation);

    private static TaskChange Describe(IndexedTask? before, IndexedTask? after, TaskDetails details)
    {
        if (before is not { } left || after is not { } right)
        {
            return new TaskChange(before is null ? TaskChangeKind.Added : TaskChangeKind.Removed, (before ?? after)!.Value.Id, [], []);
        }

        if (left.Bytes == right.Bytes)
        {
            return new TaskChange(TaskChangeKind.Identical, left.Id, [], []);
        }

        if (!left.HasLabelsOf(right))
        {
            return new TaskChange(TaskChangeKind.Relabelled, left.Id, details.Edits(left, right), []);
        }

        IReadOnlyList<string> fields = details.Fields(left, right);
        return new TaskChange(fields.Count == 0 ? TaskChangeKind.Identical : TaskChangeKind.VolatileOnly, left.Id, [], fields);
    }

    /// <summary>Pairs tasks by id. A file can hold a task twice: the same bytes pair first, then the same labels.</summary>
    private static IEnumerable<(IndexedTask? Before, IndexedTask? After)> Pairs(IReadOnlyList<IndexedTask> before, IReadOnlyList<IndexedTask> after)
    {
        int b = 0;
        int a = 0;
        var left = new List<IndexedTask>();
        var right = new List<IndexedTask>();
        while (b < before.Count || a < after.Count)
        {
            long? id = b >= before.Count ? after[a].Id
                : a >= after.Count || Nullable.Compare(before[b].Id, after[a].Id) <= 0 ? before[b].Id
                : after[a].Id;
            left.Clear();
            right.Clear();
            for (; b < before.Count && before[b].Id == id; b++)
            {
                left.Add(before[b]);
            }

            for (; a < after.Count && after[a].Id == id; a++)
            {
                right.Add(after[a]);
            }

            if (left.Count != 1 || right.Count != 1)
            {
                foreach ((IndexedTask, IndexedTask) same in Matches(left, right, static task => (UInt128?)task.Bytes)
                    .Concat(Matches(left, right, static task => task.Labels)))
                {
                    yield return same;
                }
            }

            // Without an id there is no telling which task became which.
            int changed = id is null ? 0 : Math.Min(left.Count, right.Count);
            for (int i = 0; i < left.Count; i++)
            {
                yield return (left[i], i < changed ? right[i] : null);
            }

            for (int i = changed; i < right.Count; i++)
            {
                yield return (null, right[i]);
            }
        }
    }

    /// <summary>Takes tasks of equal key out of the two lists, in pairs; tasks without the key stay.</summary>
    private static List<(IndexedTask Before, IndexedTask After)> Matches<TKey>(
        List<IndexedTask> left, List<IndexedTask> right, Func<IndexedTask, TKey?> keyOf)
        where TKey : struct
    {
        var free = new Dictionary<TKey, Queue<IndexedTask>>();
        foreach (IndexedTask task in right)
        {
            if (keyOf(task) is { } key)
            {
                if (!free.TryGetValue(key, out Queue<IndexedTask>? same))
                {
                    free.Add(key, same = new Queue<IndexedTask>());
                }

                same.Enqueue(task);
            }
        }

        var matches = new List<(IndexedTask Before, IndexedTask After)>();
        foreach (IndexedTask task in left)
        {
            if (keyOf(task) is { } key && free.TryGetValue(key, out Queue<IndexedTask>? same) && same.TryDequeue(out IndexedTask other))
            {
                matches.Add((task, other));
            }
        }

        HashSet<long> leftTaken = [.. matches.Select(static match => match.Before.Offset)];
        HashSet<long> rightTaken = [.. matches.Select(static match => match.After.Offset)];
        left.RemoveAll(task => leftTaken.Contains(task.Offset));
        right.RemoveAll(task => rightTaken.Contains(task.Offset));
        return matches;
    }

    private readonly record struct ComparedTask(TaskChange Change, bool Annotated);

    private sealed class Counts
    {
        private readonly Dictionary<string, long> _kinds = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _fields = new(StringComparer.Ordinal);
        private bool _sameTasks = true;

        public string ReferenceSha256 { get; set; } = "";

        public string DifferenceSha256 { get; set; } = "";

        public void Add(ComparedTask task)
        {
            _kinds[task.Change.Change] = _kinds.GetValueOrDefault(task.Change.Change) + 1;
            _sameTasks &= !task.Annotated || task.Change.Change is not (TaskChangeKind.Added or TaskChangeKind.Removed);
            foreach (string field in task.Change.Fields)
            {
                _fields[field] = _fields.GetValueOrDefault(field) + 1;
            }
        }

        public ExportComparison ToComparison(string reference, string difference) => new(
            reference,
            difference,
            ReferenceSha256,
            DifferenceSha256,
            _kinds.GetValueOrDefault(TaskChangeKind.Added),
            _kinds.GetValueOrDefault(TaskChangeKind.Removed),
            _kinds.GetValueOrDefault(TaskChangeKind.Relabelled),
            _kinds.GetValueOrDefault(TaskChangeKind.VolatileOnly),
            _kinds.GetValueOrDefault(TaskChangeKind.Identical),
            new OrderedDictionary<string, long>(_fields
                .OrderByDescending(static field => field.Value)
                .ThenBy(static field => field.Key, StringComparer.Ordinal)))
        {
            SameTasks = _sameTasks,
        };
    }
}
