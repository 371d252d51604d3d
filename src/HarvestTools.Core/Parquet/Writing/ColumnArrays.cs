using System.Buffers;
using System.Runtime.CompilerServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Where columns have their arrays from: small ones from the shared pool, and large ones from here, since what is given back to the shared
/// pool stays there for a while, tens of megabytes of it, when there are no columns any more. Thread-safe.
/// </summary>
internal sealed class ColumnArrays
{
    /// <summary>The largest array that is left to the shared pool.</summary>
    private const int SharedBytes = 128 * 1024;

    private readonly List<Array> _free = [];

    /// <summary>An array of at least so many values, which it may hold already.</summary>
    public T[] Rent<T>(int least)
        where T : unmanaged
    {
        if ((long)least * Unsafe.SizeOf<T>() <= SharedBytes)
        {
            return ArrayPool<T>.Shared.Rent(least);
        }

        lock (_free)
        {
            for (int i = _free.Count - 1; i >= 0; i--)
            {
                // One that is much too large is left to whoever needs it.
                if (_free[i] is T[] found && found.Length >= least && found.Length / 2 <= least)
                {
                    _free.RemoveAt(i);
                    return found;
                }
            }
        }

        return GC.AllocateUninitializedArray<T>(least);
    }

    /// <summary>Gives an array back that <see cref="Rent"/> gave.</summary>
    public void Return<T>(T[] array)
        where T : unmanaged
    {
        if (array.Length == 0)
        {
            return;
        }

        if ((long)array.Length * Unsafe.SizeOf<T>() <= SharedBytes)
        {
            ArrayPool<T>.Shared.Return(array);
            return;
        }

        lock (_free)
        {
            _free.Add(array);
        }
    }
}
