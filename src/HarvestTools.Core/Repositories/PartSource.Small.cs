using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Parquet.Writing;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>Many parts at once, and small ones derived side by side.</summary>
internal sealed partial class PartSource
{
    /// <summary>Of fewer exports the other threads are started in vain.</summary>
    internal const int FewParts = 8;

    // What may be under way at once, however many threads there are, so that memory stays flat.
    private const long BytesAtOnce = 8 * 1024 * 1024;
    private const long SmallBytesMax = 4 * 1024 * 1024;

    // So many wait for the disk together, and up to three times as many are under way at once.
    private const int BatchParts = 64;

    // Writing records waits for the disk too, and what a stopped command has not recorded is read again.
    private const int BatchRecords = 256;

    // What was read with parts that are derived already, by export.
    private readonly Dictionary<string, ExportFingerprint> _labels = new(StringComparer.Ordinal);
    private readonly List<ExportRecord> _unrecorded = [];

    /// <summary>
    /// Exports up to this size are derived side by side, each by one thread: threads that share a small one wait for each other longer than
    /// they save.
    /// </summary>
    internal static long SmallBytes(int threads) => Math.Min(SmallBytesMax, BytesAtOnce / threads);

    /// <summary>
    /// Reads the parts that the cache has of a slice's exports, on all threads: each is a record and seven files to look at, and a
    /// slice of which one export changed does little else. Where many small ones are missing, they are derived, each by one thread. All other
    /// parts are left to <see cref="Get"/>.
    /// </summary>
    /// <param name="version">The slice it is for, for messages.</param>
    /// <param name="exports">The exports.</param>
    /// <param name="definition">The definition in force.</param>
    /// <exception cref="HarvestException">One of the small exports is at fault: the first of them. What was derived of others is kept.</exception>
    public void Prepare(string version, IReadOnlyList<SliceExport> exports, HarvestDefinition definition)
    {
        var unknown = new List<(string Key, SliceExport Export)>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (SliceExport export in exports)
        {
            string key = SliceInputs.PartKeyOf(repository, export, definition);
            if (!_given.ContainsKey(key) && keys.Add(key))
            {
                unknown.Add((key, export));
            }
        }

        if (unknown.Count < FewParts)
        {
            return;
        }

        using var pool = new WorkerPool(context.Threads);
        var parts = new Part?[unknown.Count];
        pool.Run(parts.Length, i => parts[i] = Store.TryLoad(unknown[i].Key, episodes), context.Cancellation);
        var missing = new List<(string Key, SliceExport Export)>();
        for (int i = 0; i < parts.Length; i++)
        {
            if (parts[i] is { } part)
            {
                _given.Add(unknown[i].Key, new GivenPart(part, Derived: false));
            }
            else if (unknown[i].Export.Bytes <= SmallBytes(context.Threads))
            {
                missing.Add(unknown[i]);
            }
        }

        if (missing.Count >= FewParts && !CachedOnly)
        {
            // In a fresh clone this may be what makes the store's folder.
            repository.EnsureIgnored();
            try
            {
                DeriveSmall(version, missing, definition, pool);
            }
            catch (HarvestException gone) when (WasDeleted(gone))
            {
                // Somebody deletes the cache while it is filled: what is not there is derived again when it is asked for.
            }
        }
    }

