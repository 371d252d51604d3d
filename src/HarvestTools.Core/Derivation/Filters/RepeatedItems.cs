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
    private readonly HashSet<(Utf8Text Id, Utf8Text ToName, int Index, RegionShape Shape)> _labelled = [];
    private readonly HashSet<Region> _bare = [];
    private readonly Dictionary<Key, int> _first = [];

    /// <summary>Whether any two shapes of the annotation have one id, which most annotations have not.</summary>
    public bool Any { get; private set; }

    public void Begin(Annotation annotation)
    {
        Any = false;
        _ids.Clear();
        foreach (Region region in annotation.Regions)
        {
            if (!region.Id.IsAbsent && region.IsShape && !_ids.Add(region.Id))
            {
                Any = true;
                break;
            }
        }

        if (!Any)
        {
            return;
        }

        FindBare(annotation);
    }

    /// <summary>Whether a shape without labels of its own is one whose labels are on another item.</summary>
    public bool IsLabelledElsewhere(Region region) => Any && _bare.Contains(region);

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
            if (!candidate.Region.Id.IsAbsent && !_first.TryAdd(Key.Of(candidate), kept))
            {
                ref Candidate known = ref CollectionsMarshal.AsSpan(candidates)[_first[Key.Of(candidate)]];
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

    // Asked before any track's key frames are put in order, which would make two that are equal differ.
    private void FindBare(Annotation annotation)
    {
        _labelled.Clear();
        _bare.Clear();
        foreach (Region region in annotation.Regions)
        {
            if (!region.Id.IsAbsent && region.IsShape && region.Labels.Exists(static label => !label.IsEmptyOrAbsent))
            {
                _labelled.Add(KeyOf(region));
            }
        }

        foreach (Region region in annotation.Regions)
        {
            if (!region.Id.IsAbsent && region.IsShape && _labelled.Contains(KeyOf(region)))
            {
                _bare.Add(region);
            }
        }
    }

    private static (Utf8Text Id, Utf8Text ToName, int Index, RegionShape Shape) KeyOf(Region region) =>
        (region.Id, region.ToName, region.ItemIndex ?? 0, new RegionShape(region));

    private static int Compare(Region a, Region b)
    {
        int order = a.Origin.CompareTo(b.Origin);
        if (order != 0
            || (order = a.ParentId.CompareTo(b.ParentId)) != 0
            || (order = Nullable.Compare(a.OriginalWidth, b.OriginalWidth)) != 0
            || (order = Nullable.Compare(a.OriginalHeight, b.OriginalHeight)) != 0
            || (order = a.FromName.CompareTo(b.FromName)) != 0)
        {
            return order;
        }

        return a.Value.CompareTo(b.Value);
    }

    private readonly record struct Key(Utf8Text Id, Utf8Text Label, Utf8Text Control, int Medium, long Start, long End, RegionShape Shape)
    {
        public static Key Of(in Candidate candidate) => new(
            candidate.Region.Id,
            candidate.Label,
            candidate.Control,
            candidate.Medium,
            candidate.Start,
            candidate.End,
            new RegionShape(candidate.Region));
    }
}
