using System.Buffers.Binary;

namespace HarvestTools.Parquet.Writing;

/// <summary>Reads back what <see cref="SnappyEncoder"/> wrote, of any bytes without a step beyond them.</summary>
internal static class SnappyDecoder
{
    /// <summary>How long the content is, which the packed bytes begin with; -1 where they do not say it.</summary>
    /// <param name="packed">The packed bytes.</param>
    /// <param name="head">How many bytes say so.</param>
    public static int LengthOf(ReadOnlySpan<byte> packed, out int head)
    {
        long length = 0;
        for (head = 0; head < packed.Length && head < 5;)
        {
            byte part = packed[head];
            length |= (long)(part & 0x7F) << (7 * head++);
            if (part < 0x80)
            {
                return length <= Array.MaxLength ? (int)length : -1;
            }
        }

        return -1;
    }

    /// <summary>Fills <paramref name="content"/>; false where the packed bytes do not give exactly as many.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> packed, Span<byte> content)
    {
        if (LengthOf(packed, out int at) != content.Length)
        {
            return false;
        }

        int written = 0;
        while (at < packed.Length)
        {
            int tag = packed[at++];
            int length = (tag >> 2) + 1;
            int offset = 0;
            switch (tag & 3)
            {
                case 0:
                    int more = Math.Max(0, length - 60);
                    if (more > 2 || at + more > packed.Length)
                    {
                        return false;
                    }

                    length = more switch { 0 => length, 1 => packed[at] + 1, _ => BinaryPrimitives.ReadUInt16LittleEndian(packed[at..]) + 1 };
                    at += more;
                    if (length > packed.Length - at || length > content.Length - written)
                    {
                        return false;
                    }

                    packed.Slice(at, length).CopyTo(content[written..]);
                    at += length;
                    written += length;
                    continue;
                case 1 when at < packed.Length:
                    length = 4 + ((tag >> 2) & 7);
                    offset = ((tag >> 5) << 8) | packed[at++];
                    break;
                case 2 when at + 2 <= packed.Length:
                    offset = BinaryPrimitives.ReadUInt16LittleEndian(packed[at..]);
                    at += 2;
                    break;
            }

            // Nothing, too: no other form is written.
            if (offset == 0 || offset > written || length > content.Length - written)
            {
                return false;
            }

            Copy(content, written - offset, written, length);
            written += length;
        }

        return written == content.Length;
    }

    private static void Copy(Span<byte> content, int from, int to, int length)
    {
        if (to - from >= length)
        {
            content.Slice(from, length).CopyTo(content[to..]);
            return;
        }

        // What is copied begins with bytes that the copy itself writes.
        for (int i = 0; i < length; i++)
        {
            content[to + i] = content[from + i];
        }
    }
}
