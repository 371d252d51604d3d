using HarvestTools.Derivation.Fields;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>
/// The counters that the regions of one task are counted in. The next region is mostly of a label that any task has had, and of a medium
/// and an annotator that this one has had, whose counters are then not looked for again. One a worker.
/// </summary>
internal sealed class TaskCounts(TaskMedia media)
{
    // Regions of two annotators take turns, so that more than the last one is remembered.
    private const int FewAnnotators = 8;

    // By the place of the medium.
    private readonly List<RegionCounts?> _subdirs = [];
    private readonly List<EpisodeLabels?> _episodes = [];
    private Tally _tally = null!;
    private RegionCounts? _main;

    // By the number of a label, for as long as they are counted in one tally.
    private readonly TextNumbers _labels = new();
    private readonly List<RegionCounts?> _ofLabel = [];
    private readonly List<(long? Id, RegionCounts Counts)> _annotators = [];

    /// <summary>Forgets the task before, whose texts are gone.</summary>
    public void Begin(Tally tally)
    {
        if (_labels.Begin() || !ReferenceEquals(_tally, tally))
        {
            _ofLabel.Clear();
        }

        _tally = tally;
        _subdirs.Clear();
        _episodes.Clear();
        _annotators.Clear();
        _main = null;
    }

    /// <summary>The counter of a label, made on first sight.</summary>
    public RegionCounts Label(Utf8Text label)
    {
        int number = _labels.Of(label);
        while (_ofLabel.Count <= number)
        {
            _ofLabel.Add(null);
        }

        return _ofLabel[number] ??= _tally.Label(label.Span);
    }

    /// <summary>The counter of an annotator, made on first sight.</summary>
    public RegionCounts Annotator(long? id)
    {
        for (int i = 0; i < _annotators.Count && i < FewAnnotators; i++)
        {
            if (_annotators[i].Id == id)
            {
                return _annotators[i].Counts;
            }
        }

        RegionCounts found = _tally.Annotator(id);
        if (_annotators.Count < FewAnnotators)
        {
            _annotators.Add((id, found));
        }

        return found;
    }

    /// <summary>The counter of a medium's task folder, made on first sight.</summary>
    /// <param name="medium">The place of the medium.</param>
    public RegionCounts Subdir(int medium)
    {
        while (_subdirs.Count <= medium)
        {
            _subdirs.Add(null);
        }

        return _subdirs[medium] ??= _tally.Subdir(media.All[medium].Fields.TaskSubdir.Span);
    }

    /// <summary>What people labelled in a medium's episode, made on first sight.</summary>
    /// <param name="medium">The place of the medium.</param>
    public EpisodeLabels Episode(int medium)
    {
        while (_episodes.Count <= medium)
        {
            _episodes.Add(null);
        }

        if (_episodes[medium] is { } known)
        {
            return known;
        }

        TaskFields fields = media.All[medium].Fields;
        EpisodeLabels found = _tally.EpisodeOf(fields.TaskSubdir.Span, fields.Episode.Span);
        _episodes[medium] = found;
        return found;
    }

    /// <summary>The counter of the task folder of what a region is on; that of the task for an item that is on no medium, and for none.</summary>
    public RegionCounts Subdir(Region? region) => region is not null && media.TryFind(region, out int medium)
        ? Subdir(medium)
        : _main ??= _tally.Subdir(media.Main.TaskSubdir.Span);
}
