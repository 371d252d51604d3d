using System.Buffers.Binary;

namespace HarvestTools.Packs;

/// <summary>One segment of a pack.</summary>
/// <param name="Frame">Its bytes in the file.</param>
/// <param name="Anchor">The segment of the anchor that it is a patch against; -1 where it is none.</param>
/// <param name="FirstId">The id of its first task, in a whole pack cut by tasks; else 0.</param>
internal readonly record struct IndexedSegment(PackFrame Frame, int Anchor, long FirstId);

/// <summary>
/// The list of a pack's segments as bytes: for each, as varints, its raw and stored size, in a patch the segment of the anchor less that
/// of the segment before, in a whole pack the first id less that of the segment before, and four bytes of checksum.
/// </summary>
internal static class PackIndex
{
    public static byte[] Write(IReadOnlyList<IndexedSegment> segments, bool patch)
    {
        var bytes = new List<byte>(segments.Count * 16);
        long before = 0;
        Span<byte> crc32 = stackalloc byte[4];
        foreach (IndexedSegment segment in segments)
        {
            Varint.Write(bytes, (ulong)segment.Frame.Raw);
            Varint.Write(bytes, (ulong)segment.Frame.Stored);
            long value = patch ? segment.Anchor : segment.FirstId;
            Varint.WriteSigned(bytes, unchecked(value - before));
            before = value;
            BinaryPrimitives.WriteUInt32LittleEndian(crc32, segment.Frame.Crc32);
            bytes.AddRange(crc32);
        }

        return [.. bytes];
    }

    /// <summary>Reads the list; null where it is not one, or its segments are not all of the object.</summary>
    /// <param name="index">The list.</param>
    /// <param name="layout">What the file's end says.</param>
    /// <param name="start">Where the first segment begins.</param>
    public static List<IndexedSegment>? TryRead(ReadOnlySpan<byte> index, PackLayout layout, long start)
    {
        var segments = new List<IndexedSegment>();
        int at = 0;
        long offset = start;
        long before = 0;
        long total = 0;
        while (at < index.Length)
        {
            // Room for a segment is made before it is read: a size that nobody writes must not be asked of memory.
            if (!Varint.TryRead(index, ref at, out ulong raw) || !Varint.TryRead(index, ref at, out ulong stored)
                || !Varint.TryReadSigned(index, ref at, out long value) || index.Length - at < 4
                || raw is 0 or > PackReader.MostRawBytes || stored is 0 or > int.MaxValue)
            {
                return null;
            }

            before = unchecked(before + value);
            uint crc32 = BinaryPrimitives.ReadUInt32LittleEndian(index[at..]);
            at += 4;
            bool patch = layout.Anchor is not null;
            if (patch && before is < 0 or > int.MaxValue)
            {
                return null;
            }

            segments.Add(new IndexedSegment(new PackFrame(offset, (int)stored, (int)raw, crc32), patch ? (int)before : -1, patch ? 0 : before));
            offset += (long)stored;
            total += (long)raw;
        }

        return total == layout.Bytes && offset <= layout.Index.Offset ? segments : null;
    }
}
