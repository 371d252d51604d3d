using System.Buffers.Binary;
using HarvestTools.Strings;

namespace HarvestTools.Tables;

/// <summary>Rows in canonical form as bytes.</summary>
internal static class RowBytes
{
    /// <summary>Writes a row that leaves its shared texts out with all of them, behind its header.</summary>
    /// <param name="row">The row, without a header.</param>
    /// <param name="mediumAt">Where in it the texts of its medium are left out; -1 where it has no shared texts at all.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="to">Receives the row; long enough.</param>
    /// <returns>How many bytes it took.</returns>
    public static int WriteInFull(ReadOnlySpan<byte> row, int mediumAt, in RowTexts texts, Span<byte> to)
    {
        int header = RowHeader.Size(sharesTexts: false);
        int used = header;
        int medium = -1;
        if (mediumAt >= 0)
        {
            // Two marks are in the place of each two texts.
            const int Marks = 2 * sizeof(int);
            used += Write(texts.TaskSubdir, to[used..]);
            used += Write(texts.Episode, to[used..]);
            row[Marks..mediumAt].CopyTo(to[used..]);
            used += mediumAt - Marks;
            medium = used - header;
            used += Write(texts.Media, to[used..]);
            used += Write(texts.ToName, to[used..]);
            row = row[(mediumAt + Marks)..];
        }

        row.CopyTo(to[used..]);
        used += row.Length;
        RowHeader.Write(to, used - header, sharesTexts: false, medium);
        return used;
    }

    /// <summary>Where a nullable integer of 32 bits ends.</summary>
    public static int NullableInt32End(ReadOnlySpan<byte> row, int at) => at + 1 + (row[at] == 0 ? 0 : sizeof(int));

    /// <summary>Where a nullable integer of 64 bits ends.</summary>
    public static int NullableInt64End(ReadOnlySpan<byte> row, int at) => at + 1 + (row[at] == 0 ? 0 : sizeof(long));

    /// <summary>Where a text ends that is behind its length.</summary>
    public static int TextEnd(ReadOnlySpan<byte> row, int at) => at + sizeof(int) + Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(row[at..]));

    /// <summary>Writes a text behind its length, which is -1 for an absent one.</summary>
    /// <returns>How many bytes it took.</returns>
    public static int Write(Utf8Text text, Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, text.IsAbsent ? -1 : text.Length);
        text.Span.CopyTo(to[sizeof(int)..]);
        return sizeof(int) + text.Length;
    }
}
