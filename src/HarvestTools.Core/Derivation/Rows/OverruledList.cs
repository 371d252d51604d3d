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
    private Dictionary<ulong, int> _places = [];
    private long _task;
    private long _annotation;
    private long _annotator;
    private int _episode;
    private long _rows;
    private bool _isOpen;

    /// <summary>How many entries there are.</summary>
    public int Count => _packed.Count + (_isOpen ? 1 : 0);

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

    /// <summary>Ends the list; call once, after the last <see cref="Add"/>.</summary>
    public void Complete()
    {
        Pack();
        _places = [];
    }

    /// <summary>
    /// What several workers found, each annotation and episode once, in an order that does not depend on who found what. It is put
    /// together each time it is asked for, since of a large export it takes tens of megabytes at once.
    /// </summary>
    public static IEnumerable<OverruledRows> InOrder(IReadOnlyList<OverruledList> lists)
    {
        OverruledRows? before = null;
        foreach (OverruledRows next in Sorted(lists))
        {
            if (before is { } same && Compare(next, same) == 0)
            {
                before = next with { Rows = same.Rows + next.Rows };
                continue;
            }

            if (before is { } whole)
            {
                yield return whole;
            }

            before = next;
        }

        if (before is { } last)
        {
            yield return last;
        }
    }

    private static IEnumerable<OverruledRows> Sorted(IReadOnlyList<OverruledList> lists)
    {
        foreach (OverruledList list in lists)
        {
            list.Pack();
        }

        PackedNumbers[] packed = [.. lists.Select(static list => list._packed)];
        string[][] subdirs = [.. lists.Select(static list => Texts(list._subdirs))];
        string[][] episodes = [.. lists.Select(static list => Texts(list._episodes))];
        var some = new List<OverruledRows>();
        if (Array.TrueForAll(packed, static list => list.IsAscending))
        {
            // Task by task, as exports of Label Studio have them.
            var groups = new PackedGroups(packed);
            while (groups.Next())
            {
                some.Clear();
                for (int i = 0; i < groups.Count; i++)
                {
                    some.Add(Of(groups[i], groups.ListOf(i)));
                }

                some.Sort(Compare);
                foreach (OverruledRows rows in some)
                {
                    yield return rows;
                }
            }

            yield break;
        }

        some.EnsureCapacity(packed.Sum(static list => list.Count));
        for (int i = 0; i < packed.Length; i++)
        {
            for (PackedNumbers.Reader entries = packed[i].Read(); entries.Next();)
            {
                some.Add(Of(entries.Row, i));
            }
        }

        some.Sort(Compare);
        foreach (OverruledRows rows in some)
        {
            yield return rows;
        }

        OverruledRows Of(ReadOnlySpan<long> entry, int list) =>
            new(entry[0], IdOf(entry[1]), IdOf(entry[2]), subdirs[list][entry[3]], episodes[list][entry[3]], entry[4]);
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
        _subdirs.Add(_subdirs.Count > 0 && subdir.SequenceEqual(_subdirs[^1]) ? _subdirs[^1] : subdir.ToArray());
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
