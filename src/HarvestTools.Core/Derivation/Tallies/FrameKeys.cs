using System.Text;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Tallies;

/// <summary>Two tasks of one export that have the same task_subdir, episode, frame and object tag, by guesses from paths.</summary>
/// <param name="FirstTask">Label Studio's id of the one.</param>
/// <param name="SecondTask">The other's, which is the greater.</param>
/// <param name="TaskSubdir">The task folder of both.</param>
/// <param name="Episode">The episode of both.</param>
/// <param name="Frame">The frame of both.</param>
public sealed record SharedFrame(long FirstTask, long SecondTask, string TaskSubdir, string Episode, long Frame);

/// <summary>
/// The frame keys that one worker guessed from paths: about 32 bytes each, and a text an episode. After the whole export they
/// show which tasks share one, as where two uploads have one name.
/// </summary>
internal sealed class FrameKeys
{
    private readonly List<Entry> _entries = [];
    private readonly List<(string TaskSubdir, string Episode)> _episodes = [];
    private readonly Dictionary<ulong, int> _places = [];

    public void Add(long task, Utf8Text subdir, Utf8Text episode, long frame, Utf8Text toName, int index)
    {
        ulong ofEpisode = Utf8Hash.Of(episode.Span, Utf8Hash.Of(subdir.Span));
        if (!_places.TryGetValue(ofEpisode, out int place))
        {
            _places.Add(ofEpisode, place = _episodes.Count);
            _episodes.Add((Encoding.UTF8.GetString(subdir.Span), Encoding.UTF8.GetString(episode.Span)));
        }

        ulong ofMedium = Utf8Hash.Of(toName.Span, ofEpisode + (ulong)index);
        _entries.Add(new Entry(ofMedium, frame, task, place));
    }

    /// <summary>Takes over what another worker found.</summary>
    public void Merge(FrameKeys other)
    {
        int first = _episodes.Count;
        _episodes.AddRange(other._episodes);
        _entries.AddRange(other._entries.Select(entry => entry with { Episode = entry.Episode + first }));
    }

    /// <summary>How many tasks share a key with another, and of these pairs the one with the least ids.</summary>
    public (long Tasks, SharedFrame? Example) Find()
    {
        _entries.Sort();
        var tasks = new HashSet<long>();
        SharedFrame? example = null;
        for (int i = 1; i < _entries.Count; i++)
        {
            Entry before = _entries[i - 1];
            Entry entry = _entries[i];
            if (before.Medium != entry.Medium || before.Frame != entry.Frame || before.Task == entry.Task)
            {
                continue;
            }

            tasks.Add(before.Task);
            tasks.Add(entry.Task);
            if (example is null || (before.Task, entry.Task).CompareTo((example.FirstTask, example.SecondTask)) < 0)
            {
                (string subdir, string episode) = _episodes[entry.Episode];
                example = new SharedFrame(before.Task, entry.Task, subdir, episode, entry.Frame);
            }
        }

        return (tasks.Count, example);
    }

    private readonly record struct Entry(ulong Medium, long Frame, long Task, int Episode) : IComparable<Entry>
    {
        public int CompareTo(Entry other)
        {
            int order = Medium.CompareTo(other.Medium);
            if (order != 0 || (order = Frame.CompareTo(other.Frame)) != 0)
            {
                return order;
            }

            return Task.CompareTo(other.Task);
        }
    }
}
