using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// The episodes that a task's data names, whether it is labelled or not. Without regions nothing says which of several media is
/// meant, so those of all are given. One a worker.
/// </summary>
internal sealed class NamedEpisodes
{
    private readonly TextArena _arena = new();
    private readonly DataMedia _data = new();
    private readonly FieldMapper _fields;
    private readonly MediumFinder _finder;
    private readonly Utf8Text[] _tags;

    /// <param name="fields">Where key columns and media come from.</param>
    /// <param name="config">The labeling configuration that was archived with the export; null where none was.</param>
    public NamedEpisodes(FieldMapping fields, LabelConfig? config)
    {
        _fields = new FieldMapper(fields, _arena);
        _finder = new MediumFinder(fields, config);

        // What lies deeper in the data is found by the tags that are said to show it.
        var tags = new TextArena();
        _tags =
        [
            .. fields.Objects.Keys.Select(tag => tags.Add(tag.AsSpan())),
            .. (config?.FixedObjects ?? []).Select(tag => tags.Add(tag)),
        ];
    }

    /// <param name="task">The task, with its data.</param>
    /// <param name="place">For messages.</param>
    /// <param name="found">Receives the episodes; some may come twice.</param>
    /// <param name="links">Receives the links of media; null where nobody asks for them.</param>
    /// <exception cref="HarvestException">A pattern took too long.</exception>
    public void Add(LabelTask task, in TaskPlace place, ICollection<(string TaskSubdir, string Episode)> found, ICollection<string>? links = null)
    {
        _arena.Clear();
        _data.Read(task.Data.Span);
        string? main = _data.MainLink();
        int longest = Math.Max(1, _data.Entries.Select(static entry => entry.Links.Count).DefaultIfEmpty().Max());
        for (int i = 0; i < longest; i++)
        {
            Utf8Text mapped = _fields.Media(task, place, i);
            if (!mapped.IsAbsent)
            {
                Add(mapped.ToString(), i, task, place, found, links);
                continue;
            }

            Add(main, i, task, place, found, links);
            foreach (DataMedia.Entry entry in _data.Entries)
            {
                if (entry.MayBeMedia && entry.At(i) is { } link && link != main)
                {
                    Add(link, i, task, place, found, links);
                }
            }

            foreach (Utf8Text tag in _tags)
            {
                if (_finder.Find(task.Data, _data, tag, i, indexed: true) is { Known: true, Link: { } shown } medium)
                {
                    Add(shown, medium.Place, task, place, found, links);
                }
            }
        }
    }

    private void Add(string? link, int listPlace, LabelTask task, in TaskPlace place, ICollection<(string TaskSubdir, string Episode)> found, ICollection<string>? links)
    {
        if (link is not null)
        {
            links?.Add(link);
        }

        (Utf8Text subdir, Utf8Text episode) = _fields.Episode(task, place, link, listPlace);
        found.Add((subdir.ToString(), episode.ToString()));
    }
}
