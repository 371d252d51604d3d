using System.Runtime.InteropServices;

namespace HarvestTools.Derivation.Matching;

/// <summary>Finds the nearest region of another annotator, for the detail of a disagreement.</summary>
/// <param name="look">How many regions of one annotation are looked at.</param>
internal sealed class NearestOther(int look)
{
    private readonly List<Placed> _placed = [];
    private readonly List<(int Start, int End, int Annotator)> _annotations = [];
    private readonly Dictionary<int, double> _x = [];
    private bool _bounded;

    /// <summary>Takes a run of positions that lie together by annotation.</summary>
    public void Begin(
        int start, int end, Func<int, (double X, double Y)> anchor, Func<int, int> annotation, Func<int, int> annotator, bool bounded)
    {
        _placed.Clear();
        _annotations.Clear();
        _x.Clear();
        _bounded = bounded;
        int first = start;
        for (int position = start; position < end; position++)
        {
            double x = anchor(position).X;
            _placed.Add(new Placed(x, position));
            _x[position] = x;
            if (position + 1 == end || annotation(position) != annotation(position + 1))
            {
                _annotations.Add((first - start, position + 1 - start, annotator(position)));
                CollectionsMarshal.AsSpan(_placed)[(first - start)..].Sort();
                first = position + 1;
            }
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
        double x = _x[position];
        ReadOnlySpan<Placed> placed = CollectionsMarshal.AsSpan(_placed);
        int found = placed[start..end].BinarySearch(new Placed(x, position));
        int right = start + (found < 0 ? ~found : found);
        int left = right - 1;
        for (int looked = 0; looked < look && (left >= start || right < end); looked++)
        {
            bool goRight = left < start || (right < end && placed[right].X - x <= x - placed[left].X);
            Placed next = goRight ? placed[right++] : placed[left--];
            if (_bounded && Math.Abs(next.X - x) > nearest)
            {
                break;
            }

            nearest = Math.Min(nearest, distance(position, next.Position));
        }

        return nearest;
    }

    private readonly record struct Placed(double X, int Position) : IComparable<Placed>
    {
        public int CompareTo(Placed other)
        {
            int order = X.CompareTo(other.X);
            return order != 0 ? order : Position.CompareTo(other.Position);
        }
    }
}
