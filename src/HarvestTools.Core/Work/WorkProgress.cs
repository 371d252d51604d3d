namespace HarvestTools.Work;

/// <summary>How far a piece of work is; reported from worker threads.</summary>
/// <param name="Activity">What is being done, for example <c>Deriving</c>.</param>
/// <param name="Item">What it is done to.</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all; 0 where unknown.</param>
public readonly record struct WorkProgress(string Activity, string Item, long Done, long Total);

/// <summary>What every workflow takes besides its own arguments.</summary>
public sealed record WorkContext
{
    /// <summary>All threads, no progress, the system's clock.</summary>
    public static WorkContext Default { get; } = new();

    /// <summary>Receives how far the work is, from several threads; null for nobody.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }

    /// <summary>Stops the work.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether no remote may be asked, for workflows that take no repository.</summary>
    public bool Offline { get; init; }

    /// <summary>Worker threads; results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Called where a phase ends that held much memory which the next one does not need, from whatever thread is there. A
    /// program that owns its process may have the heap compacted then; the engine itself leaves that to the collector.
    /// </summary>
    public Action? PhaseEnded { get; init; }

    /// <summary>Where times that are recorded come from: the system's, or SOURCE_DATE_EPOCH where that is set.</summary>
    public TimeProvider Clock { get; init; } = RecordingClock.Instance;

    /// <summary>How the front end writes the commands of remedies.</summary>
    public ICommandSpelling Commands { get; init; } = NeutralSpelling.Instance;

    internal IProgress<long>? Bytes(string activity, string item, long total) =>
        Progress is null ? null : new ByteProgress(Progress, activity, item, total);

    private sealed class ByteProgress(IProgress<WorkProgress> target, string activity, string item, long total) : IProgress<long>
    {
        public void Report(long value) => target.Report(new WorkProgress(activity, item, value, total));
    }
}
