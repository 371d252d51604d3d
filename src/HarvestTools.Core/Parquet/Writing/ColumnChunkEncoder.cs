using System.IO.Hashing;

namespace HarvestTools.Parquet.Writing;

/// <summary>
/// Turns one column of a row group into pages. Which encoding a chunk gets depends on its values alone, so chunks can
/// be encoded in any order and on any thread. Not thread-safe itself: one encoder a thread.
/// </summary>
internal sealed class ColumnChunkEncoder : IDisposable
{
    private readonly SnappyEncoder _snappy = new();
    private readonly ByteBuffer _compressed = new();
    private readonly List<int> _compressedEnds = [];
    private readonly PageValueEncoder _values = new();

    /// <summary>Appends the chunk's pages with their headers; <see cref="ChunkMetadata.Offset"/> is the caller's to set.</summary>
    public ChunkMetadata Encode(ParquetColumnWriter column, ByteBuffer output)
    {
        PageValueEncoder values = _values;
        values.Encode(column);
        if (values.Encoding == ParquetEncoding.DeltaLengthByteArray)
        {
            return EncodeTexts(column, compress: true, output) ?? EncodeTexts(column, compress: false, output)!;
        }

        PageSet pages = values.Pages;
        PageSet dictionary = values.Dictionary;

        bool compress = CompressAll(dictionary, pages, column.Layout);
        output.Expect((compress ? _compressed.Length : dictionary.Bytes.Length + pages.Bytes.Length) + (64 * (dictionary.Count + pages.Count)));
        int start = output.Length;
        long uncompressed = 0;
        int page = 0;
        for (int i = 0; i < dictionary.Count; i++)
        {
            uncompressed += WritePage(
                PageType.Dictionary, ParquetEncoding.Plain, dictionary[i], compress ? Compressed(page++) : dictionary[i], dictionary.Values(i), output);
        }

        int dictionaryBytes = output.Length - start;
        for (int i = 0; i < pages.Count; i++)
        {
            uncompressed += WritePage(
                PageType.Data, values.Encoding, pages[i], compress ? Compressed(page++) : pages[i], pages.Values(i), output);
        }

        return new ChunkMetadata
        {
            Encoding = values.Encoding,
            Codec = compress ? column.Layout.Codec : ParquetCodec.Uncompressed,
            Values = column.Slots,
            UncompressedBytes = uncompressed,
            StoredBytes = output.Length - start,
            DictionaryBytes = dictionaryBytes,
            DataPages = pages.Count,
            Statistics = StatisticsCollector.Collect(column, values.NumbersOf(column)),
        };
    }

    public void Dispose()
    {
        _compressed.Dispose();
        _values.Dispose();
    }

    /// <summary>Compresses every page; true where that is worth a reader's work.</summary>
    private bool CompressAll(PageSet dictionary, PageSet pages, ParquetLayout layout)
    {
        _compressed.Clear();
        _compressed.Expect(dictionary.Bytes.Length + pages.Bytes.Length);
        _compressedEnds.Clear();
        CompressAll(dictionary);
        CompressAll(pages);
        long plain = (long)dictionary.Bytes.Length + pages.Bytes.Length;
        return IsWorthwhile(_compressed.Length, plain, layout);
    }

    private static bool IsWorthwhile(long compressed, long plain, ParquetLayout layout) =>
        compressed < plain - (plain / layout.CompressionGainDivisor);

    private ReadOnlySpan<byte> Compressed(int page) =>
        _compressed.Span[(page == 0 ? 0 : _compressedEnds[page - 1]).._compressedEnds[page]];

    /// <summary>
    /// Appends texts without a dictionary. They may fill most of a row group, so each page is written before the next is made.
    /// </summary>
    /// <returns>Null, and nothing appended, where compression turns out not to be worth a reader's work.</returns>
    private ChunkMetadata? EncodeTexts(ParquetColumnWriter column, bool compress, ByteBuffer output)
    {
        int start = output.Length;
        long uncompressed = 0;
        long plainBytes = 0;
        long storedBytes = 0;
        int dataPages = 0;
        _values.BeginTexts();
        while (_values.NextTexts(column))
        {
            ReadOnlySpan<byte> plain = _values.Pages[0];
            ReadOnlySpan<byte> stored = plain;
            if (compress)
            {
                _compressed.Clear();
                _compressed.Advance(_snappy.Compress(plain, _compressed.GetSpan(SnappyEncoder.MaxCompressedLength(plain.Length))));
                stored = _compressed.Span;
            }

            if (dataPages == 0)
            {
                // The pages of a column are much alike.
                long pages = (column.Rows + column.Layout.PageRows - 1) / column.Layout.PageRows;
                output.Expect((stored.Length + 64) * pages * 9 / 8);
            }

            uncompressed += WritePage(PageType.Data, _values.Encoding, plain, stored, _values.Pages.Values(0), output);
            plainBytes += plain.Length;
            storedBytes += stored.Length;
            dataPages++;
        }

        if (compress && !IsWorthwhile(storedBytes, plainBytes, column.Layout))
        {
            output.Truncate(start);
            return null;
        }

        return new ChunkMetadata
        {
            Encoding = _values.Encoding,
            Codec = compress ? column.Layout.Codec : ParquetCodec.Uncompressed,
            Values = column.Slots,
            UncompressedBytes = uncompressed,
            StoredBytes = output.Length - start,
            DictionaryBytes = 0,
            DataPages = dataPages,
            Statistics = StatisticsCollector.Collect(column, []),
        };
    }

    private void CompressAll(PageSet pages)
    {
        for (int i = 0; i < pages.Count; i++)
        {
            ReadOnlySpan<byte> page = pages[i];
            _compressed.Advance(_snappy.Compress(page, _compressed.GetSpan(SnappyEncoder.MaxCompressedLength(page.Length))));
            _compressedEnds.Add(_compressed.Length);
        }
    }

    /// <summary>Writes header and body and gives their length as it would be uncompressed.</summary>
    private static long WritePage(
        PageType type, ParquetEncoding encoding, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> stored, int values, ByteBuffer output)
    {
        int start = output.Length;
        var thrift = new ThriftWriter(output);
        thrift.BeginStruct();
        thrift.Int32(1, (int)type);
        thrift.Int32(2, plain.Length);
        thrift.Int32(3, stored.Length);
        thrift.Int32(4, (int)Crc32.HashToUInt32(stored));
        thrift.BeginStruct(type == PageType.Data ? 5 : 7);
        thrift.Int32(1, values);
        thrift.Int32(2, (int)encoding);
        if (type == PageType.Data)
        {
            thrift.Int32(3, (int)ParquetEncoding.Rle);
            thrift.Int32(4, (int)ParquetEncoding.Rle);
        }

        thrift.EndStruct();
        thrift.EndStruct();
        int headerBytes = output.Length - start;
        output.Write(stored);
        return headerBytes + plain.Length;
    }
}
