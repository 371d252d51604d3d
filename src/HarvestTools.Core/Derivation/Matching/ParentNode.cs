using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Matching;

/// <summary>A region that others name as their parent, whatever became of it itself. Reused from task to task.</summary>
internal sealed class ParentNode : IComparable<ParentNode>
{
    private Func<Region, ImageSize> _size = static _ => default;
    private bool _found;

    // Scripts give regions of two media one id; a parent is then the one on the medium of what names it.
    private bool _onMedium;
    private RotatedBox? _box;

    // A field, since a property would copy it for a look at a part.
    private ParentKey _key;

    // All of its id that have labels, of which those at the place of its shape count.
    private readonly List<Region> _labelled = [];

    // Each once, the least first.
    private readonly List<Utf8Text> _labels = [];

    public int Annotation { get; private set; }

    /// <summary>The annotation's place by id and content.</summary>
    public int Rank { get; private set; }

    public ParentKey Key => _key;

    public Utf8Text Id => _key.Id;

    public Utf8Text ParentId { get; private set; }

    /// <summary>What it names as its own parent, on the medium that it is on itself.</summary>
    public ParentKey ParentKey => new(ParentId, ToName, Index);

    /// <summary>The node of its own parent; null where it names none.</summary>
    public ParentNode? Parent { get; set; }

    /// <summary>Its place among all of the task.</summary>
    public int Place { get; set; }

    /// <summary>The group of its own parent; -1 for none.</summary>
    public int ParentGroup { get; set; }

    public int? Group { get; set; }

    /// <summary>In pixels, or on the nominal image where the size is unknown; null for shapes without a box or point.</summary>
    public BoxCorners? Box { get; private set; }

    private RegionKind Kind { get; set; }

    // Of the shape; a parent that is not in the annotation has none, and matches its like.
    private Utf8Text ToName { get; set; }

    private int Index { get; set; }

    private Utf8Text Control { get; set; }

    /// <summary>Whether it has more than one label, so that it may be the same as nodes of either.</summary>
    public bool HasSeveralLabels => _labels.Count > 1;

    private Utf8Text Label => _labels.Count > 0 ? _labels[0] : default;

    /// <summary>Forgets the task before.</summary>
    /// <param name="annotation">Index of its annotation.</param>
    /// <param name="rank">The annotation's place by id and content.</param>
    /// <param name="key">Its region id, and the medium of those that name it.</param>
    /// <param name="size">Gives the image's size where its own item has none.</param>
    public void Begin(int annotation, int rank, in ParentKey key, Func<Region, ImageSize> size)
    {
        (Annotation, Rank, _key, _size) = (annotation, rank, key, size);
        _found = _onMedium = false;
        _labelled.Clear();
        _labels.Clear();
        (_box, Box) = (null, null);
        (ParentId, Parent, Group) = (default, null, null);
        (ParentGroup, Place) = (-1, 0);
        (Kind, ToName, Index, Control) = (default, default, 0, default);
    }

    /// <summary>Whether it is the parent that a region of its annotation names.</summary>
    public bool IsNamedBy(Region child) => _key.Id == child.ParentId && _key.IsMediumOf(child);

    /// <summary>Takes over what an item with this id says; of two shapes with one id the same one for any order.</summary>
    public void Take(Region region)
    {
        if (region.Labels.Count > 0)
        {
            _labelled.Add(region);
        }

        // An item of type labels gives its label to the shape of its id, and is no shape itself.
        bool onMedium = Key.IsMediumOf(region);
        if (region.Kind == RegionKind.Labels || (_onMedium && !onMedium))
        {
            return;
        }

        if (onMedium && !_onMedium)
        {
            (_onMedium, _found) = (true, false);
        }

        RotatedBox? box = BoxOf(region);
        if (!_found || Compare(box, region) < 0)
        {
            _found = true;
            _box = box;
            Box = box is { } known ? new BoxCorners(known) : null;
            Kind = region.Kind;
            ParentId = region.ParentId;
            (ToName, Index, Control) = (region.ToName, region.ItemIndex ?? 0, region.FromName);
        }
    }

    /// <summary>Finds its labels once all items were taken: those of its shape's items, and none where it has no shape.</summary>
    public void FindLabels()
    {
        if (!_found)
        {
            return;
        }

        var shape = new ParentKey(default, ToName, Index);
        foreach (Region region in CollectionsMarshal.AsSpan(_labelled))
        {
            if (region.Kind == RegionKind.Labels ? shape.MayBeMediumOf(region) : shape.IsMediumOf(region))
            {
                foreach (Utf8Text label in CollectionsMarshal.AsSpan(region.Labels))
                {
                    AddLabel(label);
                }
            }
        }
    }

    /// <summary>Whether the two have a label that is the same, or neither has one.</summary>
    public bool SharesLabel(ParentNode other)
    {
        if (_labels.Count == 0 || other._labels.Count == 0)
        {
            return _labels.Count == other._labels.Count;
        }

        foreach (Utf8Text label in _labels)
        {
            if (other._labels.Contains(label))
            {
                return true;
            }
        }

        return false;
    }

