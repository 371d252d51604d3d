using System.Text;
using HarvestTools.Derivation.Fields;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;
using HarvestTools.Work;

namespace HarvestTools.Derivation.Rows;

/// <summary>
/// Collects rows that <see cref="OverruledRows"/> is about, one entry for each annotation and episode. One a worker; entries are kept
/// packed until all are there, since every labelled task can have one.
/// </summary>
internal sealed class OverruledList
{
    // Takes the place of an id where there is none.
    private const long None = long.MinValue;

    // Task, annotation, annotator, place of the episode, rows.
    private readonly PackedNumbers _packed = new(columns: 5);
    private readonly List<byte[]> _subdirs = [];
    private readonly List<byte[]> _episodes = [];
    private readonly Dictionary<ulong, int> _places = [];
    private long _task;
    private long _annotation;
    private long _annotator;
    private int _episode;
    private long _rows;
    private bool _isOpen;

    /// <param name="taskId">Label Studio's task.</param>
    /// <param name="annotation">The first annotation that drew or changed the label.</param>
    /// <param name="fields">The task folder and the episode of its medium.</param>
    /// <param name="rows">How many rows.</param>
    public void Add(long taskId, Annotation annotation, in TaskFields fields, long rows)
    {
        long id = annotation.Id ?? None;
        long annotator = annotation.AnnotatorId ?? None;
        int episode = PlaceOf(fields.TaskSubdir.Span, fields.Episode.Span);
        if ((taskId, id, annotator, episode) != (_task, _annotation, _annotator, _episode))
        {
            Pack();
        }

        (_task, _annotation, _annotator, _episode) = (taskId, id, annotator, episode);
        _rows += rows;
        _isOpen = true;
    }

    /// <summary>What several workers found, each annotation and episode once, in an order that does not depend on who found what.</summary>
    public static IReadOnlyList<OverruledRows> Merge(IReadOnlyList<OverruledList> lists)
    {
        int count = 0;
        foreach (OverruledList list in lists)
        {
            list.Pack();
            count += list._packed.Count;
        }

        var all = new List<OverruledRows>(count);
        foreach (OverruledList list in lists)
        {
            string[] subdirs = Texts(list._subdirs);
            string[] episodes = Texts(list._episodes);
            for (PackedNumbers.Reader entries = list._packed.Read(); entries.Next();)
            {
                ReadOnlySpan<long> entry = entries.Row;
                int episode = (int)entry[3];
                all.Add(new OverruledRows(entry[0], IdOf(entry[1]), IdOf(entry[2]), subdirs[episode], episodes[episode], entry[4]));
            }
        }

        all.Sort(Compare);
        int merged = 0;
        for (int i = 0; i < all.Count; i++)
        {
            if (merged > 0 && Compare(all[i], all[merged - 1]) == 0)
            {
                all[merged - 1] = all[i] with { Rows = all[merged - 1].Rows + all[i].Rows };
            }
            else
            {
                all[merged++] = all[i];
            }
        }

        all.RemoveRange(merged, all.Count - merged);
        return all;
    }

    private static string[] Texts(List<byte[]> utf8)
    {
        var texts = new string[utf8.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Encoding.UTF8.GetString(utf8[i]);
        }

        return texts;
    }

    private static long? IdOf(long id) => id == None ? null : id;

    private void Pack()
    {
        if (_isOpen)
        {
            _packed.Add([_task, _annotation, _annotator, _episode, _rows]);
            (_rows, _isOpen) = (0, false);
        }
    }

    private int PlaceOf(ReadOnlySpan<byte> subdir, ReadOnlySpan<byte> episode)
    {
        // Tasks of an episode mostly follow each other.
        if (_isOpen && IsAt(_episode, subdir, episode))
        {
            return _episode;
        }

        ulong hash = Utf8Hash.Of(episode, Utf8Hash.Of(subdir));
        if (_places.TryGetValue(hash, out int place) && IsAt(place, subdir, episode))
        {
            return place;
        }

        // Of two that have one hash the later is found, and the earlier gets another place when it comes again.
        _subdirs.Add(subdir.ToArray());
        _episodes.Add(episode.ToArray());
        return _places[hash] = _episodes.Count - 1;
    }

    private bool IsAt(int place, ReadOnlySpan<byte> subdir, ReadOnlySpan<byte> episode) =>
        episode.SequenceEqual(_episodes[place]) && subdir.SequenceEqual(_subdirs[place]);

    private static int Compare(OverruledRows one, OverruledRows other)
    {
        int order = one.TaskId.CompareTo(other.TaskId);
        order = order != 0 ? order : Compare(one.AnnotationId, other.AnnotationId);
        order = order != 0 ? order : Compare(one.AnnotatorId, other.AnnotatorId);
        order = order != 0 ? order : string.CompareOrdinal(one.TaskSubdir, other.TaskSubdir);
        return order != 0 ? order : string.CompareOrdinal(one.Episode, other.Episode);
    }

    private static int Compare(long? one, long? other) => one is { } a && other is { } b ? a.CompareTo(b) : one.HasValue.CompareTo(other.HasValue);
}
