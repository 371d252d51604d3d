using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace HarvestTools.Tables;

/// <summary>
/// Appends rows in the canonical row form: fixed little-endian widths, texts as length and bytes, a flag byte before every
/// nullable value. The texts that neighbours mostly have in common, which are the longest, are written in full only where they
/// change. So a row's bytes follow from its values and those of the row before it in its episode, and the same form serves
/// the row log and the row hash.
/// </summary>
internal sealed class RowWriter
{
    /// <summary>In the place of a text's length: the text is that of the row before.</summary>
    public const int SameText = -2;

    /// <summary>Bytes in the place of two texts that follow each other and are those of the row before.</summary>
    public const int SameBytes = 2 * sizeof(int);

    private byte[] _buffer = new byte[256];
    private bool _sharesTexts;
    private int _medium;
    private int _ownAt;

    public int Length { get; private set; }

    /// <summary>Whether two texts that follow each other are left out. They are both or neither.</summary>
    public static bool AreSame(ReadOnlySpan<byte> texts) => BinaryPrimitives.ReadInt64LittleEndian(texts) == (((long)SameText << 32) | unchecked((uint)SameText));

    /// <summary>Where the row that was begun last starts, behind its header.</summary>
    public int RowStart { get; private set; }

    /// <summary>Where in that row the texts of its medium begin; -1 where it has none.</summary>
    public int MediumAt => _medium < 0 ? -1 : _medium - RowStart;

    /// <summary>What rows are written to; another after it has grown.</summary>
    public byte[] Buffer => _buffer;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Begins a row with room for its header (<see cref="RowHeader"/>).</summary>
    /// <param name="sharesTexts">Its shared texts are those of the row that was written before it, and left out.</param>
    public void BeginRow(bool sharesTexts)
    {
        _sharesTexts = sharesTexts;
        Take(RowHeader.Size(sharesTexts));
        RowStart = Length;
        _medium = -1;
    }

    /// <summary>Notes that the columns follow which no other table has.</summary>
    public void EndKey() => _ownAt = Length;

    /// <summary>Begins a row that shares its texts with a copy of the one before up to the end of its key.</summary>
    /// <returns>The copy, in which the caller changes numbers in place; valid until more is written.</returns>
    public Span<byte> RepeatKey()
    {
        const int Header = sizeof(int);
        int start = RowStart;
        int length = _ownAt - start;
        Span<byte> copy = Take(Header + length)[Header..];
        _buffer.AsSpan(start, length).CopyTo(copy);
        _sharesTexts = true;
        RowStart = Length - length;
        _medium += RowStart - start;
        _ownAt = Length;
        return copy;
    }

    /// <summary>Ends the row and fills in its header.</summary>
    public void EndRow()
    {
        int length = Length - RowStart;
        Span<byte> header = _buffer.AsSpan(RowStart - RowHeader.Size(_sharesTexts));
        RowHeader.Write(header, length, _sharesTexts, MediumAt);
    }

    /// <summary>Whether the row that was begun leaves its shared texts out.</summary>
    public bool SharesTexts => _sharesTexts;

    /// <summary>Notes where the texts of the medium are, which follow each other and are shared both or neither.</summary>
    /// <param name="ahead">How far behind the end.</param>
    public void SetMedium(int ahead) => _medium = Length + ahead;

    /// <summary>Room for so many bytes, of which <see cref="Advance"/> takes as many as were filled.</summary>
    public RowFiller Reserve(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Grow(bytes);
        }

        return new RowFiller(_buffer.AsSpan(Length, bytes));
    }

    /// <summary>Takes what was filled since <see cref="Reserve"/>.</summary>
    public void Advance(in RowFiller filled) => Length += filled.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Take(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Grow(count);
        }

        Span<byte> room = _buffer.AsSpan(Length, count);
        Length += count;
        return room;
    }

    private void Grow(int count) => Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
}
