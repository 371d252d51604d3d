using System.Runtime.ConstrainedExecution;
using System.Runtime.InteropServices;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Bytes outside of the collector's heap. Columns and what they are encoded to are arrays of megabytes, that live as long as a table is
/// written: in the heap each would bring a full collection nearer, and what is outgrown would stay until then. Not thread-safe.
/// </summary>
/// <remarks>
/// The finalizer frees what an exception left behind. Who has a span of the bytes refers to the block, or to what owns it, until done
/// with the span.
/// </remarks>
internal sealed unsafe class NativeBlock : CriticalFinalizerObject, IDisposable
{
    private byte* _start;

    /// <param name="bytes">How many; their content is anything.</param>
    public NativeBlock(int bytes) => Resize(bytes);

    ~NativeBlock() => Free();

    /// <summary>How many bytes there are; none once they are given back.</summary>
    public int Length { get; private set; }

    public Span<byte> Span => new(_start, Length);

    /// <summary>Makes it larger or smaller; the bytes that it had are kept as far as there is room for them.</summary>
    public void Resize(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        _start = (byte*)NativeMemory.Realloc(_start, (nuint)Math.Max(bytes, 1));
        Length = bytes;
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.Free(_start);
        _start = null;
        Length = 0;
    }
}
