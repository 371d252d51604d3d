using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.LabelStudio.Labels;

/// <summary>What an export holds, as one worker or several saw it.</summary>
internal sealed class LabelFacts
{
    /// <summary>Digests of a piece: few enough that a piece is no large object to the collector.</summary>
    private const int PieceDigests = 1024;

    private readonly SortedRuns<TaskDigest> _digests = new(PieceDigests);
    private readonly SortedSet<long> _projects = [];
    private readonly TypeCounter _types = new();

    /// <summary>All tasks, also those without annotations.</summary>
    public long Tasks { get; private set; }

    /// <summary>Tasks that have at least one of a task's keys.</summary>
    public long Recognised { get; private set; }

    /// <summary>Entries of <c>annotations[]</c>, cancelled ones included.</summary>
    public long Annotations { get; private set; }

    public long Cancelled { get; private set; }

    public long Drafts { get; private set; }

    /// <summary>Tasks without an annotation of which their counter says that they have some.</summary>
    public long LabelsMissing { get; private set; }

    /// <summary>The latest time at which a task or an annotation was updated, in UTC; null where none has such a time.</summary>
    public DateTime? LabelsThrough { get; private set; }

    /// <summary>The distinct project ids that tasks, or in old exports annotations, name.</summary>
    public IReadOnlyCollection<long> ProjectIds => _projects;

    /// <summary>Items of all results by type, in ordinal order.</summary>
    public IReadOnlyDictionary<string, long> RegionTypes => _types.ToSorted();

    public void AddTask(bool recognised, long? project, int drafts, bool labelsMissing, DateTime? updated)
    {
        Tasks++;
        Reach(updated);
        LabelsMissing += labelsMissing ? 1 : 0;
        Recognised += recognised ? 1 : 0;
        Drafts += drafts;
        if (project is long id)
        {
            _projects.Add(id);
        }
    }

    public void AddAnnotation(bool cancelled)
    {
        Annotations++;
        Cancelled += cancelled ? 1 : 0;
    }

    /// <param name="type">Absent where the region has none.</param>
    public void AddRegion(Utf8Text type) => _types.Add(type);

    public void Add(TaskDigest digest) => _digests.Add(digest);

    /// <summary>Takes over what another worker found.</summary>
    public void Merge(LabelFacts other)
    {
        Tasks += other.Tasks;
        Recognised += other.Recognised;
        Annotations += other.Annotations;
        Cancelled += other.Cancelled;
        Drafts += other.Drafts;
        LabelsMissing += other.LabelsMissing;
        Reach(other.LabelsThrough);
        _digests.Take(other._digests);
        _projects.UnionWith(other._projects);
        _types.Merge(other._types);
    }

    private void Reach(DateTime? time) => LabelsThrough = LabelsThrough is null || time > LabelsThrough ? time : LabelsThrough;

    /// <summary>The digests of all annotated tasks in order; after everything was added, and once.</summary>
    public IEnumerable<TaskDigest> TakeSortedDigests()
    {
        var digests = new RunQueue<TaskDigest>(_digests.TakeAll());
        while (!digests.IsEmpty)
        {
            yield return digests.Take();
        }
    }
}
