using System.IO.Hashing;
using HarvestTools.Parquet.Writing;
using Net = global::Parquet;

namespace HarvestTools.Parquet.Reading;

/// <summary>
/// Walks the pages of a column chunk before Parquet.Net reads them, header by header, and holds each page against its checksum.
/// Parquet.Net goes from page to page until it has as many values as the footer claims; with a size below zero it goes back and
/// never ends, and with a size that is too large it takes memory for it.
/// </summary>
internal static class ChunkCheck
{
    // A header has at most ten whole numbers of five bytes; with its marks that is less.
    private const int HeaderBytesMax = 96;

    /// <summary>One page: how many bytes its header and itself have, and what is in it.</summary>
    private readonly record struct Page(int HeaderBytes, int Stored, int Plain, int Checksum, int Values, bool IsDictionary, ParquetEncoding Encoding);

    /// <summary>Checks a chunk.</summary>
    /// <param name="file">The file, whose position changes.</param>
    /// <param name="chunk">What the footer says of the chunk; <see cref="FooterCheck"/> and <see cref="TableFooter"/> were content with it.</param>
    /// <param name="footerStart">Where the footer begins: no chunk reaches into it.</param>
    /// <returns>Where it ends.</returns>
    /// <exception cref="InvalidDataException">It is not as the format describes.</exception>
    public static long Check(VerifiedFile file, Net.Meta.ColumnMetaData chunk, long footerStart)
    {
        long start = chunk.DictionaryPageOffset ?? chunk.DataPageOffset;
        long size = chunk.TotalCompressedSize;
        Expect(size is > 0 and <= ReaderLimits.ChunkBytesMax, "its size is impossible");
        Expect(start >= ParquetFooter.Magic.Length && start <= footerStart - size, "it is not within the file");
        Expect(chunk.Codec is Net.Meta.CompressionCodec.UNCOMPRESSED or Net.Meta.CompressionCodec.SNAPPY, "its compression is unknown");
        long end = start + size;
        long at = start;
        if (chunk.DictionaryPageOffset is not null)
        {
            Page dictionary = CheckPage(file, ref at, end, chunk.Codec);
            Expect(dictionary.IsDictionary && dictionary.Values <= ReaderLimits.DictionaryEntriesMax, "its dictionary is none");
            Expect(at == chunk.DataPageOffset, "its first page is elsewhere");
        }

        long values = 0;
        while (at < end)
        {
            Page page = CheckPage(file, ref at, end, chunk.Codec);
            Expect(!page.IsDictionary, "it has a dictionary where none should be");
            Expect(page.Encoding != ParquetEncoding.RleDictionary || chunk.DictionaryPageOffset is not null, "it has no dictionary");
            values += page.Values;
        }

        Expect(values == chunk.NumValues, "its pages have another number of values than it claims");
        return end;
    }

    /// <summary>Checks the page at a place and moves on to the place behind it.</summary>
    private static Page CheckPage(VerifiedFile file, ref long at, long end, Net.Meta.CompressionCodec codec)
    {
        Span<byte> bytes = stackalloc byte[(int)Math.Min(HeaderBytesMax, end - at)];
        file.Position = at;
        file.ReadExactly(bytes);
        Page page = HeaderOf(bytes);
        Expect(page.Values > 0, "a page has no values");
        Expect(page.Stored > 0 && page.Stored <= end - at - page.HeaderBytes, "a page is not within its column");
        Expect(page.Plain is > 0 and <= ReaderLimits.ChunkBytesMax, "a page's size is impossible");
        file.Position = at + page.HeaderBytes;
        int plain = page.Stored;
        var checksum = new Crc32();
        for (int left = page.Stored; left > 0;)
        {
            ReadOnlySpan<byte> piece = file.Next(left);
            Expect(!piece.IsEmpty, "a page is not within the file");
            if (codec == Net.Meta.CompressionCodec.SNAPPY && left == page.Stored)
            {
                plain = SnappyLength(piece);
            }

            checksum.Append(piece);
            left -= piece.Length;
        }

        Expect(plain == page.Plain, "a page has another size than its header claims");
        Expect((int)checksum.GetCurrentHashAsUInt32() == page.Checksum, "a page has another checksum than its header claims");
        at += page.HeaderBytes + page.Stored;
        return page;
    }

    /// <summary>Reads a page's header as <see cref="ColumnChunkEncoder"/> writes it.</summary>
    private static Page HeaderOf(ReadOnlySpan<byte> bytes)
    {
        var thrift = new ThriftReader(bytes);
        int outer = thrift.BeginStruct();
        bool isDictionary = thrift.Int32(1) switch
        {
            (int)PageType.Data => false,
            (int)PageType.Dictionary => true,
            _ => throw new InvalidDataException("a page has an unknown type"),
        };
        int plain = thrift.Int32(2);
        int stored = thrift.Int32(3);
        int checksum = thrift.Int32(4);
        int inner = thrift.BeginStruct(isDictionary ? 7 : 5);
        int values = thrift.Int32(1);
        var encoding = (ParquetEncoding)thrift.Int32(2);
        if (!isDictionary)
        {
            Expect(thrift.Int32(3) == (int)ParquetEncoding.Rle && thrift.Int32(4) == (int)ParquetEncoding.Rle, "levels have an unknown encoding");
        }

        thrift.EndStruct(inner);
        thrift.EndStruct(outer);
        Expect(isDictionary ? encoding == ParquetEncoding.Plain : Enum.IsDefined(encoding), "a page has an unknown encoding");
        return new Page(bytes.Length - thrift.Left, stored, plain, checksum, values, isDictionary, encoding);
    }

    /// <summary>How many bytes a Snappy block says that it becomes, in its first bytes.</summary>
    private static int SnappyLength(ReadOnlySpan<byte> block)
    {
        long length = 0;
        for (int i = 0; i < block.Length && i < 5; i++)
        {
            length |= (long)(block[i] & 0x7F) << (7 * i);
            if (block[i] < 0x80)
            {
                return length <= int.MaxValue ? (int)length : -1;
            }
        }

        return -1;
    }

    private static void Expect(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
