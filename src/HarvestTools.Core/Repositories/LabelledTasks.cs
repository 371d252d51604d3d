using HarvestTools.Archive;
using HarvestTools.Cache;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Manifests;
using HarvestTools.Work;

namespace HarvestTools.Repositories;

/// <summary>The labelled tasks of exports: from the cache, else read from the export and kept.</summary>
internal sealed class LabelledTasks(Repository repository, WorkContext context)
{
    private readonly TaskLists _lists = new(repository.CacheFolder);
    private readonly Dictionary<string, ListedTask[]?> _known = new(StringComparer.Ordinal);

    /// <summary>Reads the lists of many exports on all threads, and of those that have none the small exports.</summary>
    /// <exception cref="HarvestException">As below, of the first of them.</exception>
    public void Prepare(IReadOnlyList<SliceExport> exports)
    {
        SliceExport[] unknown = [.. exports.Where(export => !_known.ContainsKey(export.Sha256)).DistinctBy(static export => export.Sha256)];
        if (unknown.Length < PartSource.FewParts)
        {
            return;
        }

        var tasks = new ListedTask[]?[unknown.Length];
        using (var pool = new WorkerPool(context.Threads))
        {
            pool.Run(
                unknown.Length,
                i => tasks[i] = _lists.TryLoad(unknown[i].Sha256) ?? (unknown[i].Bytes <= PartSource.SmallBytes(context.Threads) ? TryRead(unknown[i], threads: 1) : null),
                context.Cancellation);
        }

        for (int i = 0; i < unknown.Length; i++)
        {
            if (tasks[i] is { } read)
            {
                _known.Add(unknown[i].Sha256, read);
            }
        }
    }

    /// <summary>By id; null where the export's bytes are not here.</summary>
    /// <param name="export">The export.</param>
    /// <exception cref="HarvestException">The export cannot be read, or has other bytes than its hash says.</exception>
    public ListedTask[]? TryGet(SliceExport export)
    {
        if (!_known.TryGetValue(export.Sha256, out ListedTask[]? tasks))
        {
            _known.Add(export.Sha256, tasks = _lists.TryLoad(export.Sha256) ?? TryRead(export, context.Threads));
        }

        return tasks;
    }

    /// <summary>The ids alone.</summary>
    /// <exception cref="HarvestException">As above, or ExportNotAvailable.</exception>
    public IEnumerable<long> Ids(SliceExport export) => TryGet(export)?.Select(static task => task.Id)
        ?? throw repository.NotHere(export.FileStem, export.Project, export.Sha256);

    private ListedTask[]? TryRead(SliceExport export, int threads)
    {
        using ObjectContent? content = SliceInputs.TryOpen(repository, export);
        if (content is null)
        {
            return null;
        }

        ExportFingerprint read = ExportFingerprint.Compute(
            content.Stream,
            export.FileStem,
            copyTo: null,
            withLabels: true,
            threads,
            context.Bytes("Reading task ids of", export.FileStem, content.Bytes),
            context.Cancellation);
        CacheErrors.RequireHash(export.FileStem, export.Sha256, read.Sha256);
        repository.EnsureIgnored();
        return _lists.Keep(export.Sha256, read.Digests!);
    }
}
