using System.Globalization;
using System.Text;
using HarvestTools.Cache;
using HarvestTools.Lineage;

namespace HarvestTools.Workflows;

/// <summary>What of one part is asked for: entries of its index, and the rows that they count.</summary>
internal sealed class SourceMatch
{
    private readonly SourceQuery _query;
    private readonly byte[] _text;
    private readonly IReadOnlySet<string> _links;
    private readonly HashSet<(long Task, long Annotation)> _own = [];

    /// <param name="query">What is asked for.</param>
    /// <param name="index">The part's index.</param>
    /// <param name="annotations">Who made the export's annotations; null where that is not known here.</param>
    /// <param name="links">The links of the medium that is asked for by its hash.</param>
    public SourceMatch(SourceQuery query, RowIndex index, AnnotationIndex? annotations, IReadOnlySet<string> links)
    {
        (_query, _text, _links) = (query, Encoding.UTF8.GetBytes(query.Text), links);
        for (int i = 0; annotations is not null && i < annotations.Count; i++)
        {
            if (query.Kind switch
            {
                SourceKind.Task => annotations.Tasks[i] == query.Id,
                SourceKind.Annotation => annotations.Ids[i] == query.Id,
                SourceKind.Annotator => annotations.Annotators[i] == query.Id,
                _ => false,
            })
            {
                Annotations++;
                _own.Add((annotations.Tasks[i], annotations.Ids[i]));

                // Where several agree the rows have the lowest annotation alone, and all their people.
                if (query.Kind == SourceKind.Annotation && annotations.Annotators[i] != RowIndex.None)
                {
                    Maker = (annotations.Tasks[i], annotations.Annotators[i].ToString(CultureInfo.InvariantCulture));
                }
            }
        }

        Entries = Find(index);
    }

    /// <summary>Numbers of entries, ascending.</summary>
    public IReadOnlyList<int> Entries { get; }

    /// <summary>How many annotations of the export are those that are asked for; of what no person makes, 0.</summary>
    public int Annotations { get; }

    /// <summary>The tasks of these annotations.</summary>
    public IEnumerable<long> Tasks => _own.Select(static one => one.Task);

    /// <summary>The task and annotator of the annotation that is asked for; null where they are not known.</summary>
    private (long Task, string Annotator)? Maker { get; }

    /// <summary>Whether anything of it is there.</summary>
    public bool IsAny => Entries.Count > 0 || Annotations > 0;

    /// <summary>Whether a row is one of those that are asked for.</summary>
    /// <param name="row">The row.</param>
    public bool Accepts(in SourceRowKey row) => _query.Kind switch
    {
        SourceKind.Episode => IsEpisode(row.TaskSubdir, row.Episode, _query.Text),
        SourceKind.Task => row.TaskId == _query.Id,
        SourceKind.Annotation => row.AnnotationId == _query.Id || (Maker is { } maker && row.TaskId == maker.Task && Has(row.AnnotatorIds, maker.Annotator)),
        SourceKind.Annotator => Has(row.AnnotatorIds, _query.Text),
        SourceKind.Medium => row.Media is { } link && IsMedium(link),
        _ => true,
    };

    /// <summary>Whether an episode has that name, with its task folder or without.</summary>
    public static bool IsEpisode(string taskSubdir, string name, string episode) => name == episode || $"{taskSubdir}/{name}" == episode;

    /// <summary>Whether ids with commas between hold one.</summary>
    public static bool Has(string ids, string id)
    {
        foreach (Range range in ids.AsSpan().Split(','))
        {
            if (ids.AsSpan(range).SequenceEqual(id))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsMedium(string link) =>
        link == _query.Text || _links.Contains(link)
        || (_query.Text.Length > 0 && link.Length > _query.Text.Length && link.EndsWith(_query.Text, StringComparison.Ordinal)
            && (link[^(_query.Text.Length + 1)] is '/' or '='));

    private List<int> Find(RowIndex index)
    {
        bool[] episodes = Is(index.Episodes, _query.Kind == SourceKind.Episode, number => IsEpisode(index.Folders.Text(number), index.Episodes.Text(number), _query.Text));
        bool[] people = Is(index.People, _query.Kind is SourceKind.Annotator or SourceKind.Annotation, number => Has(index.People.Text(number), Maker?.Annotator ?? _query.Text));
        bool[] media = Is(index.Media, _query.Kind == SourceKind.Medium, number => MayBe(index.Media[number]) && IsMedium(index.Media.Text(number)));
        var found = new List<int>();
        for (int i = 0; i < index.Count; i++)
        {
            bool dropped = index.EpisodeOf[i] < 0;
            if (_query.Kind switch
            {
                SourceKind.Episode => !dropped && episodes[index.EpisodeOf[i]],
                SourceKind.Task => index.Tasks[i] == _query.Id,
                SourceKind.Annotation => index.Annotations[i] == _query.Id
                    || (!dropped && Maker is { } maker && index.Tasks[i] == maker.Task && people[index.PeopleOf[i]]),
                SourceKind.Annotator => dropped ? _own.Contains((index.Tasks[i], index.Annotations[i])) : people[index.PeopleOf[i]],
                SourceKind.Medium => index.MediumOf[i] >= 0 && media[index.MediumOf[i]],
                _ => true,
            })
            {
                found.Add(i);
            }
        }

        return found;
    }

    // Of a million links none but those that end alike become strings.
    private bool MayBe(ReadOnlySpan<byte> link) => _links.Count > 0 || link.EndsWith(_text);

    private static bool[] Is(TextList texts, bool wanted, Func<int, bool> test) =>
        wanted ? [.. Enumerable.Range(0, texts.Count).Select(test)] : [];
}

/// <summary>What of a row questions are about.</summary>
internal readonly record struct SourceRowKey(string TaskSubdir, string Episode, long TaskId, long? AnnotationId, string AnnotatorIds, string? Media);

/// <summary>Whether a row is asked for.</summary>
internal delegate bool SourceRowFilter(in SourceRowKey row);
