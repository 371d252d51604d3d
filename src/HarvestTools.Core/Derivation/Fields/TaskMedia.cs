using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Configs;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Fields;

/// <summary>
/// The media of one task that regions are on, each with the key columns of what is on it. One a worker; the texts live in the
/// arena that it is given.
/// </summary>
internal sealed class TaskMedia(FieldMapping fields, LabelConfig? config, TextArena arena)
{
    private const int FewMedia = 4;

    private readonly FieldMapper _fields = new(fields, arena);
    private readonly MediumFinder _finder = new(fields, config);
    private readonly DataMedia _data = new();
    private readonly List<Medium> _media = [];

    // Of the media behind the first few, which are looked through one by one.
    private readonly Dictionary<(Utf8Text ToName, int Index), int> _places = [];

    // Tags on which any region says which of several media it is on.
    private readonly Utf8Set _indexed = new();

    // The first of regions in a row that are on one medium.
    private readonly List<Region> _first = [];

    // Whether all regions that are on a medium are on one, as those of most tasks.
    private bool _isOne;
    private TaskFields _main;
    private LabelTask _task = null!;
    private TaskPlace _place;
    private Tally _tally = null!;

    /// <summary>In the order in which the file's regions name them, which nothing may depend on.</summary>
    public List<Medium> All => _media;

    /// <summary>
    /// The key columns that stand for the task as a whole: of its media the first by tag and index, or where no region is on
    /// any, what the task's data names.
    /// </summary>
    public TaskFields Main => _main;

    /// <summary>Finds the media of all regions that can give rows.</summary>
    /// <param name="task">The task.</param>
    /// <param name="place">For messages.</param>
    /// <param name="tally">Receives where fields came from.</param>
    /// <exception cref="HarvestException">A frame is no integer.</exception>
    public void Begin(LabelTask task, in TaskPlace place, Tally tally)
    {
        (_task, _place, _tally) = (task, place, tally);
        _media.Clear();
        _places.Clear();
        _indexed.Clear();
        _first.Clear();
        _isOne = false;
        _data.Read(task.Data.Span);
        FieldMapper.Note(task, place, tally);
        Region? before = null;
        foreach (Annotation annotation in task.Annotations)
        {
            foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
            {
                if (region.ItemIndex is not null)
                {
                    _indexed.Add(region.ToName);
                }

                // Mostly all are on one medium; what it is can be said when it is known which tags have indices.
                if (region.HasMedium && (before is null || !region.IsOnMediumOf(before)))
                {
                    before = region;
                    _first.Add(region);
                }
            }
        }

        foreach (Region region in _first)
        {
            IndexOf(region);
        }

        _isOne = _first.Count == 1;
        Medium? first = First();
        _main = first?.Fields ?? _fields.Map(task, place, _data.MainLink(), 0);
        _main.Origins.Count(tally);
    }

    /// <summary>The place in <see cref="All"/> of the medium that a region is on; an item that names none may add one.</summary>
    public int IndexOf(Region region)
    {
        if (!TryFind(region, out int index))
        {
            index = _media.Count;
            if (index >= FewMedia)
            {
                _places.Add(KeyOf(region), index);
            }

            _media.Add(Make(region, _task, _place, _tally));
        }

        return index;
    }

    /// <summary>Whether the episode of what is on a region's medium is left out.</summary>
    // Inlined, since hardly any definition leaves something out.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsExcluded(Region region, Exclusion exclude) => exclude.Episodes.Count > 0 && IsAmong(region, exclude);

    private bool IsAmong(Region region, Exclusion exclude)
    {
        TaskFields of = _media[IndexOf(region)].Fields;
        return exclude.HasEpisode(of.TaskSubdir.ToString(), of.Episode.ToString());
    }

    private static (Utf8Text ToName, int Index) KeyOf(Region region) => (region.ToName, region.ItemIndex ?? 0);

    /// <summary>The place in <see cref="All"/> of the medium that a region is on; false where it is on none.</summary>
    public bool TryFind(Region region, out int place)
    {
        if (_isOne && region.HasMedium)
        {
            place = 0;
            return true;
        }

        int few = Math.Min(_media.Count, FewMedia);
        for (place = 0; place < few; place++)
        {
            if (_media[place].Shows(region))
            {
                return true;
            }
        }

        return _media.Count > FewMedia && _places.TryGetValue(KeyOf(region), out place);
    }

    private Medium? First()
    {
        Medium? first = null;
        foreach (Medium medium in _media)
        {
            int order = first is null ? -1 : medium.ToName.CompareTo(first.ToName);
            if (order < 0 || (order == 0 && medium.Index < first!.Index))
            {
                first = medium;
            }
        }

        return first;
    }

    private Medium Make(Region region, LabelTask task, in TaskPlace place, Tally tally)
    {
        int index = region.ItemIndex ?? 0;
        bool indexed = _indexed.Contains(region.ToName);
        MediumFinder.Shown shown = _finder.Find(task.Data, _data, region.ToName, index, indexed);

        if (fields.Objects.Count > 0 && !region.ToName.IsAbsent && region.ToName.ToString() is var tag && _finder.HasPlaceFor(tag))
        {
            tally.NoteMappedTag(tag, shown.Known);
        }

        // Where nothing says what the tag shows, a mapped list is still the one that indices choose from; a numbered tag without
        // them is on some element of it, and which is not known.
        int listPlace = shown.Known ? shown.Place : !indexed && MediumFinder.IsNumbered(region.ToName.Span) ? FieldMapper.NoPlace : index;
        Utf8Text mapped = _fields.Media(task, place, listPlace);
        string? link = mapped.IsAbsent ? shown.Link : mapped.ToString();

        // Without any image or video in the data the tag shows text, of which there is nothing to be known.
        string? main = _data.MainLink();
        bool known = shown.Known || !mapped.IsAbsent || (main is null && !DataMedia.HasNested(task.Data.Span));
        if (!known)
        {
            tally.UnknownMedia++;
        }

        return new Medium(region.ToName, index)
        {
            Link = link is null ? default : arena.Add(link.AsSpan()),
            IsKnown = known,
            IsList = shown.IsList,

            // Where it is not known which medium it is, or it has no path, what the task names first says more than nothing.
            Fields = _fields.Map(task, place, link ?? main, listPlace),
            HasPath = (link ?? main) is not null,
        };
    }
}
