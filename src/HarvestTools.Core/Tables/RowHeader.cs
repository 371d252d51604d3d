using System.Buffers.Binary;

namespace HarvestTools.Tables;

/// <summary>
/// What precedes each row while it is on its way from the log to the table: its length, so that rows are passed on without
/// being read, and whether it has its shared texts in full. Then it is followed by the place of the medium's, so that they
/// are compared with those of the row before without a look at the rest.
/// </summary>
/// <param name="Length">Bytes of the row, without the header.</param>
/// <param name="MediumAt">Where in the row the texts of its medium begin; -1 in a row without any, or which leaves them out.</param>
/// <param name="HeaderBytes">Bytes of the header.</param>
internal readonly record struct RowHeader(int Length, int MediumAt, int HeaderBytes)
{
    /// <summary>Whether it leaves out the texts of the row before.</summary>
    public bool SharesTexts => HeaderBytes == Size(sharesTexts: true);

    public static int Size(bool sharesTexts) => sharesTexts ? sizeof(int) : 2 * sizeof(int);

    public static void Write(Span<byte> header, int length, bool sharesTexts, int mediumAt)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, sharesTexts ? length : ~length);
        if (!sharesTexts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header[sizeof(int)..], mediumAt);
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
