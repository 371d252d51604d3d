using System.Buffers.Binary;
using HarvestTools.Tables;
using HarvestTools.Tables.Log;

namespace HarvestTools.Cache;

/// <summary>Rows that follow each other, of one episode.</summary>
/// <param name="Episode">Of all rows.</param>
/// <param name="StartsEpisode">False where the episode began in an earlier piece.</param>
/// <param name="FirstRow">Index of the first row in the batch.</param>
/// <param name="Offset">Where the first row starts in the batch.</param>
internal readonly record struct EpisodePiece(RunEpisode Episode, bool StartsEpisode, int FirstRow, int Offset);

/// <summary>A bounded number of merged rows, closely packed, with the places where rows and episodes start.</summary>
internal sealed class RowBatch
{
    // Another thread may be woken for each batch, which takes as long as some hundred rows.
    private const int RowsMax = 4096;
    private const int BytesMany = 512 * 1024;

    // Most tables of a small export have no rows, and a part has a batch or two for each of them.
    private const int BytesAtFirst = 1024;

    private int[] _starts = new int[64];
    private readonly List<EpisodePiece> _pieces = [];
    private byte[] _bytes = new byte[BytesAtFirst];
    private int _length;
    private int _rows;

    public bool IsFull => _rows == RowsMax || _length >= BytesMany;

    public int Rows => _rows;

    /// <summary>Bytes of the rows with the texts that they leave out.</summary>
    public long BytesInFull { get; private set; }

    public byte[] Bytes => _bytes;

    /// <summary>Where each row starts; the reader may use it up.</summary>
    public Span<int> Starts => _starts.AsSpan(0, _rows);

    public IReadOnlyList<EpisodePiece> Pieces => _pieces;

    public int RowsOf(int piece) => (piece + 1 < _pieces.Count ? _pieces[piece + 1].FirstRow : _rows) - _pieces[piece].FirstRow;

    public ReadOnlySpan<byte> BytesOf(int piece) =>
        _bytes.AsSpan(_pieces[piece].Offset..(piece + 1 < _pieces.Count ? _pieces[piece + 1].Offset : _length));

    public void Clear()
    {
        _pieces.Clear();
        _length = 0;
        _rows = 0;
        BytesInFull = 0;
    }

    public void BeginPiece(RunEpisode episode, bool startsEpisode) =>
        _pieces.Add(new EpisodePiece(episode, startsEpisode, _rows, _length));

    /// <summary>
    /// Takes the first of some rows, each of which follows its header, and gives the others. Whatever runs the rows come from,
    /// of the texts that a row can share it then has exactly those that are others than in the row before.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="before">The shared texts of the row before; those of this one afterwards.</param>
    /// <param name="startsEpisode">It is the first of its episode, which leaves nothing out.</param>
    public ReadOnlySpan<byte> Add(ReadOnlySpan<byte> rows, SharedRowTexts before, bool startsEpisode)
    {
        RowHeader header = RowHeader.Read(rows);
        ReadOnlySpan<byte> row = rows.Slice(header.HeaderBytes, header.Length);

        int room = row.Length + (CommonColumns.SharedTexts * sizeof(int));
        if (_bytes.Length - _length < room)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + room));
        }

        AddStart();
        if (header.MediumAt < 0)
        {
            Append(row);
            BytesInFull += row.Length + before.Bytes;
        }
        else
        {
            AddFull(row, header.MediumAt, before, startsEpisode);
            BytesInFull += row.Length;
        }

        return AddSharing(rows[(header.HeaderBytes + header.Length)..], before.Bytes);
    }

    /// <summary>Takes rows up to one that has its shared texts, or as many as there is room for, and gives the others.</summary>
    private ReadOnlySpan<byte> AddSharing(ReadOnlySpan<byte> rows, int texts)
    {
        const int HeaderBytes = sizeof(int);
        while (rows.Length > 0 && !IsFull)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(rows);
            if (length < 0)
            {
                break;
            }

            if (_bytes.Length - _length < length)
            {
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
            }

            AddStart();
            rows.Slice(HeaderBytes, length).CopyTo(_bytes.AsSpan(_length));
            _length += length;
            BytesInFull += length + texts;
            rows = rows[(HeaderBytes + length)..];
        }

        return rows;
    }

    private void AddStart()
    {
        if (_rows == _starts.Length)
        {
            Array.Resize(ref _starts, _rows * 2);
        }

        _starts[_rows++] = _length;
    }

    private void AddFull(ReadOnlySpan<byte> row, int mediumAt, SharedRowTexts before, bool startsEpisode)
    {
        int episodeEnd = RowReader.TwoTexts(row);
        ReadOnlySpan<byte> medium = row.Slice(mediumAt, RowReader.TwoTexts(row[mediumAt..]));
        if (startsEpisode)
        {
            Append(row[..episodeEnd]);
        }
        else
        {
            AppendSame();
        }

        Append(row[episodeEnd..mediumAt]);
        if (!startsEpisode && before.Medium.Is(medium))
        {
            AppendSame();
        }
        else
        {
            Append(medium);
            before.Medium.Set(medium);
        }

        Append(row[(mediumAt + medium.Length)..]);
        before.Bytes = episodeEnd + medium.Length;
    }

    /// <summary>Appends what is in the place of two texts that are those of the row before.</summary>
    private void AppendSame()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length), RowWriter.SameText);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length + sizeof(int)), RowWriter.SameText);
        _length += RowWriter.SameBytes;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}

/// <summary>The texts that the row added last can share with the next one: a row without them comes after it.</summary>
internal sealed class SharedRowTexts
{
    public RememberedText Medium { get; } = new();

    /// <summary>Bytes of all of them.</summary>
    public int Bytes { get; set; }
}
