using System.Buffers;
using HarvestTools.Files;
using HarvestTools.LabelStudio.Reading;

namespace HarvestTools.Erasure;

/// <summary>
/// Writes an export without what is to be erased: the same tasks in the same order, each with its own bytes but for what goes, with a
/// comma between. The same export and the same person give the same bytes.
/// </summary>
internal static class RedactedExport
{
    /// <summary>Says what a redacted export would leave out, and writes nothing.</summary>
    /// <param name="export">The export, read to its end.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="create">Makes a redactor, one a thread.</param>
    /// <param name="threads">How many.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The counts, and the pass with the SHA-256 of what was read.</returns>
    /// <exception cref="HarvestException">It cannot be read.</exception>
    public static (RedactionCounts Found, ExportPass Pass) Count(
        Stream export, string fileName, Func<ITaskRedactor> create, int threads, IProgress<long>? progress, CancellationToken cancellation)
    {
        (ExportPass pass, List<Worker> workers) = ExportPipeline.Run(export, fileName, threads, () => new Worker(create(), to: null), progress, cancellation);
        return (workers.Select(static worker => worker.Redactor.Found).Aggregate(RedactionCounts.None, static (all, one) => all.Plus(one)), pass);
    }

    /// <summary>Writes it.</summary>
    /// <param name="export">The export, read to its end.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="redactor">Finds what goes.</param>
    /// <param name="to">Receives the redacted export.</param>
    /// <param name="progress">Receives the bytes read so far.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="HarvestException">It cannot be read, or the other not be written.</exception>
    public static ExportPass Write(
        Stream export, string fileName, ITaskRedactor redactor, Stream to, IProgress<long>? progress, CancellationToken cancellation)
    {
        Put(to, "["u8);

        // A single worker gets the tasks in the file's order.
        (ExportPass pass, _) = ExportPipeline.Run(export, fileName, 1, () => new Worker(redactor, to), progress, cancellation);
        Put(to, "]\n"u8);
        return pass;
    }

    private static void Put(Stream to, ReadOnlySpan<byte> bytes)
    {
        try
        {
            to.Write(bytes);
        }
        catch (Exception exception) when (FileErrors.IsFileFault(exception))
        {
            throw FileErrors.From(exception, "the archive", "write");
        }
    }

    private sealed class Worker(ITaskRedactor redactor, Stream? to) : ITaskWorker
    {
        private readonly TextCuts _cuts = new();
        private readonly ArrayBufferWriter<byte> _changed = new();
        private bool _any;

        public ITaskRedactor Redactor => redactor;

        public void Process(in RawTask task)
        {
            TaskFate fate = redactor.Redact(task, _cuts);
            if (to is null || fate == TaskFate.Goes)
            {
                return;
            }

            if (_any)
            {
                Put(to, ","u8);
            }

            _any = true;
            if (fate == TaskFate.Stays)
            {
                Put(to, task.Span);
                return;
            }

            // In memory, since only a whole write says of a fault which file it is of.
            _changed.ResetWrittenCount();
            _cuts.Write(task.Span, _changed);
            Put(to, _changed.WrittenSpan);
        }
    }
}
