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
    private readonly List<ParentNode> _made = [];
    private readonly List<ParentNode?> _ofCandidate = [];

    // Of more than a few, which are looked through one by one.
    private readonly Dictionary<(int Annotation, ParentKey Key), ParentNode> _known = [];
    private readonly List<(int Annotation, Region Region)> _regions = [];
    private Func<Region, ImageSize> _size = static _ => default;
    private List<int> _ranks = [];

    public int Count => _nodes.Count;

    public ParentNode this[int index] => _nodes[index];

    /// <summary>
    /// Makes a node for each region that a candidate names as its parent, and for the parents of those;
    /// <paramref name="size"/> gives the image's where an item has none.
    /// </summary>
    public void Collect(List<Annotation> annotations, List<int> ranks, List<Candidate> candidates, Func<Region, ImageSize> size)
    {
        (_size, _ranks) = (size, ranks);
        _nodes.Clear();
        _ofCandidate.Clear();
        ParentNode? last = null;
        foreach (ref readonly Candidate candidate in CollectionsMarshal.AsSpan(candidates))
        {
            if (candidate.Region.ParentId.IsEmptyOrAbsent)
            {
                _ofCandidate.Add(null);
                continue;
            }

            // The points of one hand mostly follow each other: do not look for its node again for each.
            if (last is null || last.Annotation != candidate.Annotation || !last.IsNamedBy(candidate.Region))
            {
                last = FindOrAdd(candidate.Annotation, ParentKey.Of(candidate.Region));
            }

            _ofCandidate.Add(last);
        }

        if (_nodes.Count > 0)
        {
            AddAncestors(annotations);
            Order();
            for (int i = 0; i < _nodes.Count; i++)
            {
                _nodes[i].Place = i;
            }
        }
    }

    /// <summary>The node of what a candidate names as its parent; null where it names none.</summary>
    public ParentNode? OfCandidate(int candidate) => _ofCandidate[candidate];

    private void Order()
    {
        if (_nodes.Count > FewParents)
        {
            _nodes.Sort();
            return;
        }

        for (int i = 1; i < _nodes.Count; i++)
        {
            ParentNode node = _nodes[i];
            int place = i;
            for (; place > 0 && _nodes[place - 1].CompareTo(node) > 0; place--)
            {
                _nodes[place] = _nodes[place - 1];
            }

            _nodes[place] = node;
        }
    }

    private ParentNode FindOrAdd(int annotation, in ParentKey key)
    {
        if (_nodes.Count <= FewParents)
        {
            for (int i = _nodes.Count - 1; i >= 0; i--)
            {
                if (_nodes[i].Annotation == annotation && _nodes[i].Key == key)
                {
                    return _nodes[i];
                }
            }
        }
        else if (_known.TryGetValue((annotation, key), out ParentNode? known))
        {
            return known;
        }

        if (_made.Count == _nodes.Count)
        {
            _made.Add(new ParentNode());
        }

        // The nodes of a task are as many of those that were made, which Order puts elsewhere in the other list alone.
        ParentNode added = _made[_nodes.Count];
        added.Begin(annotation, _ranks[annotation], key, _size);
        _nodes.Add(added);
        if (_nodes.Count == FewParents + 1)
        {
            _known.Clear();
            foreach (ParentNode node in _nodes)
            {
                _known.Add((node.Annotation, node.Key), node);
            }
        }
        else if (_nodes.Count > FewParents)
        {
            _known.Add((annotation, key), added);
        }

        return added;
    }

    private void AddAncestors(List<Annotation> annotations)
    {
        bool few = _nodes.Count <= FewParents;
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

            node.FindLabels();
            if (!node.ParentId.IsEmptyOrAbsent)
            {
                node.Parent = FindOrAdd(node.Annotation, node.ParentKey);
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
        foreach (Region region in CollectionsMarshal.AsSpan(annotation.Regions))
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
