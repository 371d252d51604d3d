using System.Buffers.Binary;

namespace HarvestTools.Tables;

/// <summary>
/// What precedes each row while it is on its way from the log to the table: its length, so that rows are passed on without
/// being read, and whether it has its shared texts in full. Of the latter the place of the last one follows, so that the texts
/// are compared with those of the row before without a look at the others.
/// </summary>
/// <param name="Length">Bytes of the row, without the header.</param>
/// <param name="LastShared">Where in the row the last shared text begins; -1 in a row without any, or which leaves them out.</param>
/// <param name="HeaderBytes">Bytes of the header.</param>
internal readonly record struct RowHeader(int Length, int LastShared, int HeaderBytes)
{
    public static int Size(bool sharesTexts) => sharesTexts ? sizeof(int) : 2 * sizeof(int);

    public static void Write(Span<byte> header, int length, bool sharesTexts, int lastShared)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, sharesTexts ? length : ~length);
        if (!sharesTexts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[sizeof(int)..], lastShared);
        }
    }

    public static RowHeader Read(ReadOnlySpan<byte> rows)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(rows);
        return length >= 0
            ? new RowHeader(length, -1, sizeof(int))
            : new RowHeader(~length, BinaryPrimitives.ReadInt32LittleEndian(rows[sizeof(int)..]), 2 * sizeof(int));
    }
}
