using System.Runtime.InteropServices;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>
/// Items that belong to a region by having its id: choices, text and numbers become attributes of its rows, an item of
/// type <c>labels</c> (older control tags draw a bare <c>rectangle</c> or <c>keypoint</c> and label it separately) gives
/// it labels. An item of no region at all is said of the whole medium and gets a row of its own. One whose region does not
/// exist or gave no row is rejected, so that none disappears.
/// </summary>
internal sealed class RegionAttributes(Rejections rejections)
{
    private readonly List<Item> _items = [];
    private readonly AttributeJson _json = new();
    private readonly Utf8Set _drawn = new();
    private readonly HashSet<(Utf8Text Id, Utf8Text ToName)> _onFirst = [];

    /// <summary>False for most tasks, which then pay nothing.</summary>
    public bool Any => _items.Count > 0;

    public static bool Is(Region region) => region.Kind is RegionKind.Attribute or RegionKind.Labels;

    public void Begin(List<Annotation> annotations)
    {
        _items.Clear();
        for (int i = 0; i < annotations.Count; i++)
        {
            foreach (Region region in CollectionsMarshal.AsSpan(annotations[i].Regions))
            {
                if (Is(region))
                {
                    _items.Add(new Item(i, region));
                }
            }
        }

        if (_items.Count > 1)
        {
            _items.Sort(static (a, b) => a.CompareTo(b));
        }

        FindFirst(annotations);
        FindChoices(annotations);
    }

    /// <summary>
    /// Finds the items without an index that are on the first of several media of their tag: those whose region is there. Others
    /// are from scripts that leave out what repeats the region's own place.
    /// </summary>
    private void FindFirst(List<Annotation> annotations)
    {
        int firstOf = -1;
        foreach (Item item in _items)
        {
            if (item.Region.ItemIndex is not null || item.Region.ToName.IsAbsent)
            {
                continue;
            }

            if (firstOf != item.Annotation)
            {
                firstOf = item.Annotation;
                CollectFirst(annotations[firstOf]);
            }

            item.Index = _onFirst.Contains((item.Region.Id, item.Region.ToName)) ? 0 : null;
        }
    }

    private void CollectFirst(Annotation annotation)
    {
        _onFirst.Clear();
        bool any = false;
        foreach (Region region in annotation.Regions)
        {
            any |= region.ItemIndex > 0;
        }

        // Most tags show one medium.
        if (!any)
        {
            return;
        }

        foreach (Region region in annotation.Regions)
        {
            if (region.IsShape && !region.Id.IsAbsent && region.ItemIndex is null or 0)
            {
                _onFirst.Add((region.Id, region.ToName));
            }
        }
    }

    private void FindChoices(List<Annotation> annotations)
    {
        int drawnOf = -1;
        foreach (Item item in _items)
        {
            if (item.Region.Kind != RegionKind.Attribute)
            {
                continue;
            }

            if (drawnOf != item.Annotation)
            {
                drawnOf = item.Annotation;
                _drawn.Clear();
                foreach (Region region in CollectionsMarshal.AsSpan(annotations[drawnOf].Regions))
                {
                    if (region.Kind is not (RegionKind.Attribute or RegionKind.Relation) && !region.Id.IsAbsent)
                    {
                        _drawn.Add(region.Id);
                    }
                }
            }

            // What repeats the geometry of a region belongs to one that is not there.
            Region own = item.Region;
            item.IsChoice = (own.Id.IsAbsent || !_drawn.Contains(own.Id))
                && own is { X: null, Y: null, Points.Count: 0, Ranges.Count: 0, KeyFrames.Count: 0 };
        }
    }

    /// <summary>The items of the annotation with this index that belong to the region; empty where it has no id.</summary>
    public ItemRange Of(int annotation, Region region)
    {
        if (_items.Count == 0 || region.Id.IsAbsent)
        {
            return default;
        }

        int start = LowerBound(annotation, region.Id);
        int end = start;
        while (end < _items.Count && _items[end].Annotation == annotation && _items[end].Region.Id == region.Id)
        {
            end++;
        }

        return new ItemRange(start, end, region);
    }

