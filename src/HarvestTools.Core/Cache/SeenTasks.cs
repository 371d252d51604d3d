using System.Numerics;

namespace HarvestTools.Cache;

/// <summary>
/// The tasks that a derivation has met, so that one that the file has twice gives its rows once. Ids of a project are
/// close together, so 256 of them share a block of bits: half a million take less than a megabyte. Thread-safe.
/// </summary>
internal sealed class SeenTasks
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, ulong[]> _blocks = [];

    /// <summary>How many tasks both have; after everything was added.</summary>
    public long Shared(SeenTasks other)
    {
        long shared = 0;
        foreach ((long block, ulong[] bits) in _blocks)
        {
            if (other._blocks.TryGetValue(block, out ulong[]? others))
            {
                for (int i = 0; i < bits.Length; i++)
                {
                    shared += BitOperations.PopCount(bits[i] & others[i]);
                }
            }
        }

        return shared;
    }

    /// <summary>False where the task was met before.</summary>
    public bool Add(long id)
    {
        lock (_lock)
        {
            if (!_blocks.TryGetValue(id >> 8, out ulong[]? block))
            {
                _blocks.Add(id >> 8, block = new ulong[4]);
            }

            ref ulong bits = ref block[(id >> 6) & 3];
            ulong bit = 1UL << (int)(id & 63);
            bool isNew = (bits & bit) == 0;
            bits |= bit;
            return isNew;
        }
    }
}
