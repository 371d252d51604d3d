namespace HarvestTools.Tables;

/// <summary>A copy of a text that outlives the buffer it was in, as <see cref="RowWriter"/> wrote it: with its length.</summary>
internal sealed class RememberedText
{
    private byte[] _bytes = new byte[256];

    /// <summary>Length and text; empty where nothing is remembered.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Bytes);

    public int Bytes { get; private set; }

    public void Forget() => Bytes = 0;

    public bool Is(ReadOnlySpan<byte> written) => Bytes > 0 && written.SequenceEqual(Written);

    public void Set(ReadOnlySpan<byte> written)
    {
        if (_bytes.Length < written.Length)
        {
            _bytes = new byte[Math.Max(written.Length, 2 * _bytes.Length)];
        }

        written.CopyTo(_bytes);
        Bytes = written.Length;
    }
}