    /// <summary>Hands the labels of the range's <c>labels</c> items to <paramref name="labels"/>.</summary>
    public void AddLabels(ItemRange range, LabelSet labels)
    {
        for (int i = range.Start; i < range.End; i++)
        {
            if (_items[i].Region.Kind != RegionKind.Attribute && _items[i].IsOf(range))
            {
                labels.Add(_items[i].Region);
            }
        }
    }

    /// <summary>The attributes of the range as one JSON object; absent where there are none.</summary>
    public Utf8Text Attributes(ItemRange range, TextArena arena)
    {
        if (range.Start == range.End)
        {
            return default;
        }

        _json.Begin();
        for (int i = range.Start; i < range.End; i++)
        {
            if (_items[i].Region.Kind == RegionKind.Attribute && _items[i].IsOf(range))
            {
                _json.Add(_items[i].Region, arena);
            }
        }

        return _json.End(arena);
    }

    /// <summary>The region of these items gave a row.</summary>
    public void MarkKept(ItemRange range)
    {
        for (int i = range.Start; i < range.End; i++)
        {
            _items[i].Kept |= _items[i].IsOf(range);
        }
    }

    /// <summary>A region or label of these items was dropped; the items go with it unless another one was kept.</summary>
    public void MarkDropped(ItemRange range, DropReason reason)
    {
        for (int i = range.Start; i < range.End; i++)
        {
            // The earliest reason, not the last one seen, so that the order of regions does not matter.
            if (_items[i].IsOf(range) && (_items[i].Dropped is not { } known || reason < known))
            {
                _items[i].Dropped = reason;
            }
        }
    }

    /// <summary>Whether an item is said of the whole medium: no item of its annotation that is drawn has its id, and it repeats no geometry.</summary>
    public bool IsChoice(int index) => _items[index].IsChoice;

    /// <summary>The items by place, sorted by annotation and region.</summary>
    public int Count => _items.Count;

    /// <summary>The item at a place, and the index of its annotation.</summary>
    public (int Annotation, Region Region) At(int index) => (_items[index].Annotation, _items[index].Region);

    public void Finish(List<Annotation> annotations, Tally tally)
    {
        foreach (Item item in _items)
        {
            if (item.IsChoice)
            {
                continue;
            }

            if (item.Kept)
            {
                tally.Attributes++;
            }
            else if (item.Dropped is { } reason)
            {
                rejections.Add(reason, annotations[item.Annotation], item.Region, "belongs to a dropped region"u8);
            }
            else
            {
                rejections.Add(DropReason.UnsupportedType, annotations[item.Annotation], item.Region, "no region has its id"u8);
            }
        }
    }

    private int LowerBound(int annotation, Utf8Text id)
    {
        int low = 0;
        int high = _items.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = _items[middle].Annotation.CompareTo(annotation);
            if (order == 0)
            {
                order = _items[middle].Region.Id.CompareTo(id);
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Items of one id, of which those belong to a region that are on its medium.</summary>
    public readonly record struct ItemRange(int Start, int End, Region? Region);

    private sealed class Item(int annotation, Region region)
    {
        public int Annotation { get; } = annotation;

        public Region Region { get; } = region;

        /// <summary>Which of several media of its tag it is on; null where that is its region's.</summary>
        public int? Index { get; set; } = region.ItemIndex;

        public bool IsChoice { get; set; }

        public bool Kept { get; set; }

        public DropReason? Dropped { get; set; }

        /// <summary>Whether it belongs to the region of a range of items with its id: what it says of its place must be the same.</summary>
        public bool IsOf(in ItemRange range) =>
            (Region.ToName.IsAbsent || Region.ToName == range.Region!.ToName) && (Index is null || Index == (range.Region!.ItemIndex ?? 0));

        /// <summary>By region, then by control tag, so that attributes come in one order.</summary>
        public int CompareTo(Item other)
        {
            int order = Annotation.CompareTo(other.Annotation);
            if (order != 0
                || (order = Region.Id.CompareTo(other.Region.Id)) != 0
                || (order = AttributeJson.TagOf(Region).CompareTo(AttributeJson.TagOf(other.Region))) != 0
                || (order = Region.FromName.CompareTo(other.Region.FromName)) != 0)
            {
                return order;
            }

            return Region.Type.CompareTo(other.Region.Type);
        }
    }
}
