namespace HarvestTools.Parquet.Writing;

/// <summary>
/// The texts of a column one after the other, in pieces: texts without a dictionary fill many megabytes, and one array of
/// them would be copied, and the old one left behind, whenever it grows. Every text lies in one piece whole.
/// </summary>
/// <param name="arrays">Where pieces are from.</param>
internal sealed class TextPieces(ColumnArrays arrays) : IDisposable
{
    // That of a small export is one that many share.
    private const int FirstBytes = 64 * 1024;
    private const int PieceBytes = 256 * 1024;

    private readonly List<NativeBlock> _pieces = [];
    private readonly List<int> _lengths = [];

    /// <summary>Bytes of all texts.</summary>
    public long Length { get; private set; }

    public int Count => _lengths.Count;

    public ReadOnlySpan<byte> this[int piece] => _pieces[piece].Span[.._lengths[piece]];

    public void Add(ReadOnlySpan<byte> text)
    {
        int last = _lengths.Count - 1;
        if (last < 0 || _pieces[last].Length - _lengths[last] < text.Length)
        {
            Begin(++last, text.Length);
        }

        text.CopyTo(_pieces[last].Span[_lengths[last]..]);
        _lengths[last] += text.Length;
        Length += text.Length;
    }

    /// <summary>Forgets the texts; the memory stays for the next ones.</summary>
    public void Clear()
    {
        _lengths.Clear();
        Length = 0;
    }

    /// <summary>Copies the texts that follow a place, and moves it behind them.</summary>
    public void CopyTo(ByteBuffer output, ref TextPlace place, int bytes)
    {
        Span<byte> room = output.Take(bytes);
        while (room.Length > 0)
        {
            ReadOnlySpan<byte> rest = this[place.Piece][place.Offset..];
            if (rest.IsEmpty)
            {
                place = new TextPlace(place.Piece + 1, 0);
                continue;
            }

            rest = rest[..Math.Min(rest.Length, room.Length)];
            rest.CopyTo(room);
            room = room[rest.Length..];
            place = place with { Offset = place.Offset + rest.Length };
        }
    }

    public void Dispose()
    {
        Clear();
        foreach (NativeBlock piece in _pieces)
        {
            Return(piece);
        }

        _pieces.Clear();
    }

    private void Begin(int piece, int room)
    {
        if (piece == _pieces.Count)
        {
            _pieces.Add(Rent(piece, room));
        }
        else if (_pieces[piece].Length < room)
        {
            Return(_pieces[piece]);
            _pieces[piece] = Rent(piece, room);
        }

        _lengths.Add(0);
    }

    private NativeBlock Rent(int piece, int room)
    {
        int length = piece == 0 ? FirstBytes : PieceBytes;

        // A text of megabytes is rare, and its block would be kept for good.
        return room <= length ? arrays.Rent(length) : new NativeBlock(room);
    }

    private void Return(NativeBlock piece)
    {
        if (piece.Length <= PieceBytes)
        {
            arrays.Return(piece);
        }
        else
        {
            piece.Dispose();
        }
    }
}

/// <summary>A place in <see cref="TextPieces"/>.</summary>
internal readonly record struct TextPlace(int Piece, int Offset);
