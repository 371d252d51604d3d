namespace HarvestTools.LabelStudio.Reading;

/// <summary>What one pass over an export found, whatever was done with its tasks.</summary>
/// <param name="Sha256">SHA-256 of the file's exact bytes, lower-case hex.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Tasks">How many tasks it holds; 0 where tasks were not looked for.</param>
/// <param name="Foreign">What the file is, or where tasks were looked for its first element, if not an export; null where it may be one.</param>
internal readonly record struct ExportPass(string Sha256, long Bytes, long Tasks, HarvestException? Foreign = null);

/// <summary>Sizes of the pipeline. Results depend on <see cref="MaxTaskBytes"/> alone; tests shrink the batch to cut everywhere.</summary>
/// <param name="BatchBytes">The buffer that is read and handed to a worker at once.</param>
/// <param name="MaxTaskBytes">The largest task that is read: real ones have a few kilobytes, 180,000 key frames of video fill it.</param>
internal sealed record ExportLimits(int BatchBytes = 512 * 1024, int MaxTaskBytes = 32 * 1024 * 1024)
{
    public static ExportLimits Default { get; } = new();
}

/// <summary>
/// Reads an export once: hashes every byte, copies it where wanted, cuts it into tasks and hands these to workers.
/// Memory is bounded by a batch a thread, however large the file.
/// </summary>
internal static class ExportPipeline
{
    /// <summary>How much is read, hashed and scanned at a time, so that it is still in the processor's cache for the next step.</summary>
    private const int ReadBytes = 128 * 1024;

    /// <summary>Runs the pass, and gives the workers back for what they found.</summary>
    /// <param name="input">As below.</param>
    /// <param name="fileName">As below.</param>
    /// <param name="threads">As below.</param>
    /// <param name="createWorker">Makes a worker, on the calling thread.</param>
    /// <param name="progress">As below.</param>
    /// <param name="cancellation">As below.</param>
    /// <exception cref="HarvestException">As below.</exception>
    public static (ExportPass Pass, List<TWorker> Workers) Run<TWorker>(
        Stream input, string fileName, int threads, Func<TWorker> createWorker, IProgress<long>? progress, CancellationToken cancellation)
        where TWorker : ITaskWorker
    {
        var workers = new List<TWorker>();
        ExportPass pass = Run(
            input,
            fileName,
            copyTo: null,
            threads,
            _ =>
            {
                workers.Add(createWorker());
                return workers[^1];
            },
            progress,
            cancellation);
        return (pass, workers);
    }

    /// <summary>Runs the pass.</summary>
    /// <param name="input">Read from where it stands to its end; not disposed.</param>
    /// <param name="fileName">The export's name or path, for messages.</param>
    /// <param name="copyTo">Receives the same bytes in the same pass; not flushed, not disposed.</param>
    /// <param name="threads">How many workers, the first on the calling thread; a single one gets the tasks in the file's order.</param>
    /// <param name="createWorker">Makes the worker of an index below <paramref name="threads"/>, on the calling thread.
    /// Null looks for no tasks: any bytes are hashed and copied.</param>
    /// <param name="progress">Receives the bytes read so far, on the calling thread.</param>
    /// <param name="cancellation">Stops the pass with an <see cref="OperationCanceledException"/>.</param>
    /// <param name="limits">For tests.</param>
    /// <exception cref="HarvestException">The file is not an export that can be read, or a worker failed: always the fault
    /// that stands first in the file, whatever the timing.</exception>
    public static ExportPass Run(
        Stream input,
        string fileName,
        Stream? copyTo,
        int threads,
        Func<int, ITaskWorker>? createWorker,
        IProgress<long>? progress,
        CancellationToken cancellation,
        ExportLimits? limits = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (limits is null)
        {
            (limits, threads) = For(input, threads);
        }

        using var source = new ExportInput(input, fileName, copyTo, cancellation);
        long tasks = 0;
        HarvestException? foreign;
        if (createWorker is null)
        {
            foreign = ReadAll(source, progress);
        }
        else
        {
            var splitter = new TaskSplitter(source, limits, ReadBytes);
            new TaskThreads(splitter, source, limits, progress, cancellation)
                .Run([.. Enumerable.Range(0, threads).Select(createWorker)]);
            tasks = splitter.Tasks;
            foreign = splitter.Foreign;
        }

        cancellation.ThrowIfCancellationRequested();
        return new ExportPass(source.FinishHash(), source.Bytes, tasks, foreign);
    }

    /// <summary>
    /// Sizes and threads for an input. One that fits into a batch is one thread's work, and takes a buffer of its own size: thousands
    /// of small exports would else take a megabyte each, which the collector would be busy with.
    /// </summary>
    private static (ExportLimits Limits, int Threads) For(Stream input, int threads)
    {
        ExportLimits limits = ExportLimits.Default;
        long left = input.CanSeek ? input.Length - input.Position : long.MaxValue;

        // Room for a byte more, so that reading finds the end without a larger buffer.
        return left < limits.BatchBytes ? (limits with { BatchBytes = (int)left + 1 }, 1) : (limits, threads);
    }

    /// <summary>Reads any bytes; what they are is judged by the first of them.</summary>
    private static HarvestException? ReadAll(ExportInput source, IProgress<long>? progress)
    {
        byte[] buffer = new byte[ReadBytes];
        int head = 0;
        int read;
        do
        {
            read = source.Read(buffer.AsSpan(head));
            head += read;
        }
        while (read > 0 && head < buffer.Length);
        HarvestException? foreign = InputSniffer.Examine(source.FileName, buffer.AsSpan(0, head), whole: read == 0);
        progress?.Report(source.Bytes);
        while (read > 0)
        {
            read = source.Read(buffer);
            progress?.Report(source.Bytes);
        }

        return foreign;
    }
}
