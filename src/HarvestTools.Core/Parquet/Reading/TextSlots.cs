using System.Buffers;
using System.Runtime.InteropServices;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// The texts of one column of a row group, one after another in one array. Parquet.Net gives each an array of its own; held for
/// a whole row group, a hundred thousand small objects a column would be gone through at every collection.
/// </summary>
internal sealed class TextSlots : IDisposable
{
    // A short text is copied sooner than found. A long one is kept once: it may be that of every row.
    private const int CopiedBytesMax = 32;

    private readonly ColumnSlots<int> _starts = new();
    private readonly ColumnSlots<int> _lengths = new();
    private readonly Dictionary<byte[], int> _known = new(ReferenceEqualityComparer.Instance);
    private byte[] _bytes = [];
    private int _used;

    /// <summary>A row's text as UTF-8; empty for a null.</summary>
    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_starts[row], _lengths[row]);

    /// <summary>Takes the texts of a row group in place of those of the last one.</summary>
    /// <param name="texts">The texts that are there, one after another.</param>
    /// <param name="levels">1 for each row that has a text, 0 for a null; null where every row has one.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="shared">Whether rows with the same text come with the same array, as those of a chunk with a dictionary do.</param>
    public void Fill(ReadOnlySpan<ReadOnlyMemory<byte>> texts, ReadOnlySpan<int> levels, int rows, bool shared)
    {
        _used = 0;
        Span<int> starts = _starts.Room(rows).Span;
        Span<int> lengths = _lengths.Room(rows).Span;
        ReadOnlyMemory<byte> last = default;
        int start = 0;
        int next = 0;
        for (int row = 0; row < rows; row++)
        {
            if (!levels.IsEmpty && levels[row] == 0)
            {
                (starts[row], lengths[row]) = (0, 0);
                continue;
            }

            ReadOnlyMemory<byte> text = texts[next++];
            if (!text.Equals(last))
            {
                start = shared && text.Length > CopiedBytesMax ? KeepOnce(text) : Keep(text.Span);
                last = text;
            }

            (starts[row], lengths[row]) = (start, text.Length);
        }

        _known.Clear();
    }

    /// <summary>Makes this the column of a single row.</summary>
    public void SetOnly(ReadOnlySpan<byte> text)
    {
        _used = 0;
        _starts.SetOnly(Keep(text));
        _lengths.SetOnly(text.Length);
    }

    /// <summary>Gives the arrays back.</summary>
    public void Dispose()
    {
        _starts.Dispose();
        _lengths.Dispose();
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private int KeepOnce(ReadOnlyMemory<byte> text)
    {
        _ = MemoryMarshal.TryGetArray(text, out ArraySegment<byte> segment);
        if (!_known.TryGetValue(segment.Array!, out int start))
        {
            _known.Add(segment.Array!, start = Keep(text.Span));
        }

        return start;
    }

    private int Keep(ReadOnlySpan<byte> text)
    {
        int start = _used;
        if (text.Length > _bytes.Length - start)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(2L * _bytes.Length, checked(start + text.Length), Array.MaxLength));
            _bytes.AsSpan(0, start).CopyTo(larger);
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            _bytes = larger;
        }

        text.CopyTo(_bytes.AsSpan(start));
        _used = start + text.Length;
        return start;
    }
}
