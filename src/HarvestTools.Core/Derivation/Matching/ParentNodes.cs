using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Matching;

/// <summary>The parents of a task's candidates, each once, in an order of content: by annotation, id and medium.</summary>
internal sealed class ParentNodes
{
    /// <summary>Up to here reading an annotation's regions for each parent is quicker than sorting them.</summary>
    private const int FewParents = 32;

    private readonly List<ParentNode> _nodes = [];
    private readonly HashSet<(int Annotation, ParentKey Key)> _known = [];
    private readonly List<(int Annotation, Region Region)> _regions = [];
    private Func<Region, ImageSize> _size = static _ => default;

    public int Count => _nodes.Count;

    public ParentNode this[int index] => _nodes[index];

    /// <summary>
    /// Makes a node for each region that a candidate names as its parent, and for the parents of those;
    /// <paramref name="size"/> gives the image's where an item has none.
    /// </summary>
    public void Collect(List<Annotation> annotations, List<int> ranks, List<Candidate> candidates, Func<Region, ImageSize> size)
    {
        _size = size;
        _nodes.Clear();
        foreach (ref readonly Candidate candidate in CollectionsMarshal.AsSpan(candidates))
        {
            // The points of one hand mostly stand together: do not make its node again for each.
            if (!candidate.Region.ParentId.IsEmptyOrAbsent
                && !(_nodes.Count > 0 && _nodes[^1].Annotation == candidate.Annotation && _nodes[^1].Key == ParentKey.Of(candidate.Region)))
            {
                _nodes.Add(new ParentNode(candidate.Annotation, ranks[candidate.Annotation], ParentKey.Of(candidate.Region), size));
            }
        }

        if (_nodes.Count > 0)
        {
            AddAncestors(annotations, ranks);
            _nodes.Sort();
        }
    }

    /// <summary>The place of the node of this annotation, told by its rank, and key.</summary>
    public int IndexOf(int rank, in ParentKey key)
    {
        int low = 0;
        int high = _nodes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = _nodes[middle].Rank.CompareTo(rank);
            if (order == 0)
            {
                order = _nodes[middle].Key.CompareTo(key);
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

    private void AddAncestors(List<Annotation> annotations, List<int> ranks)
    {
        _known.Clear();
        int kept = 0;
        for (int i = 0; i < _nodes.Count; i++)
        {
            if (_known.Add((_nodes[i].Annotation, _nodes[i].Key)))
            {
                _nodes[kept++] = _nodes[i];
            }
        }

        _nodes.RemoveRange(kept, _nodes.Count - kept);
        bool few = kept <= FewParents;
        if (!few)
        {
            IndexRegions(annotations);
        }

        for (int i = 0; i < _nodes.Count; i++)
        {
            ParentNode node = _nodes[i];
            if (few)
            {
                Scan(node, annotations[node.Annotation]);
            }
            else
            {
                Resolve(node);
            }

            if (!node.ParentId.IsEmptyOrAbsent && _known.Add((node.Annotation, node.ParentKey)))
            {
                _nodes.Add(new ParentNode(node.Annotation, ranks[node.Annotation], node.ParentKey, _size));
                if (few && _nodes.Count > FewParents)
                {
                    few = false;
                    IndexRegions(annotations);
                }
            }
        }
    }

    private static bool IsShape(Region region) =>
        !region.Id.IsAbsent && region.Kind is not (RegionKind.Attribute or RegionKind.Relation);

    private static void Scan(ParentNode node, Annotation annotation)
    {
        foreach (Region region in annotation.Regions)
        {
            if (region.Id == node.Id && IsShape(region))
            {
                node.Take(region);
            }
        }
    }

    private void IndexRegions(List<Annotation> annotations)
    {
        _regions.Clear();
        for (int i = 0; i < annotations.Count; i++)
        {
            foreach (Region region in annotations[i].Regions)
            {
                if (IsShape(region))
                {
                    _regions.Add((i, region));
                }
            }
        }

        _regions.Sort(static (a, b) => Compare(a, b.Annotation, b.Region.Id));
    }

    private void Resolve(ParentNode node)
    {
        int low = 0;
        int high = _regions.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Compare(_regions[middle], node.Annotation, node.Id) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (; low < _regions.Count && Compare(_regions[low], node.Annotation, node.Id) == 0; low++)
        {
            node.Take(_regions[low].Region);
        }
    }

    private static int Compare((int Annotation, Region Region) item, int annotation, Utf8Text id)
    {
        int order = item.Annotation.CompareTo(annotation);
        return order != 0 ? order : item.Region.Id.CompareTo(id);
    }
}
