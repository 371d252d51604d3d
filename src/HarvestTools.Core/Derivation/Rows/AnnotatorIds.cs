using System.Runtime.InteropServices;
using HarvestTools.Derivation.Geometry;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Derivation.Rows;

/// <summary>The column <c>annotator_ids</c>: the people behind a row, ascending, each once, with commas between.</summary>
internal sealed class AnnotatorIds(TextArena arena)
{
    private readonly List<long> _ids = [];
    private readonly Utf8Builder _text = new();

    // Of one annotation alone, which most rows are of; by its index.
    private readonly List<Utf8Text> _alone = [];

    // Of the last two annotations that agreed, which mostly agree again.
    private (int First, int Second) _pair;
    private Utf8Text _ofPair;

    public void Clear()
    {
        _alone.Clear();
        _pair = (-1, -1);
    }

    public Utf8Text Of(in Group group, List<Candidate> candidates, List<Annotation> annotations)
    {
        if (group.Members.Length == 1)
        {
            int annotation = At(candidates, group.Members[0]).Annotation;
            while (_alone.Count <= annotation)
            {
                _ids.Clear();
                Add(annotations[_alone.Count]);
                _alone.Add(ToText());
            }

            return _alone[annotation];
        }

        (int First, int Second) pair = group.Members.Length == 2
            ? (At(candidates, group.Members[0]).Annotation, At(candidates, group.Members[1]).Annotation)
            : (-1, -1);
        if (pair.First >= 0 && pair == _pair)
        {
            return _ofPair;
        }

        _ids.Clear();
        foreach (int member in group.Members)
        {
            Add(annotations[At(candidates, member).Annotation]);
        }

        _ids.Sort();
        (_pair, _ofPair) = (pair, ToText());
        return _ofPair;
    }

    /// <summary>Candidates are large: read them where they are.</summary>
    private static ref readonly Candidate At(List<Candidate> candidates, int index) => ref CollectionsMarshal.AsSpan(candidates)[index];

    private void Add(Annotation annotation)
    {
        if (annotation.AnnotatorId is { } id && !_ids.Contains(id))
        {
            _ids.Add(id);
        }
    }

    private Utf8Text ToText()
    {
        _text.Clear();
        for (int i = 0; i < _ids.Count; i++)
        {
            if (i > 0)
            {
                _text.Add((byte)',');
            }

            _text.Add(_ids[i]);
        }

        return _text.ToText(arena);
    }
}
