namespace HarvestTools.Filtering;

/// <summary>
/// What labelers did with the predictions of one pre-annotating model version, region by region. A region of which
/// the export does not tell is <see cref="Unknown"/>, never guessed.
/// </summary>
public sealed class ModelTally
{
    private readonly HashSet<ulong> _episodes = [];
    private readonly HashSet<long> _annotators = [];

    /// <summary>Annotations that started from this version's predictions.</summary>
    public long Annotations { get; internal set; }

    /// <summary>Predicted and left as it was.</summary>
    public long Accepted { get; internal set; }

    /// <summary>Predicted, then moved, reshaped or relabelled.</summary>
    public long Corrected { get; internal set; }

    /// <summary>Drawn by the labeler where the model predicted nothing.</summary>
    public long Drawn { get; internal set; }

    /// <summary>Predicted and removed by the labeler.</summary>
    public long Deleted { get; internal set; }

    /// <summary>Regions of which the export does not tell.</summary>
    public long Unknown { get; internal set; }

    /// <summary>How many different episodes (with their task_subdir) these annotations belong to.</summary>
    public int Episodes => _episodes.Count;

    /// <summary>How many different known annotators made them.</summary>
    public int Annotators => _annotators.Count;

    internal IEnumerable<ulong> EpisodeHashes => _episodes.Order();

    internal IEnumerable<long> AnnotatorIds => _annotators.Order();

    internal void AddEpisode(ulong hash) => _episodes.Add(hash);

    internal void AddAnnotator(long id) => _annotators.Add(id);

    internal void Merge(ModelTally other)
    {
        Annotations += other.Annotations;
        Accepted += other.Accepted;
        Corrected += other.Corrected;
        Drawn += other.Drawn;
        Deleted += other.Deleted;
        Unknown += other.Unknown;
        _episodes.UnionWith(other._episodes);
        _annotators.UnionWith(other._annotators);
    }
}
