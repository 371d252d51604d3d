using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Filters;

/// <summary>
/// Several items of one annotation that are one region: a bare <c>rectangle</c>, and a <c>rectanglelabels</c> for each control
/// tag that labels it, all with the same id and the same geometry. The region's labels are those of all of them, each once.
/// </summary>
internal sealed class RepeatedItems
{
    private readonly Utf8Set _ids = new();
    private readonly HashSet<Shape> _labelled = [];
    private readonly Dictionary<Key, int> _first = [];
    private readonly GeometryDigest _geometry = new();

    /// <summary>Whether any two shapes of the annotation have one id, which most annotations have not.</summary>
    public bool Any { get; private set; }

    public void Begin(Annotation annotation)
    {
        Any = MayRepeat(annotation) && Repeats(annotation);
        if (!Any)
        {
            return;
        }

        _labelled.Clear();
        foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
        {
            if (!region.Id.IsAbsent && region.IsShape && region.Labels.Exists(static label => !label.IsEmptyOrAbsent))
            {
                _labelled.Add(ShapeOf(region));
            }
        }
    }

    /// <summary>False where no two ids can be equal, as in most annotations.</summary>
    private static bool MayRepeat(Annotation annotation)
    {
        Span<ulong> ends = stackalloc ulong[EndFilter.Words];
        ends.Clear();
        foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
        {
            if (!region.Id.IsAbsent && region.IsShape && !EndFilter.TryAdd(ends, region.Id.Span))
            {
                return true;
            }
        }

        return false;
    }

    private bool Repeats(Annotation annotation)
    {
        _ids.Clear();
        foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
        {
            if (!region.Id.IsAbsent && region.IsShape && !_ids.Add(region.Id))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a shape without labels of its own is one whose labels are on another item, which is drawn alike on the same medium.</summary>
    public bool IsLabelledElsewhere(Region region) => Any && !region.Id.IsAbsent && _labelled.Contains(ShapeOf(region));

    /// <summary>Leaves of equal candidates of one annotation one, the same for any order of the items.</summary>
    /// <param name="candidates">The list.</param>
    /// <param name="from">Where the annotation's begin.</param>
    public void Merge(List<Candidate> candidates, int from)
    {
        if (!Any)
        {
            return;
        }

        _first.Clear();
        int kept = from;
        for (int i = from; i < candidates.Count; i++)
        {
            Candidate candidate = candidates[i];
            Key key = candidate.Region.Id.IsAbsent ? default : KeyOf(candidate);
            if (!candidate.Region.Id.IsAbsent && !_first.TryAdd(key, kept))
            {
                ref Candidate known = ref CollectionsMarshal.AsSpan(candidates)[_first[key]];
                if (Compare(candidate.Region, known.Region) < 0)
                {
                    known = candidate;
                }

                continue;
            }

            candidates[kept++] = candidate;
        }

        candidates.RemoveRange(kept, candidates.Count - kept);
    }

    private static int Compare(Region a, Region b)
    {
        int order = a.Origin.CompareTo(b.Origin);
        if (order != 0
            || (order = a.ParentId.CompareTo(b.ParentId)) != 0
            || (order = Nullable.Compare(a.OriginalWidth, b.OriginalWidth)) != 0
            || (order = Nullable.Compare(a.OriginalHeight, b.OriginalHeight)) != 0
            || (order = a.FromName.CompareTo(b.FromName)) != 0
            || (order = Nullable.Compare(a.ItemIndex, b.ItemIndex)) != 0)
        {
            return order;
        }

        return a.Value.CompareTo(b.Value);
    }

    private Shape ShapeOf(Region region) => new(region.Id, region.ToName, region.ItemIndex ?? 0, region.Kind, _geometry.Of(region));

    // Of a segment each range is compared alone.
    private Key KeyOf(in Candidate candidate) => new(
        candidate.Region.Id,
        candidate.Label,
        candidate.Control,
        candidate.Kind,
        candidate.Medium,
        candidate.Start,
        candidate.End,
        candidate.Kind == RegionKind.Timeline ? default : _geometry.Of(candidate.Region));

    private readonly record struct Shape(Utf8Text Id, Utf8Text ToName, int Index, RegionKind Kind, Digest128 Geometry);

    private readonly record struct Key(
        Utf8Text Id, Utf8Text Label, Utf8Text Control, RegionKind Kind, int Medium, long Start, long End, Digest128 Geometry);
}
