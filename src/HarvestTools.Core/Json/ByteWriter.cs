namespace HarvestTools.Json;

/// <summary>
/// A byte buffer that grows and is reused: after the first tasks of an export, appending allocates nothing.
/// Not thread-safe.
/// </summary>
internal sealed class ByteWriter(int capacity = 4096)
{
    /// <summary>A buffer grown beyond this by one huge value is not kept for the next.</summary>
    private const int KeptBytes = 8 * 1024 * 1024;

    private byte[] _bytes = new byte[capacity];

    /// <summary>How many bytes are written. May be set back to drop what was written last.</summary>
    public int Length { get; set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlySpan<byte> Slice(int start, int length) => _bytes.AsSpan(start, length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[capacity];
        }
    }

    /// <summary>Room for at least <paramref name="count"/> more bytes; what is used of it is told by <see cref="Advance"/>.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            // Doubling is for small buffers: a huge one would take twice what it needs.
            int more = _bytes.Length > KeptBytes ? _bytes.Length / 8 : _bytes.Length;
            Array.Resize(ref _bytes, checked(Length + Math.Max(count, more)));
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    public void Add(byte value)
    {
        if (Length == _bytes.Length)
        {
            Reserve(1);
        }

        _bytes[Length++] = value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    public void Add(long value)
    {
        if (!System.Buffers.Text.Utf8Formatter.TryFormat(value, Reserve(20), out int written))
        {
            throw new InvalidOperationException("20 bytes hold every 64-bit integer");
        }

        Length += written;
    }

    public byte[] ToArray() => Written.ToArray();
}
