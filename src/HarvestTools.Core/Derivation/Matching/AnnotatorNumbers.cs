using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// Who made which annotation of a task, as a number. Two annotations of one person are one annotator. Where the file does not name
/// the person, each annotation counts as another's: Label Studio lets a person submit once unless they ask for more.
/// </summary>
internal sealed class AnnotatorNumbers
{
    private readonly List<int> _numbers = [];

    /// <summary>How many different people there are.</summary>
    public int Count { get; private set; }

    public int Annotations => _numbers.Count;

    /// <summary>The number of the one who made the annotation with this index.</summary>
    public int this[int annotation] => _numbers[annotation];

    public void Find(List<Annotation> annotations)
    {
        _numbers.Clear();
        Count = 0;
        for (int i = 0; i < annotations.Count; i++)
        {
            _numbers.Add(Of(annotations, i));
        }
    }

    private int Of(List<Annotation> annotations, int index)
    {
        if (annotations[index].AnnotatorId is { } id)
        {
            for (int i = 0; i < index; i++)
            {
                if (annotations[i].AnnotatorId == id)
                {
                    return _numbers[i];
                }
            }
        }

        return Count++;
    }
}
