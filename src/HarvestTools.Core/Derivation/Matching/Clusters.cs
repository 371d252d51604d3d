using System.Runtime.InteropServices;

namespace HarvestTools.Derivation.Matching;

/// <summary>
/// Positions gathered into groups, each a chain in ascending order, so that a group's first member is its lead.
/// </summary>
internal sealed class Clusters
{
    private readonly List<int> _root = [];
    private readonly List<int> _next = [];

    public void Begin(int count)
    {
        CollectionsMarshal.SetCount(_root, count);
        CollectionsMarshal.SetCount(_next, count);
        for (int i = 0; i < count; i++)
        {
            _root[i] = i;
            _next[i] = -1;
        }
    }

    /// <summary>The lowest position of the group that <paramref name="position"/> is in.</summary>
    public int Root(int position) => _root[position];

    /// <summary>The next member of the group, or -1 after the last.</summary>
    public int Next(int position) => _next[position];

    public bool IsAlone(int position) => _root[position] == position && _next[position] < 0;

    /// <summary>Merges two groups, given by their roots; groups are small, one member an annotation at most.</summary>
    public void Merge(int a, int b)
    {
        int root = Math.Min(a, b);
        int left = root;
        int right = Math.Max(a, b);
        int last = -1;
        while (left >= 0 || right >= 0)
        {
            bool takeLeft = right < 0 || (left >= 0 && left < right);
            int taken = takeLeft ? left : right;
            if (takeLeft)
            {
                left = _next[left];
            }
            else
            {
                right = _next[right];
            }

            if (last >= 0)
            {
                _next[last] = taken;
            }

            _root[taken] = root;
            last = taken;
        }

        _next[last] = -1;
    }
}
