using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>Values of a column in a block of <see cref="ColumnArrays"/>; none by default.</summary>
internal readonly struct ColumnArray<T>(NativeBlock block)
    where T : unmanaged
{
    private readonly NativeBlock? _block = block;

    /// <summary>What it is in, null where it has no values.</summary>
    public NativeBlock? Block => _block;

    /// <summary>How many values there is room for.</summary>
    public int Length => _block is null ? 0 : _block.Length / Unsafe.SizeOf<T>();

    public Span<T> Span => _block is null ? default : MemoryMarshal.Cast<byte, T>(_block.Span);

    public ref T this[int place] => ref Span[place];

    public Span<T> AsSpan(int start, int length) => Span.Slice(start, length);

    public Span<T> AsSpan(int start) => Span[start..];
}
