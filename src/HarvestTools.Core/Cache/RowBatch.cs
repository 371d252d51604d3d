using System.Buffers.Binary;
using System.Runtime.InteropServices;
using HarvestTools.Tables;

namespace HarvestTools.Cache;

/// <summary>Rows that follow each other, of one episode.</summary>
/// <param name="Key">The first row's place; subdir and episode hold for all of them.</param>
/// <param name="StartsEpisode">False where the episode began in an earlier piece.</param>
/// <param name="FirstRow">Index of the first row in the batch.</param>
/// <param name="Offset">Where the first row starts in the batch.</param>
internal readonly record struct EpisodePiece(RunKey Key, bool StartsEpisode, int FirstRow, int Offset);

/// <summary>A bounded number of merged rows, closely packed, with the places where rows and episodes start.</summary>
internal sealed class RowBatch
{
    private const int RowsMax = 2048;
    private const int BytesAtFirst = 512 * 1024;

    private readonly int[] _starts = new int[RowsMax];
    private readonly List<EpisodePiece> _pieces = [];
    private readonly List<int> _ends = [];
    private byte[] _bytes = new byte[BytesAtFirst];
    private int _length;
    private int _rows;

    public bool IsFull => _rows == RowsMax || _length >= BytesAtFirst;

    public int Rows => _rows;

    public int Length => _length;

    public byte[] Bytes => _bytes;

    /// <summary>Where each row starts; the reader may use it up.</summary>
    public Span<int> Starts => _starts.AsSpan(0, _rows);

    public IReadOnlyList<EpisodePiece> Pieces => _pieces;

    /// <summary>For each piece the index of the row behind its last.</summary>
    public ReadOnlySpan<int> PieceEnds()
    {
        CollectionsMarshal.SetCount(_ends, _pieces.Count);
        Span<int> ends = CollectionsMarshal.AsSpan(_ends);
        for (int i = 0; i < ends.Length; i++)
        {
            ends[i] = i + 1 < ends.Length ? _pieces[i + 1].FirstRow : _rows;
        }

        return ends;
    }

    public int RowsOf(int piece) => (piece + 1 < _pieces.Count ? _pieces[piece + 1].FirstRow : _rows) - _pieces[piece].FirstRow;

    public ReadOnlySpan<byte> BytesOf(int piece) =>
        _bytes.AsSpan(_pieces[piece].Offset..(piece + 1 < _pieces.Count ? _pieces[piece + 1].Offset : _length));

    public void Clear()
    {
        _pieces.Clear();
        _length = 0;
        _rows = 0;
    }

    public void BeginPiece(in RunKey key, bool startsEpisode) =>
        _pieces.Add(new EpisodePiece(key, startsEpisode, _rows, _length));

    /// <summary>Takes the first of some rows, each of which stands after its length, and gives the others.</summary>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> rows)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(rows);
        if (_bytes.Length - _length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        rows.Slice(sizeof(int), length).CopyTo(_bytes.AsSpan(_length));
        _starts[_rows++] = _length;
        _length += length;
        return rows[(sizeof(int) + length)..];
    }
}