    /// <summary>Derives them batch by batch. While one is derived, the one before it goes to disk, and that before gets its places.</summary>
    private void DeriveSmall(string version, List<(string Key, SliceExport Export)> missing, HarvestDefinition definition, WorkerPool pool)
    {
        using var encoders = new EncoderPool();
        var batches = new Queue<SmallBatch>();
        try
        {
            for (int at = 0; at < missing.Count; at += BatchParts)
            {
                var batch = new SmallBatch(missing.GetRange(at, Math.Min(BatchParts, missing.Count - at)));
                batches.Enqueue(batch);
                PartRequest[] requests =
                [
                    .. batch.Exports.Select(one => Request(version, one.Export, definition) with { WithLabels = one.Export.ComparableLabels is null, Encoders = encoders }),
                ];
                WorkBatch running = pool.Begin(
                    requests.Length, i => batch.Parts[i] = DerivePending(version, batch.Exports[i].Export, requests[i], definition), context.Cancellation);
                try
                {
                    while (batches.Count > 2)
                    {
                        Keep(batches.Dequeue());
                    }

                    running.Complete();
                }
                catch
                {
                    running.Abandon();
                    throw;
                }

                batch.BeginFlush();
            }

            while (batches.Count > 0)
            {
                Keep(batches.Dequeue());
            }

            RecordLabels();
        }
        catch (HarvestException)
        {
            while (batches.Count > 0)
            {
                SaveWhatIsThere(() => Keep(batches.Dequeue()));
            }

            SaveWhatIsThere(RecordLabels);
            throw;
        }
        finally
        {
            foreach (SmallBatch batch in batches)
            {
                batch.Dispose();
            }
        }
    }

    private PendingPart DerivePending(string version, SliceExport export, PartRequest request, HarvestDefinition definition)
    {
        try
        {
            return Once();
        }
        catch (HarvestException gone) when (WasDeleted(gone))
        {
            return Once();
        }

        PendingPart Once()
        {
            using ObjectContent content = SliceInputs.TryOpen(repository, export)
                ?? throw repository.NotHere(version, export.Project, export.Sha256);
            return Store.DerivePending(
                labels => KeyOf(export, labels, definition),
                request,
                episodes,
                content.Stream,
                export.Sha256,
                context.Bytes("Deriving", export.FileStem, content.Bytes),
                context.Cancellation);
        }
    }

    /// <summary>Of an attempt that failed: the same command goes on from what it has got.</summary>
    private static void SaveWhatIsThere(Action save)
    {
        try
        {
            save();
        }
        catch (HarvestException)
        {
            // What made the attempt fail says more.
        }
    }

    private void RecordLabels()
    {
        ExportRecord[] records = [.. _unrecorded];
        _unrecorded.Clear();
        repository.Archive.Record(records);
    }

    /// <summary>Stores what is derived of a batch, and has the labels recorded that were read on the way.</summary>
    private void Keep(SmallBatch batch)
    {
        using (batch)
        {
            batch.BeginFlush().GetAwaiter().GetResult();
            Store.Commit(batch.Whole);
            for (int i = 0; i < batch.Parts.Length; i++)
            {
                if (batch.Parts[i] is { } part)
                {
                    _given[part.Part.Key] = new GivenPart(part.Part, Derived: true);
                    if (part.Labels is { } labels)
                    {
                        _labels[NameOf(batch.Exports[i].Export)] = labels;
                        _unrecorded.AddRange(Recorded(batch.Exports[i].Export, labels));
                    }
                }
            }

            if (_unrecorded.Count >= BatchRecords)
            {
                RecordLabels();
            }
        }
    }

    private static string NameOf(SliceExport export) => $"{export.Project} {export.Sha256}";

    /// <summary>Exports, and what is derived of them so far.</summary>
    private sealed class SmallBatch(List<(string Key, SliceExport Export)> exports) : IDisposable
    {
        private Task? _flushing;

        public List<(string Key, SliceExport Export)> Exports => exports;

        public PendingPart?[] Parts { get; } = new PendingPart?[exports.Count];

        /// <summary>Those that are derived.</summary>
        public PendingPart[] Whole => [.. Parts.OfType<PendingPart>()];

        /// <summary>See <see cref="PartStore.BeginFlush"/>; once for the whole of it.</summary>
        public Task BeginFlush() => _flushing ??= PartStore.BeginFlush(Whole);

        public void Dispose()
        {
            // Its files are not taken away while the system is busy with them; what the disk said of them does not matter any more.
            _ = _flushing is null ? 0 : Task.WaitAny(_flushing);
            foreach (PendingPart? part in Parts)
            {
                part?.Dispose();
            }
        }
    }
}
