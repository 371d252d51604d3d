using System.Runtime.InteropServices;
using HarvestTools.Rules;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// Finds the pairs of a run of positions that may agree. A few positions are compared each with each. Many are put on
/// a grid of columns as wide as the reach, so that only near ones are looked at; and in a crowd too dense to look at
/// whole, each position looks at a bounded number of the nearest along its columns. So thousands of regions take
/// n log n time, whatever their places.
/// </summary>
internal sealed class Neighbours(DerivationLimits limits)
{
    private readonly int _allPairs = limits.CompareAllUpTo;
    private readonly int _look = limits.CrowdLook;
    private readonly List<Placed> _placed = [];

    /// <summary>
    /// Calls <paramref name="visit"/> with each pair (a lower, b higher) of positions <paramref name="start"/> to
    /// <paramref name="end"/>, exclusive, and tells it when the pairs of one position are through. Offsets number each
    /// annotation's positions from 0, so that piles of equal places lie interleaved and not annotation by annotation.
    /// </summary>
    public void Visit(int start, int end, double reach, Func<int, (double X, double Y)> anchor, List<int> offsets, Action<int, int> visit, Action done)
    {
        if (end - start <= _allPairs)
        {
            for (int a = start; a < end; a++)
            {
                for (int b = a + 1; b < end; b++)
                {
                    visit(a, b);
                }

                done();
            }

            return;
        }

        Place(start, end, reach, anchor, offsets);
        for (int i = 0; i < _placed.Count; i++)
        {
            Placed place = _placed[i];
            Scan(place, place.Column, i, reach, visit);

            // A coordinate can be so large that the next column is the same number.
            if (place.Column - 1 < place.Column && place.Column < place.Column + 1)
            {
                Scan(place, place.Column - 1, Find(place, place.Column - 1), reach, visit);
                Scan(place, place.Column + 1, Find(place, place.Column + 1), reach, visit);
            }

            done();
        }
    }

    private void Place(int start, int end, double reach, Func<int, (double X, double Y)> anchor, List<int> offsets)
    {
        _placed.Clear();
        for (int position = start; position < end; position++)
        {
            (double x, double y) = anchor(position);
            _placed.Add(new Placed(Math.Floor(x / reach), y, x, offsets[position], position));
        }

        _placed.Sort(static (a, b) => a.CompareTo(b));
    }

    /// <summary>Where a place would be in another column.</summary>
    private int Find(Placed place, double column)
    {
        int found = CollectionsMarshal.AsSpan(_placed).BinarySearch(place with { Column = column });
        return found < 0 ? ~found : found;
    }

    private void Scan(Placed place, double column, int middle, double reach, Action<int, int> visit)
    {
        ReadOnlySpan<Placed> placed = CollectionsMarshal.AsSpan(_placed);
        for (int i = middle; i < placed.Length && i < middle + _look && IsNear(placed[i]); i++)
        {
            Visit(placed[i].Position);
        }

        for (int i = middle - 1; i >= 0 && i >= middle - _look && IsNear(placed[i]); i--)
        {
            Visit(placed[i].Position);
        }

        bool IsNear(in Placed other) => other.Column == column && Math.Abs(other.Y - place.Y) <= reach;

        void Visit(int other)
        {
            if (other > place.Position)
            {
                visit(place.Position, other);
            }
        }
    }

    private readonly record struct Placed(double Column, double Y, double X, int Offset, int Position) : IComparable<Placed>
    {
        public int CompareTo(Placed other)
        {
            int order = Column.CompareTo(other.Column);
            if (order != 0 || (order = Y.CompareTo(other.Y)) != 0 || (order = X.CompareTo(other.X)) != 0
                || (order = Offset.CompareTo(other.Offset)) != 0)
            {
                return order;
            }

            return Position.CompareTo(other.Position);
        }
    }
}
