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

    public void Clear() => _alone.Clear();

    public Utf8Text Of(in Group group, List<Candidate> candidates, List<Annotation> annotations)
    {
        if (group.Members.Length == 1)
        {
            int annotation = candidates[group.Members[0]].Annotation;
            while (_alone.Count <= annotation)
            {
                _ids.Clear();
                Add(annotations[_alone.Count]);
                _alone.Add(ToText());
            }

            return _alone[annotation];
        }

        _ids.Clear();
        foreach (int member in group.Members)
        {
            Add(annotations[candidates[member].Annotation]);
        }

        _ids.Sort();
        return ToText();
    }

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
