using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HarvestTools.Rules;
using HarvestTools.Work;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// Finds the pairs of a run of positions that may agree. A few positions are compared each with each. Many are put on
/// a grid of columns as wide as the reach, so that only near ones are looked at; and in a crowd too dense to look at
/// whole, each position looks at a bounded number of the nearest along its columns. So thousands of regions take
/// n log n time, whatever their places.
/// </summary>
internal sealed class Neighbours
{
    // Columns have the upper bits of a number, what is left of y the lower ones.
    private const int LowBits = 43;
    private const double ColumnsMost = 1L << (62 - LowBits);

    private readonly List<Placed> _placed = [];
    private readonly List<Placed> _unordered = [];
    private readonly KeyedOrder _order = new();
    private readonly IComparer<int> _byPlace;
    private readonly int _allPairs;
    private readonly int _look;

    public Neighbours(DerivationLimits limits)
    {
        _allPairs = limits.CompareAllUpTo;
        _look = limits.CrowdLook;
        _byPlace = Comparer<int>.Create((left, right) => _unordered[left].CompareTo(_unordered[right]));
    }

    /// <summary>
    /// Calls <paramref name="visit"/> with each pair (a lower, b higher) of positions <paramref name="start"/> to
    /// <paramref name="end"/>, exclusive, and tells it when the pairs of one position are through. Offsets number each
    /// annotation's positions from 0, so that piles of equal places are interleaved and not annotation by annotation. Of a crowd
    /// pairs that are further apart than <paramref name="sideways"/> are left out.
    /// </summary>
    public void Visit(
        int start,
        int end,
        double reach,
        Func<int, (double X, double Y)> anchor,
        List<int> offsets,
        Action<int, int> visit,
        Action done,
        double sideways = double.PositiveInfinity)
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
        int before = 0;
        int behind = 0;
        for (int i = 0; i < _placed.Count; i++)
        {
            Placed place = _placed[i];
            Scan(place, place.Column, i, reach, sideways, visit);

            // A coordinate can be so large that the next column is the same number.
            if (place.Column - 1 < place.Column && place.Column < place.Column + 1)
            {
                Scan(place, place.Column - 1, before = Find(place, place.Column - 1, before), reach, sideways, visit);
                Scan(place, place.Column + 1, behind = Find(place, place.Column + 1, behind), reach, sideways, visit);
            }

            done();
        }
    }

    private void Place(int start, int end, double reach, Func<int, (double X, double Y)> anchor, List<int> offsets)
    {
        _unordered.Clear();
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        for (int position = start; position < end; position++)
        {
            (double x, double y) = anchor(position);
            double column = Math.Floor(x / reach);
            least = Math.Min(least, column);
            most = Math.Max(most, column);
            _unordered.Add(new Placed(column, y, x, offsets[position], position));
        }

        Span<long> keys = _order.Begin(_unordered.Count);
        bool numbered = most - least < ColumnsMost;
        for (int i = 0; numbered && i < keys.Length; i++)
        {
            Placed place = _unordered[i];
            keys[i] = ((long)(place.Column - least) << LowBits) + (KeyedOrder.Of(place.Y) >> (64 - LowBits)) + (1L << (LowBits - 1));
        }

        _placed.Clear();
        foreach (int i in numbered ? _order.Sort(_byPlace) : _order.SortBy(_byPlace))
        {
            _placed.Add(_unordered[i]);
        }
    }

    /// <summary>Where a place would be in another column. What is looked for comes in order, so that each look goes on from the one before.</summary>
    private int Find(Placed place, double column, int from)
    {
        ReadOnlySpan<Placed> placed = CollectionsMarshal.AsSpan(_placed);
        Placed wanted = place with { Column = column };
        while (from < placed.Length && placed[from].IsBefore(wanted))
        {
            from++;
        }

        return from;
    }

    private void Scan(in Placed place, double column, int middle, double reach, double sideways, Action<int, int> visit)
    {
        ReadOnlySpan<Placed> placed = CollectionsMarshal.AsSpan(_placed);
        int end = (int)Math.Min(placed.Length, (long)middle + _look);
        for (int i = middle; i < end && IsNear(place, placed[i], column, reach); i++)
        {
            Visit(place, placed[i], sideways, visit);
        }

        int start = Math.Max(0, middle - _look);
        for (int i = middle - 1; i >= start && IsNear(place, placed[i], column, reach); i--)
        {
            Visit(place, placed[i], sideways, visit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNear(in Placed place, in Placed other, double column, double reach) =>
        other.Column == column && Math.Abs(other.Y - place.Y) <= reach;

    // Columns are as wide as the reach, so that three of them hold many that are further aside.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Visit(in Placed place, in Placed other, double sideways, Action<int, int> visit)
    {
        if (other.Position > place.Position && !(Math.Abs(other.X - place.X) > sideways))
        {
            visit(place.Position, other.Position);
        }
    }

    private readonly record struct Placed(double Column, double Y, double X, int Offset, int Position) : IComparable<Placed>
    {
        // Columns and then places in them mostly decide; numbers that are none do not, and are left to the comparison.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool IsBefore(in Placed other) =>
            Column < other.Column
            || (Column == other.Column && Y < other.Y)
            || (!(Column > other.Column) && !(Column == other.Column && Y > other.Y) && CompareTo(other) < 0);

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
