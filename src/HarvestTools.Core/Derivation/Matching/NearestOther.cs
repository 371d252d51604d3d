using System.Runtime.InteropServices;
using HarvestTools.Work;

namespace HarvestTools.Derivation.Matching;

/// <summary>Finds the nearest region of another annotator, for the detail of a disagreement.</summary>
/// <param name="look">How many regions of one annotation are looked at.</param>
internal sealed class NearestOther(int look)
{
    // What rounding can make of a distance, in pixels or frames: more than it, so that nothing nearer is passed over.
    private const double Rounding = 1e-6;

    private readonly List<Placed> _placed = [];
    private readonly KeyedOrder _order = new();
    private readonly List<(int Start, int End, int Annotator)> _annotations = [];
    private readonly List<(double X, double Y)> _anchors = [];
    private int _start;
    private bool _bounded;

    /// <summary>Takes a run of positions that lie together by annotation.</summary>
    public void Begin(
        int start, int end, Func<int, (double X, double Y)> anchor, Func<int, int> annotation, Func<int, int> annotator, bool bounded)
    {
        CollectionsMarshal.SetCount(_placed, end - start);
        _annotations.Clear();
        _anchors.Clear();
        _start = start;
        _bounded = bounded;
        int first = start;
        for (int position = start; position < end; position++)
        {
            (double x, double y) = anchor(position);
            _anchors.Add((x, y));
            if (position + 1 == end || annotation(position) != annotation(position + 1))
            {
                _annotations.Add((first - start, position + 1 - start, annotator(position)));
                Place(first - start, position + 1 - start);
                first = position + 1;
            }
        }
    }

    /// <summary>Puts the places of one annotation in order: by x, and then as they come.</summary>
    private void Place(int from, int end)
    {
        ReadOnlySpan<(double X, double Y)> anchors = CollectionsMarshal.AsSpan(_anchors)[from..end];
        Span<long> numbers = _order.Begin(anchors.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            // A number that is none comes first, as where places are compared.
            numbers[i] = double.IsNaN(anchors[i].X) ? long.MinValue : KeyedOrder.Of(anchors[i].X);
        }

        Span<Placed> placed = CollectionsMarshal.AsSpan(_placed)[from..end];
        ReadOnlySpan<int> order = _order.Sort(Comparer<int>.Default);
        for (int i = 0; i < placed.Length; i++)
        {
            (double x, double y) = anchors[order[i]];
            placed[i] = new Placed(x, y, _start + from + order[i]);
        }
    }

    /// <summary>False where no other annotator has a region in the run.</summary>
    public bool Find(int position, int annotator, Func<int, int, double> distance, out double nearest)
    {
        nearest = double.PositiveInfinity;
        bool any = false;
        foreach ((int start, int end, int other) in _annotations)
        {
            if (other != annotator)
            {
                any = true;
                nearest = Search(position, start, end, distance, nearest);
            }
        }

        return any;
    }

    /// <summary>Goes outward from the place's x until nothing nearer can follow.</summary>
    private double Search(int position, int start, int end, Func<int, int, double> distance, double nearest)
    {
        (double x, double y) = _anchors[position - _start];
        ReadOnlySpan<Placed> placed = CollectionsMarshal.AsSpan(_placed);
        int found = placed[start..end].BinarySearch(new Placed(x, y, position));
        int right = start + (found < 0 ? ~found : found);
        int left = right - 1;
        for (int looked = 0; looked < look && (left >= start || right < end); looked++)
        {
            bool goRight = left < start || (right < end && placed[right].X - x <= x - placed[left].X);
            ref readonly Placed next = ref placed[goRight ? right++ : left--];
            if (_bounded && Math.Abs(next.X - x) > nearest)
            {
                break;
            }

            // Most are far above or below, and need not be measured.
            if (!_bounded || !(Math.Abs(next.Y - y) > nearest + Rounding))
            {
                nearest = Math.Min(nearest, distance(position, next.Position));
            }
        }

        return nearest;
    }

    private readonly record struct Placed(double X, double Y, int Position) : IComparable<Placed>
    {
        public int CompareTo(Placed other)
        {
            int order = X.CompareTo(other.X);
            return order != 0 ? order : Position.CompareTo(other.Position);
        }
    }
}
