using System.Buffers.Binary;
using System.IO.Hashing;
using HarvestTools.Parquet.Writing;

namespace HarvestTools.Tables.Log;

/// <summary>
/// Packs the rows of a log, which repeat most of what the row before has: a third of the bytes are held in memory and written to
/// the spill file, which takes longer than packing them. Each piece is a block by itself, so that runs are read on their own: the
/// length of its content, a checksum of it, and the content in Snappy's form.
/// </summary>
internal sealed class RowPacker
{
    private const int HeadBytes = 2 * sizeof(int);

    private readonly SnappyEncoder _encoder = new();
    private byte[] _packed = [];

    /// <summary>A block of the rows, until the next call.</summary>
    public ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> rows)
    {
        int room = HeadBytes + SnappyEncoder.MaxCompressedLength(rows.Length);
        if (_packed.Length < room)
        {
            _packed = new byte[Math.Max(room, 2 * _packed.Length)];
        }

        int length = _encoder.Compress(rows, _packed.AsSpan(HeadBytes));
        BinaryPrimitives.WriteInt32LittleEndian(_packed, length);
        BinaryPrimitives.WriteUInt32LittleEndian(_packed.AsSpan(sizeof(int)), Checksum(_packed.AsSpan(HeadBytes, length)));
        return _packed.AsSpan(0, HeadBytes + length);
    }

    /// <summary>Unpacks blocks that follow each other.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="rows">Receives the rows of all; replaced where it is too small.</param>
    /// <param name="length">How many bytes of rows.</param>
    /// <returns>False where they are not as they were packed.</returns>
    public static bool TryUnpack(ReadOnlySpan<byte> blocks, ref byte[] rows, out int length)
    {
        for (length = 0; !blocks.IsEmpty;)
        {
            int packed = blocks.Length < HeadBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(blocks);
            if (packed < 0 || packed > blocks.Length - HeadBytes)
            {
                return false;
            }

            ReadOnlySpan<byte> block = blocks.Slice(HeadBytes, packed);
            int content = SnappyDecoder.LengthOf(block, out _);
            if (BinaryPrimitives.ReadUInt32LittleEndian(blocks[sizeof(int)..]) != Checksum(block) || content < 0 || content > Array.MaxLength - length)
            {
                return false;
            }

            if (rows.Length < length + content)
            {
                Array.Resize(ref rows, (int)Math.Min(Array.MaxLength, Math.Max(length + content, 2L * rows.Length)));
            }

            if (!SnappyDecoder.TryDecode(block, rows.AsSpan(length, content)))
            {
                return false;
            }

            length += content;
            blocks = blocks[(HeadBytes + packed)..];
        }

        return true;
    }

    private static uint Checksum(ReadOnlySpan<byte> block) => (uint)XxHash3.HashToUInt64(block);
}