    public int CompareTo(ParentNode? other)
    {
        int order = Rank.CompareTo(other!.Rank);
        return order != 0 ? order : Key.CompareTo(other.Key);
    }

    /// <summary>Only nodes equal in this can be the same thing, and of those that have one label each only nodes of one label.</summary>
    public int CompareKey(ParentNode other)
    {
        int order = CompareKeyButLabels(other);
        return order != 0 ? order : Label.CompareTo(other.Label);
    }

    /// <summary>The order of keys, of which labels are the last part.</summary>
    public int CompareKeyButLabels(ParentNode other)
    {
        // Children are compared within their own medium, so a parent matters to those of one medium alone.
        int order = ParentGroup.CompareTo(other.ParentGroup);
        if (order != 0
            || (order = Key.ToName.CompareTo(other.Key.ToName)) != 0
            || (order = Key.Index.CompareTo(other.Key.Index)) != 0
            || (order = ToName.CompareTo(other.ToName)) != 0
            || (order = Index.CompareTo(other.Index)) != 0
            || (order = Control.CompareTo(other.Control)) != 0)
        {
            return order;
        }

        return ((int)Kind).CompareTo((int)other.Kind);
    }

    /// <summary>Null where they cannot be the same by their places.</summary>
    public double? DistanceTo(ParentNode other)
    {
        if (Box is not { } left || other.Box is not { } right || (Kind != RegionKind.Keypoint && !Overlap(left, right)))
        {
            return null;
        }

        return BoxDistance.Measure(left, right, 0, out _);
    }

    /// <summary>The longer side of the upright rectangle around it; 0 for points and other shapes.</summary>
    public double Extent()
    {
        if (Box is not { } box)
        {
            return 0;
        }

        (double left, double top, double right, double bottom) = Bounds(box);
        return Math.Max(right - left, bottom - top);
    }

    private void AddLabel(Utf8Text label)
    {
        // Mostly it is the one that is there.
        int place = 0;
        for (; place < _labels.Count; place++)
        {
            int order = label.CompareTo(_labels[place]);
            if (order == 0)
            {
                return;
            }

            if (order < 0)
            {
                break;
            }
        }

        _labels.Insert(place, label);
    }

    private RotatedBox? BoxOf(Region region)
    {
        ImageSize used = ImageSize.Of(region) ?? _size(region);
        if (region.Kind == RegionKind.Polygon && region.Points.Count > 0)
        {
            PercentBox around = Outline.BoundsOf(region.Points);
            return RotatedBox.FromPercent(around.X, around.Y, around.Width, around.Height, 0, used.Width, used.Height);
        }

        bool isBox = region.Kind == RegionKind.Rectangle && region.Width is not null && region.Height is not null;
        return (isBox || region.Kind == RegionKind.Keypoint) && region.X is { } x && region.Y is { } y
            ? RotatedBox.FromPercent(
                x, y, isBox ? region.Width!.Value : 0, isBox ? region.Height!.Value : 0, region.Rotation ?? 0, used.Width, used.Height)
            : null;
    }

    private int Compare(RotatedBox? box, Region region)
    {
        int order = ((int)region.Kind).CompareTo((int)Kind);
        if (order != 0
            || (order = region.ToName.CompareTo(ToName)) != 0
            || (order = (region.ItemIndex ?? 0).CompareTo(Index)) != 0
            || (order = region.FromName.CompareTo(Control)) != 0
            || (order = Nullable.Compare(box?.X, _box?.X)) != 0
            || (order = Nullable.Compare(box?.Y, _box?.Y)) != 0
            || (order = Nullable.Compare(box?.Width, _box?.Width)) != 0
            || (order = Nullable.Compare(box?.Height, _box?.Height)) != 0
            || (order = Nullable.Compare(box?.Rotation, _box?.Rotation)) != 0)
        {
            return order;
        }

        return region.ParentId.CompareTo(ParentId);
    }

    private static bool Overlap(in BoxCorners a, in BoxCorners b)
    {
        (double left, double top, double right, double bottom) = Bounds(a);
        (double otherLeft, double otherTop, double otherRight, double otherBottom) = Bounds(b);
        return left <= otherRight && otherLeft <= right && top <= otherBottom && otherTop <= bottom;
    }

    private static (double Left, double Top, double Right, double Bottom) Bounds(in BoxCorners box)
    {
        FourPoints points = box.Points;
        (double left, double top, double right, double bottom) = (points[0].X, points[0].Y, points[0].X, points[0].Y);
        foreach (PixelPoint corner in points)
        {
            left = Math.Min(left, corner.X);
            top = Math.Min(top, corner.Y);
            right = Math.Max(right, corner.X);
            bottom = Math.Max(bottom, corner.Y);
        }

        return (left, top, right, bottom);
    }
}
