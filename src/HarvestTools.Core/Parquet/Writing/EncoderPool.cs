using System.Collections.Concurrent;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Encoders and buffers of several megabytes that tables written one after the other, and threads that encode for one table,
/// take from and give back to. Thread-safe.
/// </summary>
internal sealed class EncoderPool : IDisposable
{
    private readonly ConcurrentBag<ColumnChunkEncoder> _encoders = [];
    private readonly ConcurrentBag<ByteBuffer> _buffers = [];

    /// <summary>Those of columns.</summary>
    public ColumnArrays Arrays { get; } = new();

    public ColumnChunkEncoder RentEncoder() => _encoders.TryTake(out ColumnChunkEncoder? encoder) ? encoder : new ColumnChunkEncoder();

    /// <summary>An empty buffer.</summary>
    public ByteBuffer RentBuffer() => _buffers.TryTake(out ByteBuffer? buffer) ? buffer : new ByteBuffer();

    public void Return(ColumnChunkEncoder encoder) => _encoders.Add(encoder);

    public void Return(ByteBuffer buffer)
    {
        buffer.Clear();
        _buffers.Add(buffer);
    }

    public void Dispose()
    {
        while (_encoders.TryTake(out ColumnChunkEncoder? encoder))
        {
            encoder.Dispose();
        }

        while (_buffers.TryTake(out ByteBuffer? buffer))
        {
            buffer.Dispose();
        }

        Arrays.Dispose();
    }
}
