using HarvestTools.Derivation;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Parquet.Writing;
using HarvestTools.Rules;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;

namespace HarvestTools.Cache;

/// <summary>What a derivation reads and by which rules.</summary>
/// <param name="Project">Value of the project column.</param>
/// <param name="FileName">The export's name for messages.</param>
/// <param name="Rules">The rules in force, overrides applied.</param>
/// <param name="Fields">Where subdir, episode and frame come from.</param>
/// <param name="Threads">Workers, at least 1; the result does not depend on it.</param>
/// <param name="SpillFolder">Where rows go that exceed the memory budget.</param>
internal sealed record PartRequest(
    string Project, string FileName, HarvestRules Rules, FieldMapping Fields, int Threads, string SpillFolder)
{
    /// <summary>
    /// What one derivation holds unless several run at once. What spills mostly stays in the system's file cache, and ten
    /// times as much saves no time that can be measured; what does not spill is held while the tables are written, which is the peak.
    /// </summary>
    public const long DefaultRowBudget = 8 * 1024 * 1024;

    /// <summary>Rows held in memory before they spill, in bytes, over all tables and workers.</summary>
    public long RowBudget { get; init; } = DefaultRowBudget;

    /// <summary>What the rules mean.</summary>
    public DerivationVersion Derivation { get; init; } = DerivationVersion.Current;

    /// <summary>The labeling configuration that was archived with the export; null where none was.</summary>
    public LabelConfig? LabelConfig { get; init; }

    /// <summary>What the tables are written in.</summary>
    public FormatVersion Format { get; init; } = FormatVersion.Current;

    /// <summary>Take the export's label hash in the same pass.</summary>
    public bool WithLabels { get; init; }

    /// <summary>Note who made each annotation, and whose labels others took over.</summary>
    public bool WithPeople { get; init; }

    /// <summary>Encoders that many small exports share; null for some of its own.</summary>
    public EncoderPool? Encoders { get; init; }

    /// <summary>See <see cref="Work.WorkContext.PhaseEnded"/>.</summary>
    public Action? PhaseEnded { get; init; }

    /// <summary>Labelled tasks that another export of the slice has too and wins; null for none.</summary>
    public IReadOnlySet<long>? YieldedTasks { get; init; }
}

/// <summary>A derived part: its tables in the order of <see cref="TableCatalog.All"/>, and what was counted.</summary>
/// <param name="Export">The pass over the export.</param>
/// <param name="Labels">Null unless they were asked for.</param>
/// <param name="Tally">What was kept and dropped.</param>
/// <param name="Tables">The tables as they were written.</param>
/// <param name="Episodes">What each table holds of each episode.</param>
/// <param name="People">Null unless they were asked for.</param>
internal sealed record DerivedPart(
    ExportPass Export, ExportFingerprint? Labels, Tally Tally, IReadOnlyList<PartTable> Tables, IReadOnlyList<EpisodeList> Episodes, PartPeople? People);

/// <summary>
/// The whole way of one export: bytes → tasks → rows → sorted Parquet tables, in one pass over the bytes and in
/// bounded memory.
/// </summary>
internal static class PartDerivation
{
    /// <summary>From here on what is kept of each task or annotation counts among what a derivation holds.</summary>
    private const int TasksMany = 100_000;

    /// <summary>From this size on an export takes memory that is worth giving back before its tables are written.</summary>
    internal const long BytesMany = 4 * 1024 * 1024;

    /// <inheritdoc cref="Run(PartRequest, SegmentStore, Stream, Func{TableDescriptor, Stream}, IProgress{long}?, CancellationToken)"/>
    public static DerivedPart Run(
        PartRequest request, Stream export, Func<TableDescriptor, Stream> openTable, IProgress<long>? progress, CancellationToken cancellation)
    {
        using var rows = new SegmentStore(request.SpillFolder, request.RowBudget);
        return Run(request, rows, export, openTable, progress, cancellation);
    }

