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

    /// <summary>By id; null where the export's bytes are not here.</summary>
    /// <param name="export">The export.</param>
    /// <exception cref="HarvestException">The export cannot be read, or has other bytes than its hash says.</exception>
    public ListedTask[]? TryGet(SliceExport export)
    {
        if (!_known.TryGetValue(export.Sha256, out ListedTask[]? tasks))
        {
            _known.Add(export.Sha256, tasks = _lists.TryLoad(export.Sha256) ?? TryRead(export));
        }

        return tasks;
    }

    /// <summary>The ids alone.</summary>
    /// <exception cref="HarvestException">As above, or ExportNotAvailable.</exception>
    public IEnumerable<long> Ids(SliceExport export) => TryGet(export)?.Select(static task => task.Id)
        ?? throw repository.NotHere(export.FileStem, export.Project, export.Sha256);

    private ListedTask[]? TryRead(SliceExport export)
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
            context.Threads,
            context.Bytes("Reading task ids of", export.FileStem, content.Bytes),
            context.Cancellation);
        CacheErrors.RequireHash(export.FileStem, export.Sha256, read.Sha256);
        repository.EnsureIgnored();
        return _lists.Keep(export.Sha256, read.Digests!);
    }
}
