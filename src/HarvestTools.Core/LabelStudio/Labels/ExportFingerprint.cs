using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>What identifies an export, and what it holds. All but the first two are null where only the bytes were hashed.</summary>
internal sealed record ExportFingerprint
{
    /// <summary>SHA-256 of the file's exact bytes, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the labels alone, lower-case hex: equal for exports that hold the same labels.</summary>
    public string? LabelSha256 { get; init; }

    /// <summary>All tasks, also those without annotations.</summary>
    public long? Tasks { get; init; }

    /// <summary>Submitted annotations, cancelled ones included.</summary>
    public long? Annotations { get; init; }

    public long? Cancelled { get; init; }

    public long? Drafts { get; init; }

    /// <summary>Labelled tasks that are in the file again with the same labels; each counts once.</summary>
    public long? RepeatedTasks { get; init; }

    /// <summary>Tasks without an annotation of which their counter says that they have some.</summary>
    public long? LabelsMissing { get; init; }

    /// <summary>What the file is where it is no export, though its bytes were hashed; null where it may be one.</summary>
    public HarvestException? Foreign { get; init; }

    /// <summary>The latest time at which one of the tasks or annotations was updated; null where none has such a time.</summary>
    public DateTimeOffset? LabelsThrough { get; init; }

    /// <summary>Regions by type, in ordinal order.</summary>
    public IReadOnlyDictionary<string, long>? RegionTypes { get; init; }

    /// <summary>Label Studio's ids of the projects that the tasks come from, ascending; normally one.</summary>
    public IReadOnlyList<long>? ProjectIds { get; init; }

    /// <summary>The annotated tasks one by one, sorted, for telling how two exports differ.</summary>
    internal IReadOnlyList<TaskDigest>? Digests { get; init; }

    /// <summary>True where the file has no label at all though its counters say that there are some.</summary>
    public bool LacksAllLabels => Annotations == 0 && LabelsMissing > 0;

    /// <summary>How the labels of another export differ from those of this one.</summary>
    /// <exception cref="ArgumentException">One of the two was taken without labels.</exception>
    public LabelChanges ChangesTo(ExportFingerprint after)
    {
        ArgumentNullException.ThrowIfNull(after);
        return Digests is not null && after.Digests is not null
            ? LabelChanges.Between(Digests, after.Digests)
            : throw new ArgumentException("both fingerprints must be taken with labels", nameof(after));
    }

    /// <summary>Reads a file once.</summary>
    /// <param name="path">The export.</param>
    /// <param name="withLabels">False hashes the bytes only, whatever they are.</param>
    /// <param name="threads">Null takes one a processor; the result does not depend on it.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="HarvestException">The file cannot be read, or is no export.</exception>
    public static ExportFingerprint Compute(
        string path, bool withLabels, int? threads = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using var content = ExportContent.Of(ExportFile.OpenRead(path), path);
        return Compute(content.Stream, content.Name, null, withLabels, threads, content.Track(progress), cancellation);
    }

    /// <summary>Reads a stream once to its end and writes the same bytes to a copy on the way.</summary>
    /// <param name="input">The export; not disposed.</param>
    /// <param name="fileName">Its name or path, for messages.</param>
    /// <param name="copyTo">Null makes no copy; neither flushed nor disposed. Where an error is thrown, it holds a part of the file.</param>
    /// <param name="withLabels">False hashes the bytes only, whatever they are.</param>
    /// <param name="threads">Null takes one a processor; the result does not depend on it.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="HarvestException">The stream cannot be read or the copy not written, or it is no export.</exception>
    public static ExportFingerprint Compute(
        Stream input,
        string fileName,
        Stream? copyTo,
        bool withLabels,
        int? threads = null,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(fileName);
        if (!withLabels)
        {
            ExportPass bytes = ExportPipeline.Run(input, fileName, copyTo, 1, null, progress, cancellation);
            return new ExportFingerprint { Sha256 = bytes.Sha256, Bytes = bytes.Bytes, Foreign = bytes.Foreign };
        }

        return Compute(input, fileName, copyTo, require: null, threads, progress, cancellation);
    }

    /// <summary>With labels, and with every task held to what more is asked of it.</summary>
    /// <param name="input">The export; not disposed.</param>
    /// <param name="fileName">Its name or path, for messages.</param>
    /// <param name="copyTo">As above.</param>
    /// <param name="require">Refuses tasks, see <see cref="LabelHashWorker"/>.</param>
    /// <param name="threads">Null takes one a processor; the result does not depend on it.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="HarvestException">As above, or a task is refused.</exception>
    public static ExportFingerprint Compute(
        Stream input,
        string fileName,
        Stream? copyTo,
        Action<LabelTask, TaskPlace>? require,
        int? threads,
        IProgress<long>? progress,
        CancellationToken cancellation)
    {
        var workers = new List<LabelHashWorker>();
        ExportPass pass = ExportPipeline.Run(
            input,
            fileName,
            copyTo,
            threads ?? Environment.ProcessorCount,
            _ =>
            {
                workers.Add(new LabelHashWorker(require));
                return workers[^1];
            },
            progress,
            cancellation);

        return From(pass, fileName, workers.Select(static worker => worker.Facts), keepDigests: true);
    }

    /// <summary>What the workers of one pass found together.</summary>
    /// <exception cref="HarvestException">The file is no export.</exception>
    internal static ExportFingerprint From(ExportPass pass, string fileName, IEnumerable<LabelFacts> workers, bool keepDigests)
    {
        var facts = new LabelFacts();
        foreach (LabelFacts found in workers)
        {
            facts.Merge(found);
        }

        if (facts.Tasks > 0 && facts.Recognised == 0)
        {
            throw pass.Foreign ?? ExportErrors.ExportHoldsNoTasks(fileName, facts.Tasks);
        }

        long repeated = 0;
        IEnumerable<TaskDigest> once = Labels.RepeatedTasks.LeaveOut(facts.TakeSortedDigests(), fileName, () => repeated++);
        TaskDigest[]? digests = keepDigests ? [.. once] : null;
        string labels = LabelHash.Of(digests ?? once);
        return new ExportFingerprint
        {
            Sha256 = pass.Sha256,
            Bytes = pass.Bytes,
            LabelSha256 = labels,
            RepeatedTasks = repeated,
            Tasks = facts.Tasks,
            Annotations = facts.Annotations,
            Cancelled = facts.Cancelled,
            Drafts = facts.Drafts,
            LabelsMissing = facts.LabelsMissing,
            LabelsThrough = facts.LabelsThrough is { } through ? new DateTimeOffset(through) : null,
            RegionTypes = facts.RegionTypes,
            ProjectIds = [.. facts.ProjectIds],
            Digests = digests,
        };
    }
}
