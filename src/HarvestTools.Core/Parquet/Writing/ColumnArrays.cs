using System.Runtime.CompilerServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Where columns have their values: in blocks that are given back when a table is written, for the next one, and go when there are no
/// columns any more. Thread-safe.
/// </summary>
internal sealed class ColumnArrays : IDisposable
{
    private readonly List<NativeBlock> _free = [];
    private bool _disposed;

    /// <summary>Room for at least so many values, which may hold anything.</summary>
    public ColumnArray<T> Rent<T>(int least)
        where T : unmanaged => new(Rent(checked(least * Unsafe.SizeOf<T>())));

    /// <summary>A block of at least so many bytes.</summary>
    public NativeBlock Rent(int bytes)
    {
        lock (_free)
        {
            for (int i = _free.Count - 1; i >= 0; i--)
            {
                // One that is much too large is left to whoever needs it.
                NativeBlock found = _free[i];
                if (found.Length >= bytes && found.Length / 2 <= bytes)
                {
                    _free.RemoveAt(i);
                    return found;
                }
            }
        }

        return new NativeBlock(bytes);
    }

    /// <summary>Gives back what <see cref="Rent{T}(int)"/> gave.</summary>
    public void Return<T>(ColumnArray<T> array)
        where T : unmanaged
    {
        if (array.Block is { } block)
        {
            Return(block);
        }
    }

    /// <summary>Gives back what <see cref="Rent(int)"/> gave.</summary>
    public void Return(NativeBlock block)
    {
        lock (_free)
        {
            if (!_disposed)
            {
                _free.Add(block);
                return;
            }
        }

        block.Dispose();
    }

    /// <summary>Frees what nobody has: no further table needs it.</summary>
    public void Trim()
    {
        lock (_free)
        {
            foreach (NativeBlock block in _free)
            {
                block.Dispose();
            }

            _free.Clear();
        }
    }

    public void Dispose()
    {
        lock (_free)
        {
            _disposed = true;
        }

        Trim();
    }
}
