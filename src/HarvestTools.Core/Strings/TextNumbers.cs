using System.Runtime.InteropServices;

namespace HarvestTools.Strings;

/// <summary>
/// Numbers for texts that come again and again, as names of labels and control tags do, and the order of these texts: so that
/// texts are compared when they are new and numbers afterwards. Keeps copies of its own. One a worker.
/// </summary>
internal sealed class TextNumbers
{
    /// <summary>Where each task has names of its own, what is kept from task to task has an end.</summary>
    private const int KeptMost = 512;

    private readonly Utf8Set _texts = new();

    // Of a number the other one that came after it the last time, and its place in the order of the texts.
    private readonly List<int> _following = [0];
    private readonly List<int> _ranks = [];
    private readonly List<int> _inOrder = [];
    private readonly Comparison<int> _compare;
    private int _last;

    public TextNumbers() => _compare = (left, right) => _texts[left].CompareTo(_texts[right]);

    public int Count => _texts.Count;

    /// <summary>Begins a task; true where numbers that were given before it mean other texts from now on.</summary>
    public bool Begin()
    {
        if (_texts.Count <= KeptMost)
        {
            return false;
        }

        _texts.Clear();
        _following.Clear();
        _following.Add(0);
        _ranks.Clear();
        _last = 0;
        return true;
    }

    /// <summary>The number of a text, which may be absent.</summary>
    public int Of(Utf8Text text)
    {
        // A person labels one thing after another, mostly in one order, or the same thing again.
        int number = _following[_last];
        if (_texts.IsAt(number, text))
        {
            return _last = number;
        }

        if (_texts.IsAt(_last, text))
        {
            return _last;
        }

        number = FindOrAdd(text);
        _following[_last] = number;
        return _last = number;
    }

    /// <summary>The places of all texts in their order, by number; until the next new one.</summary>
    public List<int> Ranks()
    {
        if (_ranks.Count < _texts.Count)
        {
            CollectionsMarshal.SetCount(_ranks, _texts.Count);
            _inOrder.Clear();
            for (int i = 0; i < _texts.Count; i++)
            {
                _inOrder.Add(i);
            }

            _inOrder.Sort(_compare);
            for (int i = 0; i < _inOrder.Count; i++)
            {
                _ranks[_inOrder[i]] = i;
            }
        }

        return _ranks;
    }

    private int FindOrAdd(Utf8Text text)
    {
        int number = _texts.PlaceOf(text);
        if (number < 0)
        {
            number = _texts.Count;
            _texts.Add(text.IsAbsent ? text : new Utf8Text(text.Span.ToArray(), 0, text.Length));
            CollectionsMarshal.SetCount(_following, _texts.Count);
            _following[number] = 0;
        }

        return number;
    }
}