    /// <param name="request">What to derive.</param>
    /// <param name="store">Where the rows lie until they are merged; the caller disposes it.</param>
    /// <param name="export">The export's bytes.</param>
    /// <param name="openTable">Gives the stream for a table's Parquet file; the caller keeps it.</param>
    /// <param name="progress">Bytes read so far.</param>
    /// <param name="cancellation">Stops between tasks.</param>
    /// <exception cref="HarvestException">The export is at fault, or rows or tables cannot be written.</exception>
    public static DerivedPart Run(
        PartRequest request,
        SegmentStore store,
        Stream export,
        Func<TableDescriptor, Stream> openTable,
        IProgress<long>? progress,
        CancellationToken cancellation)
    {
        var workers = new List<DerivingWorker>();
        var seen = new SeenTasks();
        var blank = new SeenTasks();
        ExportPass pass = ExportPipeline.Run(
            export,
            request.FileName,
            copyTo: null,
            request.Threads,
            _ =>
            {
                var worker = new DerivingWorker(request, store, seen, blank);
                lock (workers)
                {
                    workers.Add(worker);
                }

                return worker;
            },
            progress,
            cancellation);

        var tally = new Tally();
        foreach (DerivingWorker worker in workers)
        {
            worker.Logs.Complete();
            worker.People?.Overruled.Complete();
            tally.Merge(worker.Tally);
        }

        store.Settle();

        // A task without annotations beside the same one with them: the latter counts.
        long again = seen.Shared(blank);
        tally.RepeatedTasks += again;
        tally.Unlabeled -= again;
        tally.Tasks -= again;
        tally.RequireMappingsFound(request.Fields, request.FileName);
        tally.FindSharedFrames();
        RowLogs[] logs = [.. workers.Select(static worker => worker.Logs)];
        LabelFacts[] facts = [.. workers.Select(static worker => worker.Labels?.Facts).OfType<LabelFacts>()];
        PeopleOfTasks[] found = [.. workers.Select(static worker => worker.People).OfType<PeopleOfTasks>()];
        PartPeople? people = request.WithPeople ? new PartPeople(found) : null;
        workers.Clear();

        // What reading took can be given back before writing takes as much: the peak is then one of the two, not their sum. Giving it
        // back looks at all that lives, which grows with each part of a slice; what a small export took is not worth that.
        if (pass.Bytes >= BytesMany)
        {
            request.PhaseEnded?.Invoke();
        }

        ExportFingerprint? labels = null;
        IReadOnlyList<WrittenTable> tables = PartTables.Write(
            request,
            logs,
            store,
            openTable,
            Beside,
            cancellation);
        if (PeopleOfTasks.AnnotationsOf(found) > TasksMany)
        {
            // Put together they take as much as a table did.
            request.PhaseEnded?.Invoke();
        }

        return new DerivedPart(
            pass,
            labels,
            tally,
            [.. tables.Select(static table => table.Table)],
            [.. tables.Select(static table => table.Episodes)],
            people);

        void Beside()
        {
            people?.Prepare();
            labels = request.WithLabels ? ExportFingerprint.From(pass, request.FileName, facts, keepDigests: false) : null;
            if (labels?.Tasks > TasksMany)
            {
                // The digests are done with, and the tables take as much at once.
                request.PhaseEnded?.Invoke();
            }
        }
    }

    /// <summary>Takes tasks through parsing and derivation into its own row logs.</summary>
    private sealed class DerivingWorker : ITaskWorker
    {
        private readonly PartRequest _request;
        private readonly SeenTasks _seen;
        private readonly SeenTasks _blank;
        private readonly ExportTask _task = new();
        private readonly TaskRows _rows = new();
        private readonly TaskDeriver _deriver;

        public DerivingWorker(PartRequest request, SegmentStore store, SeenTasks seen, SeenTasks blank)
        {
            (_request, _seen, _blank) = (request, seen, blank);
            Labels = request.WithLabels ? new LabelHashWorker() : null;
            _task.Tokens.IsHashed = request.WithLabels;
            People = request.WithPeople ? new PeopleOfTasks() : null;
            Logs = new RowLogs(store);
            _deriver = new TaskDeriver(request.Rules, request.Fields, request.Derivation, request.LabelConfig, People?.Overruled);
        }

        public Tally Tally { get; } = new();

        public LabelHashWorker? Labels { get; }

        public PeopleOfTasks? People { get; }

        public RowLogs Logs { get; }

        public void Process(in RawTask task)
        {
            TaskParser.Parse(task, _task);
            Labels?.Process(_task);
            People?.Add(_task);
            _rows.Clear();
            long? labelled = _task.Labels.Annotations.Count > 0 ? _task.Labels.Id : null;
            if (labelled is null && _task.Labels is { Annotations.Count: 0, Id: { } empty } && !_blank.Add(empty))
            {
                Tally.RepeatedTasks++;
            }
            else if (labelled is { } met && !_seen.Add(met))
            {
                // Its labels are those of the first: the label hash is not taken of an export in which they are others.
                Tally.RepeatedTasks++;
            }
            else if (labelled is { } id && _request.YieldedTasks?.Contains(id) == true)
            {
                _deriver.Yield(_task, id, _rows, Tally);
            }
            else
            {
                _deriver.Derive(_task, _rows, Tally);
            }

            Logs.Add(_rows);

            // The log has copies of the texts: a huge task's are given back before the next one is read.
            _task.Tokens.Release();
        }
    }
}
