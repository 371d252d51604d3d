using System.Text;

namespace HarvestTools.Strings;

/// <summary>
/// Holds the texts that a worker makes while it handles one task (unescaped strings, attributes).
/// Chunks are never moved or grown in place, so a <see cref="Utf8Text"/> stays valid until <see cref="Clear"/>.
/// Not thread-safe: one arena a worker.
/// </summary>
internal sealed class TextArena
{
    private const int ChunkBytes = 64 * 1024;

    // A small export has a few short texts, and there is an arena for each of its tables and a few more.
    private const int FirstBytes = 2 * 1024;

    private readonly List<byte[]> _chunks = [];
    private int _current;
    private int _used;

    public void Clear()
    {
        // A huge text gets a chunk of its own; do not keep it for the rest of the run.
        _chunks.RemoveAll(static chunk => chunk.Length > ChunkBytes);
        _current = 0;
        _used = 0;
    }

    /// <summary>Reserves room for <paramref name="length"/> bytes that the caller fills at once.</summary>
    public Utf8Text Reserve(int length, out Span<byte> destination)
    {
        if (length > ChunkBytes)
        {
            var own = new byte[length];
            _chunks.Add(own);
            destination = own;
            return new Utf8Text(own, 0, length);
        }

        while (_current == _chunks.Count || _chunks[_current].Length > ChunkBytes || _chunks[_current].Length - _used < length)
        {
            if (_current == _chunks.Count)
            {
                _chunks.Add(new byte[Math.Max(length, Math.Min(ChunkBytes, FirstBytes << Math.Min(_current, 5)))]);
            }
            else
            {
                _current++;
            }

            _used = 0;
        }

        byte[] chunk = _chunks[_current];
        destination = chunk.AsSpan(_used, length);
        var text = new Utf8Text(chunk, _used, length);
        _used += length;
        return text;
    }

    public Utf8Text Add(ReadOnlySpan<byte> text)
    {
        Utf8Text added = Reserve(text.Length, out Span<byte> destination);
        text.CopyTo(destination);
        return added;
    }

    public Utf8Text Add(ReadOnlySpan<char> text)
    {
        Utf8Text added = Reserve(Encoding.UTF8.GetByteCount(text), out Span<byte> destination);
        Encoding.UTF8.GetBytes(text, destination);
        return added;
    }
}
