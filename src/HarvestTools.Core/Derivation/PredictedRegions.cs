using System.Runtime.InteropServices;
using HarvestTools.Strings;

namespace HarvestTools.Derivation;

/// <summary>The regions of one prediction by id, and which of them an annotation has still. One a worker.</summary>
internal sealed class PredictedRegions
{
    private readonly Utf8Set _ids = new();

    // By the place in that set: whether the annotation at hand has the region.
    private readonly List<bool> _present = [];
    private List<Utf8Text>? _filled;
    private int _presentCount;

    // Where the annotation's next region is, if it has them in the prediction's order.
    private int _next;

    /// <summary>Forgets the task before, whose predictions are the same objects with what they held then.</summary>
    public void Begin() => _filled = null;

    /// <summary>Takes the regions of a prediction, which is mostly that of the task's other annotations.</summary>
    /// <param name="regionIds">Of the prediction, whose own list it is.</param>
    public void Fill(List<Utf8Text> regionIds)
    {
        if (ReferenceEquals(regionIds, _filled))
        {
            return;
        }

        _filled = regionIds;
        _ids.Clear();
        foreach (ref readonly Utf8Text id in CollectionsMarshal.AsSpan(regionIds))
        {
            _ids.Add(id);
        }
    }

    /// <summary>Begins an annotation, which has none of them so far.</summary>
    public void BeginAnnotation()
    {
        _presentCount = 0;
        _next = 0;
        CollectionsMarshal.SetCount(_present, _ids.Count);
        CollectionsMarshal.AsSpan(_present).Clear();
    }

    public bool Contains(Utf8Text id) => _ids.Contains(id);

    /// <summary>Whether the prediction has a region, which the annotation then has not deleted.</summary>
    public bool Mark(Utf8Text id)
    {
        int place = id.IsAbsent ? -1 : _ids.IsAt(_next, id) ? _next : _ids.PlaceOf(id);
        if (place < 0)
        {
            return false;
        }

        if (!_present[place])
        {
            _present[place] = true;
            _presentCount++;
        }

        _next = place + 1;
        return true;
    }

    /// <summary>How many of them the annotation has not; the collector of people's labels receives each as deleted.</summary>
    public int CountMissing(PeopleLabels people)
    {
        int missing = _ids.Count - _presentCount;
        for (int place = 0; missing > 0 && place < _present.Count; place++)
        {
            if (!_present[place])
            {
                people.AddDeleted(_ids[place], 1);
            }
        }

        return missing;
    }
}
